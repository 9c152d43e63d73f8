import type { Catalog } from "../catalog/store.ts";
import type { CommentSettings } from "../env.ts";
import { MAX_PICTURE_BYTES, type PictureReader, type Reading } from "../picture.ts";
import { dryRun } from "./dry-run.ts";

/** A picture to try. */
export interface PictureFile {
  /** As the comment would show it. */
  readonly name: string;
  /** PNG or JPEG. */
  readonly bytes: Uint8Array;
  /** The requester's language, where it is known. */
  readonly locale?: string | null | undefined;
}

/**
 * Shows what the Worker would read in a picture, and post; stores and posts nothing.
 *
 * @returns The dry run, and the text that was read or why there is none.
 * @throws {Failure} `catalog_unavailable`.
 */
export async function scanPicture(
  { name, bytes, locale = null }: PictureFile,
  reader: PictureReader,
  catalog: Catalog,
  settings: CommentSettings,
) {
  const reading = await read(bytes, reader);
  const body = reading.kind === "read" ? reading.lines.join("\n") : "";
  const request = { subject: null, body, format: "text", locale, picture: name } as const;
  const found = await dryRun(request, catalog, settings);
  const unread = reading.kind === "unread" ? reading.reason : null;
  return { ...found, picture: { name, text: body, unread } };
}

async function read(bytes: Uint8Array, reader: PictureReader): Promise<Reading> {
  if (bytes.length > MAX_PICTURE_BYTES) return { kind: "unread", reason: "too_many_bytes" };
  try {
    return await reader.read(bytes);
  } catch {
    return { kind: "unread", reason: "no_answer" };
  }
}
