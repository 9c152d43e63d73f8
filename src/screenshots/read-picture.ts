import { MAX_PICTURE_BYTES, pictureKind, type Reading } from "../picture.ts";
import type { Engine } from "./engine.ts";
import type { GreyImage } from "./grey-image.ts";
import { readJpeg } from "./jpeg.ts";
import { lookAt, type Pause } from "./looks.ts";
import { isPhotograph } from "./noise.ts";
import { readPng } from "./png.ts";
import { sureLines } from "./sure-lines.ts";
import { Unreadable } from "./unreadable.ts";

/** What reading needs of its runtime. */
export interface ReadingParts {
  /** Opens the engine, or gives the one that is open. Called only for what is worth a look. */
  readonly engine: () => Promise<Engine>;
  /** Lets others have their turn. */
  readonly pause: Pause;
}

/** After so long no further strip or candidate is looked at. */
const MAX_READING_MS = 25_000;

/**
 * Reads the text of a screenshot. Of a photograph nothing is read.
 *
 * @returns Lines in which every error code is certain, or why there are none. Never rejects for what
 *   is in the file; what the engine throws passes through.
 */
export async function readPicture(bytes: Uint8Array, parts: ReadingParts): Promise<Reading> {
  try {
    const image = await decode(bytes);
    if (isPhotograph(image)) throw new Unreadable("photograph");
    const sight = await lookAt(image, await parts.engine(), limited(parts.pause));
    return { kind: "read", lines: sureLines(sight) };
  } catch (error) {
    if (error instanceof Unreadable) return { kind: "unread", reason: error.reason };
    throw error;
  }
}

/** Decodes a PNG or JPEG. @throws {Unreadable} */
async function decode(bytes: Uint8Array): Promise<GreyImage> {
  if (bytes.length > MAX_PICTURE_BYTES) throw new Unreadable("too_many_bytes");
  switch (pictureKind(bytes)) {
    case "png":
      return readPng(bytes);
    case "jpeg":
      return readJpeg(bytes);
    case null:
      throw new Unreadable("unknown_format");
  }
}

/** The clock of a Worker stands still while it computes, and is right again after a pause. */
function limited(pause: Pause): Pause {
  const startedAt = Date.now();
  return async () => {
    await pause();
    if (Date.now() - startedAt > MAX_READING_MS) throw new Unreadable("too_much_to_read");
  };
}
