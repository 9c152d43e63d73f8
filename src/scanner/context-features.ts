import { allWords, anyOf } from "./languages/index.ts";
import { after, before, holds } from "./pattern.ts";
import { openWords } from "./phrase-matcher.ts";

/** How far around a number the words are looked at that speak of a failure. */
const NEAR = 400;

/** Names of products of whose failures these codes tell. */
const PRODUCTS =
  "windows,microsoft,outlook,office,teams,intune,entra,azure,autopilot,onedrive,sharepoint,hresult,ntstatus";
/** What names of errors begin with. */
const NAMES = "e_,status_,error_,nte_,kb";

const FAILURES = openWords(
  [
    ...allWords((each) => each.failures),
    ...[...PRODUCTS.split(","), ...NAMES.split(",")].map((letters) => ({ letters, isFree: false })),
  ].map(({ letters, isFree }) => [letters, isFree] as const),
  (isFree, text, start) => isFree || !/[a-z]/.test(text.charAt(start - 1)),
);

/** What a text says around a place; each part of it is read once. */
export interface Evidence {
  /** Whether the text near a place, or where it begins, speaks of a failure or of Windows. */
  speaksOfFailure(at: number): boolean;
}

export function openEvidence(text: string): Evidence {
  const parts = new Map<number, boolean>();
  const speaks = (part: number) => {
    const known =
      parts.get(part) ?? hasFailure(text.slice(part * NEAR, (part + 1) * NEAR + OVERLAP));
    parts.set(part, known);
    return known;
  };
  return {
    speaksOfFailure(at) {
      const part = Math.floor(at / NEAR);
      return [part, part - 1, part + 1, 0].some((each) => each >= 0 && speaks(each));
    },
  };
}

/** A word may reach from one part into the next. */
const OVERLAP = 24;

function hasFailure(part: string) {
  return FAILURES.firstIn(part.toLowerCase()) !== null;
}

/** A text so short may say nothing but the code. */
const BRIEF = 120;
/**
 * A number of memory or hardware: codes have eight digits, the first of them 8 or more, successes
 * begin with zeros, and what Windows Setup adds has five digits.
 */
const OTHER_HEX =
  /0x(?!(?:[89a-f](?:[_ ]?[0-9a-f]){7}|0000[0-9a-f]{4}|[1-5]00[0-9a-f]{2})(?![0-9a-f]))[0-9a-f]/i;

/** Whether a text is a short message, and no line of a program. */
export function isBrief(text: string): boolean {
  return text.length <= BRIEF && !OTHER_HEX.test(text);
}

const LINE_START = before(/(?:^|\n)[\s*_`>#"'([-]{0,8}|<\w{1,20}>/);
const LINE_END = after(/[\s*_`"')\].,:;]{0,8}(?:$|\n)|<\/\w{1,20}>/);
const FIELD_START = before(/[,;][\s"']{0,2}/);
const FIELD_END = after(/[\s"']{0,2}[,;]/);

/** Whether a number is all that stands in its line, in its element, or in its field of a table. */
export function standsAlone(text: string, start: number, end: number): boolean {
  if (holds(LINE_START, text, start) && holds(LINE_END, text, end)) return true;
  return (
    holds(FIELD_START, text, start) && holds(FIELD_END, text, end) && isAmongWords(text, start)
  );
}

/** A field of a table between fields of words, and no number in a list of numbers. */
function isAmongWords(text: string, at: number) {
  const from = text.lastIndexOf("\n", at - 1) + 1;
  const line = text.slice(Math.max(from, at - 200), at + 200).split("\n")[0] ?? "";
  return line.split(/0x/i).length <= 2 && /\p{L}{4}/u.test(line);
}

const WINDOWS = new RegExp(
  [/[A-Z]:\\|\.exe\b|\.dll\b|Windows/.source, anyOf(allWords((each) => each.windowsSayings))].join(
    "|",
  ),
  "i",
);

/** Whether the text near this place shows that it was written on Windows. */
export function isOnWindows(text: string, at: number): boolean {
  return WINDOWS.test(text.slice(Math.max(0, at - 200), at + 200));
}

const HTTP = /HTTP|\b4(?:0[0-9]|1[0-9]|2[29])\b|\b50[0-4]\b.{0,60}\b50[0-4]\b/i;

/** Whether the text near this place speaks of HTTP, whose numbers look like those of Win32. */
export function speaksOfHttp(text: string, at: number): boolean {
  return HTTP.test(text.slice(Math.max(0, at - 60), at + 60));
}
