import { FAILURES } from "./keywords.ts";
import { type Keyword, keywordsOf } from "./languages/index.ts";
import { after, before, holds } from "./pattern.ts";
import { createPhraseMatcher } from "./phrase-matcher.ts";
import { createWordIndex, type WordIndex } from "./word-index.ts";

const wholeWords = (keywords: readonly Keyword[]) =>
  createPhraseMatcher(
    keywords.map(({ letters, isFree }) => [letters, isFree] as const),
    (isFree, text, start) => isFree || !/[a-z]/.test(text.charAt(start - 1)),
  );

const STOPS = wholeWords(keywordsOf("stopWords"));
const INSTALLERS = wholeWords(keywordsOf("installerWords"));
const GOODS = wholeWords(keywordsOf("everydayNumbers"));

/** How far from a number the words are looked for that speak of a failure, in UTF-16 units. */
export const NEAR = 400;

/** A text so short may say nothing but the code. */
const BRIEF = 120;
/**
 * A number of memory or hardware: codes have eight digits, the first of them 8 or more, Win32 errors
 * begin with zeros, and what Windows Setup adds has five or six digits.
 */
const OTHER_HEX =
  /0x(?!0x)(?!(?:[89a-f](?:[_ ]?[0-9a-f]){7}|0000[0-9a-f]{4}|[1-9a-f]0{1,2}[0-9a-f]{3,4})(?![0-9a-f]))[0-9a-f]/i;

/** What the whole text tells. Each part of it is read when a rule asks for it, and once. */
export class Surroundings {
  readonly #text: string;
  #failures: WordIndex | undefined;
  #stops: WordIndex | undefined;
  #installers: WordIndex | undefined;
  #goods: WordIndex | undefined;
  #failsAtStart: boolean | undefined;
  #isBrief: boolean | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Words that speak of a failure or of Windows. */
  get failures(): WordIndex {
    this.#failures ??= createWordIndex(this.#text, FAILURES);
    return this.#failures;
  }

  get stops(): WordIndex {
    this.#stops ??= createWordIndex(this.#text, STOPS);
    return this.#stops;
  }

  get installers(): WordIndex {
    this.#installers ??= createWordIndex(this.#text, INSTALLERS);
    return this.#installers;
  }

  get goods(): WordIndex {
    this.#goods ??= createWordIndex(this.#text, GOODS);
    return this.#goods;
  }

  /** The text speaks of a failure where it begins. */
  get failsAtStart(): boolean {
    this.#failsAtStart ??= createWordIndex(this.#text, FAILURES).has(0, NEAR);
    return this.#failsAtStart;
  }

  /** The text is a short message, and no line of a program. */
  get isBrief(): boolean {
    this.#isBrief ??= this.#text.length <= BRIEF && !OTHER_HEX.test(this.#text);
    return this.#isBrief;
  }
}

/** How long a line of a table may be, in UTF-16 units. */
const MAX_LINE = 400;
/** How far above a number the head of its table may begin, in UTF-16 units. */
const MAX_TABLE = 4_000;

/** The first line of the rows in which a place is; null when it is too far. A blank line ends rows. */
function headOf(text: string, at: number): string | null {
  const from = Math.max(0, at - MAX_TABLE);
  const rows = text.slice(from, at);
  const blank = rows.lastIndexOf("\n\n");
  if (blank < 0 && from > 0) return null;
  const start = blank < 0 ? 0 : blank + 2;
  const end = rows.indexOf("\n", start);
  return end < 0 || end - start > MAX_LINE ? null : rows.slice(start, end);
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
  const before = text.slice(Math.max(0, at - 200), at);
  const [rest = ""] = text.slice(at, at + 200).split("\n");
  const line = before.slice(before.lastIndexOf("\n") + 1) + rest;
  return line.split(/0x/i).length <= 2 && /\p{L}{4}/u.test(line);
}

const COLUMN_START = before(/(?:^|[\n,;\t|])[ "']{0,3}/);
const DELIMITERS = [",", ";", "\t", "|"];

/** The name of the column in which a place is, by the head of its table; null when it has none. */
export function columnOf(text: string, start: number): string | null {
  if (!holds(COLUMN_START, text, start)) return null;
  const head = headOf(text, start);
  if (head === null) return null;
  const before = text.slice(Math.max(0, start - MAX_LINE), start);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const delimiter = DELIMITERS.find((each) => head.includes(each));
  if (delimiter === undefined || line === before) return null;
  return head.split(delimiter)[line.split(delimiter).length - 1]?.trim() ?? null;
}

const MAX_BASE64 = 80;
const MIN_BASE64 = 20;

/** Whether digits without a prefix are a piece of Base64: a long run that only Base64 has so. */
export function isInBase64(text: string, start: number, end: number): boolean {
  let from = start;
  while (from > start - MAX_BASE64 && isBase64(text.charCodeAt(from - 1))) from--;
  let to = end;
  while (to < end + MAX_BASE64 && isBase64(text.charCodeAt(to))) to++;
  if (to - from < MIN_BASE64) return false;
  return text[to] === "=" || text.slice(from, to).includes("+");
}

/** Letters, digits, plus and slash; nothing outside the text is one. */
function isBase64(letter: number) {
  return (
    (letter >= 0x2f && letter <= 0x39) ||
    (letter >= 0x41 && letter <= 0x5a) ||
    (letter >= 0x61 && letter <= 0x7a) ||
    letter === 0x2b
  );
}
