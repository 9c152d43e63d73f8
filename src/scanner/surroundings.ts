import { codeUnitAt } from "./characters.ts";
import { createWordMatcher, FAILURES } from "./keywords.ts";
import { keywordsOf } from "./languages/index.ts";
import { followedBy, matchesAt, precededBy } from "./pattern.ts";
import { createWordIndex, type WordIndex } from "./word-index.ts";

const STOP_WORDS = createWordMatcher(keywordsOf("stopWords"));
const INSTALLER_WORDS = createWordMatcher(keywordsOf("installerWords"));
const GOODS_WORDS = createWordMatcher(keywordsOf("everydayNumbers"));

/** How far from a number words for failures are searched, in UTF-16 units. */
export const NEAR = 400;

/** A text of at most this length, in UTF-16 units, may consist of little more than the code. */
const BRIEF = 120;
/**
 * A hex number that is no code, such as an address. Not matched: eight digits from 8 up (a code),
 * eight digits that begin with zeros (a Win32 error), five or six digits (Windows Setup).
 */
const OTHER_HEX =
  /0x(?!0x)(?!(?:[89a-f](?:[_ ]?[0-9a-f]){7}|0000[0-9a-f]{4}|[1-9a-f]0{1,2}[0-9a-f]{3,4})(?![0-9a-f]))[0-9a-f]/i;

/** Facts about the whole text. Each is computed on first use and kept. */
export class Surroundings {
  readonly #text: string;
  #failureWords: WordIndex | undefined;
  #stopWords: WordIndex | undefined;
  #installerWords: WordIndex | undefined;
  #goodsWords: WordIndex | undefined;
  #mentionsFailureAtStart: boolean | undefined;
  #isBrief: boolean | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Where the text mentions a failure or Windows. */
  get failureWords(): WordIndex {
    this.#failureWords ??= createWordIndex(this.#text, FAILURES);
    return this.#failureWords;
  }

  get stopWords(): WordIndex {
    this.#stopWords ??= createWordIndex(this.#text, STOP_WORDS);
    return this.#stopWords;
  }

  get installerWords(): WordIndex {
    this.#installerWords ??= createWordIndex(this.#text, INSTALLER_WORDS);
    return this.#installerWords;
  }

  get goodsWords(): WordIndex {
    this.#goodsWords ??= createWordIndex(this.#text, GOODS_WORDS);
    return this.#goodsWords;
  }

  /** The start of the text mentions a failure or Windows. */
  get mentionsFailureAtStart(): boolean {
    this.#mentionsFailureAtStart ??= createWordIndex(this.#text, FAILURES).has(0, NEAR);
    return this.#mentionsFailureAtStart;
  }

  /** The text is short, and holds no number of a program, such as an address. */
  get isBrief(): boolean {
    this.#isBrief ??= this.#text.length <= BRIEF && !OTHER_HEX.test(this.#text);
    return this.#isBrief;
  }
}

/** How long a line of a table may be, in UTF-16 units. */
const MAX_LINE = 400;
/** How far before a number the header of its table may begin, in UTF-16 units. */
const MAX_TABLE = 4_000;

/**
 * The first line of the table around a place; null when it is too far away. A blank line ends a
 * table.
 */
function tableHeaderOf(text: string, at: number): string | null {
  const from = Math.max(0, at - MAX_TABLE);
  const rows = text.slice(from, at);
  const blank = rows.lastIndexOf("\n\n");
  if (blank < 0 && from > 0) return null;
  const start = blank < 0 ? 0 : blank + 2;
  const end = rows.indexOf("\n", start);
  return end < 0 || end - start > MAX_LINE ? null : rows.slice(start, end);
}

const LINE_START = precededBy(/(?:^|\n)[\s*_`>#"'([-]{0,8}|<\w{1,20}>/);
const LINE_END = followedBy(/[\s*_`"')\].,:;]{0,8}(?:$|\n)|<\/\w{1,20}>/);
const FIELD_START = precededBy(/[,;][\s"']{0,2}/);
const FIELD_END = followedBy(/[\s"']{0,2}[,;]/);

/** Whether a number is alone in its line, its HTML element, or its table field. */
export function standsAlone(text: string, start: number, end: number): boolean {
  if (matchesAt(LINE_START, text, start) && matchesAt(LINE_END, text, end)) return true;
  return (
    matchesAt(FIELD_START, text, start) &&
    matchesAt(FIELD_END, text, end) &&
    isAmongWords(text, start)
  );
}

/** Whether the line holds words and only one number, so that it is a table row, not a list. */
function isAmongWords(text: string, at: number) {
  const before = text.slice(Math.max(0, at - 200), at);
  const [rest = ""] = text.slice(at, at + 200).split("\n");
  const line = before.slice(before.lastIndexOf("\n") + 1) + rest;
  return line.split(/0x/i).length <= 2 && /\p{L}{4}/u.test(line);
}

const COLUMN_START = precededBy(/(?:^|[\n,;\t|])[ "']{0,3}/);
const DELIMITERS = [",", ";", "\t", "|"];

/** The name of the table column around a place, from the header line; null outside of a table. */
export function columnOf(text: string, start: number): string | null {
  if (!matchesAt(COLUMN_START, text, start)) return null;
  const header = tableHeaderOf(text, start);
  if (header === null) return null;
  const before = text.slice(Math.max(0, start - MAX_LINE), start);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const delimiter = DELIMITERS.find((each) => header.includes(each));
  if (delimiter === undefined || line === before) return null;
  return header.split(delimiter)[line.split(delimiter).length - 1]?.trim() ?? null;
}

const MAX_BASE64 = 80;
const MIN_BASE64 = 20;

/**
 * Whether digits without a prefix are part of Base64: a long run of its characters with `+` or `=`.
 */
export function isInBase64(text: string, start: number, end: number): boolean {
  let from = start;
  while (from > start - MAX_BASE64 && isBase64(codeUnitAt(text, from - 1))) from--;
  let to = end;
  while (to < end + MAX_BASE64 && isBase64(codeUnitAt(text, to))) to++;
  if (to - from < MIN_BASE64) return false;
  return text[to] === "=" || text.slice(from, to).includes("+");
}

/** Letters, digits, plus and slash. */
function isBase64(code: number) {
  return (
    (code >= 0x2f && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x2b
  );
}
