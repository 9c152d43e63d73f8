import type { Change } from "./source-map.ts";

/** The header line of a mail part in base64 or quoted-printable. */
export const ENCODED_PART = /^content-transfer-encoding:[ \t]*(base64|quoted-printable)\b/gim;

/** The remaining lines of the header, and the blank line that ends it. */
const REST_OF_HEADER = /(?:[^\r\n]{0,998}\r?\n(?=[^\r\n])){0,20}[^\r\n]{0,998}\r?\n\r?\n/y;
const BASE64_LINES = /(?:[A-Za-z0-9+/]{4,}\r?\n)*[A-Za-z0-9+/]{4,}={0,2}/y;
const CHARSET = /charset="?([\w-]+)/i;
/** How far before the encoding line the charset is searched, in UTF-16 units. */
const HEADER_REACH = 400;

/** Returns a function that decodes the mail part at a match of `ENCODED_PART`. */
export function createPartChange(text: string): (match: RegExpExecArray) => Change {
  return ({ 0: line, 1: encoding = "", index }) => {
    REST_OF_HEADER.lastIndex = index + line.length;
    const rest = REST_OF_HEADER.exec(text)?.[0];
    if (rest === undefined) return line;
    const start = index + line.length + rest.length;
    const header = text.slice(Math.max(0, index - HEADER_REACH), start);
    const charset = CHARSET.exec(header)?.[1] ?? "utf-8";
    const until =
      encoding.toLowerCase() === "base64" ? endOfBase64(text, start) : endOfPart(text, start);
    const body = text.slice(start, until);
    const bytes = encoding.toLowerCase() === "base64" ? fromBase64(body) : fromQuoted(body);
    return { from: start, text: `${decode(bytes, charset)}\n`, until };
  };
}

/**
 * An encoded word of a mail header, as RFC 2047 defines it: `=?utf-8?B?44Ko44Op44O8?=`. White space
 * between two of them does not count.
 */
export const ENCODED_WORD =
  /=\?([\w-]{1,40})\?(?:b\?([A-Za-z0-9+/]{0,1000}={0,2})|q\?([^?\s]{0,1000}))\?=(?:\s{1,9}(?==\?[\w-]{1,40}\?[bq]\?))?/gi;

/** Decodes the word at a match of `ENCODED_WORD`. */
export function changeWord([, charset = "", base64, quoted = ""]: RegExpExecArray): Change {
  const bytes = base64 === undefined ? fromQuoted(quoted.replaceAll("_", " ")) : fromBase64(base64);
  return decode(bytes, charset);
}

function endOfBase64(text: string, start: number) {
  BASE64_LINES.lastIndex = start;
  return start + (BASE64_LINES.exec(text)?.[0].length ?? 0);
}

/** A part ends before the boundary line of the next part. */
function endOfPart(text: string, start: number) {
  const end = text.indexOf("\n--", start);
  return end < 0 ? text.length : end;
}

function fromBase64(body: string) {
  const letters = body.replaceAll(/[\r\n=]/g, "");
  const binary = atob(letters.slice(0, letters.length - (letters.length % 4 === 1 ? 1 : 0)));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

/** Characters beyond ASCII are kept: some programs decode a mail only in part. */
function fromQuoted(body: string) {
  const soft = body.replaceAll(/=\r?\n/g, "");
  const parts = soft.split(/((?:=[0-9A-F]{2})+)/);
  const encoder = new TextEncoder();
  const bytes = parts.flatMap((part, index) =>
    index % 2 === 0
      ? [...encoder.encode(part)]
      : part
          .slice(1)
          .split("=")
          .map((each) => Number.parseInt(each, 16)),
  );
  return new Uint8Array(bytes);
}

function decode(bytes: Uint8Array, charset: string) {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
