import * as z from "zod/mini";
import { type FailureCode, toFailure } from "../../failure.ts";
import type { AttachedText, Format } from "../../ticket.ts";
import { type Answer, readJson } from "./http.ts";

/** A file attached to a ticket, as the ticket system lists it. */
export interface Attachment {
  readonly name: string;
  /** Its media type, such as `image/png`; left out when its name tells it. */
  readonly type?: string | null | undefined;
  /** Bytes; left out when the ticket system does not say. */
  readonly size?: number | null | undefined;
  /** Null when it cannot be read. */
  readonly read: (() => Promise<Uint8Array>) | null;
}

/** The text files that are read, by file extension. */
const FORMATS: Readonly<Record<string, Format>> = {
  txt: "text",
  log: "text",
  csv: "text",
  json: "text",
  reg: "text",
  xml: "html",
  html: "html",
  htm: "html",
};

/** The most files that are read; `MAX_FILE_BYTES` is the size limit of each. */
export const MAX_FILES = 5;
export const MAX_FILE_BYTES = 1024 * 1024;
/** The most file names that are scanned: screenshots are often named after the error. */
const MAX_NAMES = 50;

/**
 * Reads the text files of a ticket, oldest first.
 *
 * @throws {Failure} When the ticket system is down or busy. A file that it refuses is left out.
 */
export async function readAttachments(files: readonly Attachment[]): Promise<AttachedText[]> {
  const named = files.slice(0, MAX_NAMES);
  const readable = named.filter(isReadable).slice(0, MAX_FILES);
  const texts: AttachedText[] = [];
  for (const file of named) {
    const text = readable.includes(file) ? await readText(file) : "";
    texts.push({ name: file.name, text, format: formatOf(file.name) ?? "text" });
  }
  return texts;
}

function isReadable({ name, size, read }: Attachment) {
  return read !== null && formatOf(name) !== undefined && (size ?? 0) <= MAX_FILE_BYTES;
}

function formatOf(name: string): Format | undefined {
  return FORMATS[/\.([a-z]+)$/i.exec(name.trim())?.[1]?.toLowerCase() ?? ""];
}

async function readText({ read }: Attachment): Promise<string> {
  if (read === null) return "";
  try {
    const bytes = await read();
    return bytes.length > MAX_FILE_BYTES ? "" : decodeText(bytes);
  } catch (error) {
    if (TEMPORARY.includes(toFailure(error).code)) throw error;
    return "";
  }
}

/** Temporary failures: a later attempt reads the whole ticket again. */
const TEMPORARY: readonly FailureCode[] = [
  "calls_spent",
  "ticket_system_busy",
  "ticket_system_unavailable",
];

/** Returns a function that extracts a Base64 file from a field of a JSON answer. */
export function base64In(field: string): (answer: Answer) => Uint8Array {
  const schema = z.object({ [field]: z.string() });
  return (answer) => Uint8Array.fromBase64(readJson(answer, schema)[field] ?? "");
}

/** Decodes UTF-8 and UTF-16, with or without a byte order mark: Windows writes them all. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf(bytes: Uint8Array) {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first !== 0 && second === 0) return "utf-16le";
  if (first === 0 && second !== undefined && second !== 0) return "utf-16be";
  return "utf-8";
}
