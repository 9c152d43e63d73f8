import { log } from "../../log.ts";
import { MAX_PICTURE_BYTES, type PictureReader, pictureKind, type Reading } from "../../picture.ts";
import type { AttachedText } from "../../ticket.ts";
import { withTimeLimit } from "../../time-limit.ts";
import type { Attachment } from "./attachments.ts";

/** How many pictures of a ticket are read. */
const MAX_PICTURES = 2;
/** How long one may take, from the first byte of its download to its last line. */
const PICTURE_MS = 30_000;

/**
 * Reads the largest pictures of a ticket, one after the other. Never rejects: a picture that cannot
 * be fetched or read is left out, as if the ticket did not have it. Nothing of it is kept or logged
 * but why it is unread.
 */
export async function readPictures(
  files: readonly Attachment[],
  reader: PictureReader,
): Promise<AttachedText[]> {
  const texts: AttachedText[] = [];
  for (const file of largest(files.filter(mayBePicture))) {
    const reading = await readPicture(file, reader);
    if (reading.kind === "unread") {
      log({ event: "picture_unread", outcome: reading.reason });
      continue;
    }
    const text = reading.lines.join("\n");
    texts.push({ name: file.name, text, format: "text", source: "screenshot" });
  }
  return texts;
}

/** What its name or type says. What it is, its first bytes say once it is read. */
function mayBePicture({ name, type, size, read }: Attachment): boolean {
  if (read === null || (size ?? 0) > MAX_PICTURE_BYTES) return false;
  return /^image\/(?:png|jpeg)\b/i.test(type ?? "") || /\.(?:png|jpe?g)$/i.test(name.trim());
}

/** Those of a known size first: the small ones are logos and icons of signatures. */
function largest(files: readonly Attachment[]): Attachment[] {
  return [...files].sort((a, b) => (b.size ?? 0) - (a.size ?? 0)).slice(0, MAX_PICTURES);
}

async function readPicture(file: Attachment, reader: PictureReader): Promise<Reading> {
  let wasFetched = false;
  try {
    return await withTimeLimit(PICTURE_MS, async (signal) => {
      const ended = rejectWith(signal);
      const bytes = await Promise.race([file.read?.() ?? NOTHING, ended]);
      wasFetched = true;
      if (pictureKind(bytes) === null) return { kind: "unread", reason: "unknown_format" };
      if (bytes.length > MAX_PICTURE_BYTES) return { kind: "unread", reason: "too_many_bytes" };
      return await Promise.race([reader.read(bytes), ended]);
    });
  } catch {
    return { kind: "unread", reason: wasFetched ? "no_answer" : "not_fetched" };
  }
}

const NOTHING = new Uint8Array();

/** Rejects when a signal is aborted: a call of another Worker takes no signal. */
function rejectWith(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}
