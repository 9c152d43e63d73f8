import * as z from "zod/mini";
import { type FailureCode, toFailure } from "../../failure.ts";
import type { AttachedText, Format } from "../../ticket.ts";
import { type Answer, type Http, readJson } from "./http.ts";
import type { Access } from "./rest.ts";
import { isSafe } from "./settings.ts";

/** A file that hangs on a ticket, as the ticket system lists it. */
export interface Attachment {
  readonly name: string;
  /** Bytes; null when the ticket system does not say. */
  readonly size: number | null;
  /** Where it can be read, and what has to be sent along; null when it cannot be read. */
  readonly source: {
    readonly url: URL;
    readonly headers?: Readonly<Record<string, string>>;
    /** Takes the file out of an answer which wraps it. */
    readonly unwrap?: (answer: Answer) => Uint8Array;
  } | null;
}

/** Text files as Windows and its tools write them. */
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

/** How many files are read, and how large each may be. */
export const MAX_FILES = 5;
export const MAX_FILE_BYTES = 1024 * 1024;
/** Of all others only the name is read: a picture is often called what it shows. */
const MAX_NAMES = 50;

/**
 * Reads the text files of a ticket, oldest first.
 *
 * @throws {Failure} When the ticket system is down or busy. A file that it keeps back is left out.
 */
export async function readAttachments(
  http: Http,
  files: readonly Attachment[],
): Promise<AttachedText[]> {
  const named = files.slice(0, MAX_NAMES);
  const readable = named.filter(isReadable).slice(0, MAX_FILES);
  const texts: AttachedText[] = [];
  for (const file of named) {
    const text = readable.includes(file) ? await readText(http, file) : "";
    texts.push({ name: file.name, text, format: formatOf(file.name) ?? "text" });
  }
  return texts;
}

function isReadable({ name, size, source }: Attachment) {
  return source !== null && formatOf(name) !== undefined && (size ?? 0) <= MAX_FILE_BYTES;
}

function formatOf(name: string): Format | undefined {
  return FORMATS[/\.([a-z]+)$/i.exec(name.trim())?.[1]?.toLowerCase() ?? ""];
}

async function readText(http: Http, { source }: Attachment): Promise<string> {
  if (source === null) return "";
  try {
    const { url, headers = {}, unwrap = ({ bytes }) => bytes } = source;
    const bytes = unwrap(await http(url, { headers, redirect: "follow" }));
    return bytes.length > MAX_FILE_BYTES ? "" : decodeText(bytes);
  } catch (error) {
    if (LATER.includes(toFailure(error).code)) throw error;
    return "";
  }
}

/** What is worth waiting for. */
const LATER: readonly FailureCode[] = [
  "calls_spent",
  "ticket_system_busy",
  "ticket_system_unavailable",
];

/** Where a file can be read. What opens the ticket system goes to its own host only. */
export function sourceAt(
  address: string | null | undefined,
  { root, headers }: Access,
): Attachment["source"] {
  if (!address || !isSafe(address)) return null;
  const url = new URL(address);
  return url.origin === root.origin ? { url, headers } : { url };
}

/** Takes a file out of JSON, where it stands in Base64. */
export function base64In(field: string): (answer: Answer) => Uint8Array {
  const schema = z.object({ [field]: z.string() });
  return (answer) => Uint8Array.fromBase64(readJson(answer, schema)[field] ?? "");
}

/** Windows writes UTF-16 as well as UTF-8, with a mark at the beginning or without one. */
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
