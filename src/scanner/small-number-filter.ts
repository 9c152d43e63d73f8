import {
  COLON,
  COMMA,
  FULL_STOP,
  hasHexPrefixAt,
  hexDigit,
  isDigit,
  isLetterOrNonAscii,
  isPunctuation,
  lengthOf,
  unitWithin,
} from "./characters.ts";
import { keywordsOf } from "./languages/index.ts";
import { endOfWordBefore, GAP, LAST_WORDS } from "./windows-errors.ts";

const PERCENT = 0x25;
const OPEN = 0x28;
const CLOSE = 0x29;

/**
 * The text that the filter needs on either side of a number, in UTF-16 units: more than `GAP` and
 * three letters.
 */
const MARGIN = 16;
const PADDING = "\0".repeat(MARGIN);

/**
 * Whether a small decimal number stands where a Win32 error may stand. A cheap filter, because it
 * runs for every number of a text: it reads only a few characters, and rules do the rest.
 *
 * @param isAmongNumbers The tokens before and after it are decimal numbers, and only blanks and
 *   common punctuation stand between.
 */
export function mayBeWin32(
  text: string,
  start: number,
  end: number,
  isAmongNumbers: boolean,
): boolean {
  if (start >= MARGIN && end + MARGIN <= lengthOf(text)) {
    return standsLikeWin32(text, start, end, isAmongNumbers);
  }
  const padded = PADDING + text.slice(Math.max(0, start - MARGIN), end + MARGIN) + PADDING;
  const at = MARGIN + Math.min(start, MARGIN);
  return standsLikeWin32(padded, at, at + end - start, isAmongNumbers);
}

/** The text must have at least `MARGIN` characters on both sides of the number. */
function standsLikeWin32(text: string, start: number, end: number, isAmongNumbers: boolean) {
  const before = unitWithin(text, start - 1);
  const next = unitWithin(text, end);
  if (next === COLON && isGroup(text, end, 1)) return false;
  if (before === COLON && isGroup(text, start - 1, -1)) return false;
  if (before === OPEN && next === COMMA) return true;
  if (before === PERCENT && unitWithin(text, start - 2) === PERCENT) return true;
  if (isAmongNumbers) return false;
  if (endsLikeKeyword(text, endOfWordBefore(text, start))) return true;
  const wordAfter = startOfWordAfter(text, end);
  if (wordAfter > end && hasHexPrefixAt(text, wordAfter)) return true;
  if (before === OPEN && next === CLOSE && isBesideWords(text, start, end)) return true;
  return wordAfter === end + 1 && beginsLikeKeyword(text, wordAfter);
}

/** Where the word after a number begins: punctuation between the two is skipped. */
function startOfWordAfter(text: string, end: number) {
  let at = end;
  while (at - end < GAP && isPunctuation(unitWithin(text, at))) at++;
  return at;
}

/** Whether the word that ends at a place ends like a keyword. */
function endsLikeKeyword(text: string, end: number) {
  if (SHORT_ENDINGS[hashOfTwo(text, end - 2)] === 1) return true;
  return !isDigit(unitWithin(text, end - 1)) && LONG_ENDINGS[hashOfThree(text, end - 3)] === 1;
}

/** Whether the word at a place begins like a keyword. */
function beginsLikeKeyword(text: string, start: number) {
  return isLetterOrNonAscii(unitWithin(text, start)) && BEGINNINGS[hashOfThree(text, start)] === 1;
}

/**
 * Hash tables of the word endings that may precede a Win32 error: the last three letters, or two for
 * short words and scripts without blanks. They rule out most numbers of a log at once. Two endings
 * may share a hash; then the rules examine one number needlessly.
 */
const LONG_ENDINGS = new Uint8Array(0x10000);
const SHORT_ENDINGS = new Uint8Array(0x10000);
/** The same for the first three letters of a keyword after a number: `1603 error`. */
const BEGINNINGS = new Uint8Array(0x10000);

for (const { letters } of [
  ...keywordsOf("win32Keywords"),
  ...keywordsOf("codeKeywords"),
  ...keywordsOf("errorKeywords"),
  ...keywordsOf("vpnWords"),
  ...LAST_WORDS.split(",").map((word) => ({ letters: word })),
]) {
  for (const form of [letters, letters.toUpperCase()]) {
    const word = form.replace(/[^\p{L}\d]+$/u, "");
    const ending = `\0${word}`;
    if (/[a-z\u0400-\u04ff]{3}$/i.test(word)) {
      LONG_ENDINGS[hashOfThree(ending, ending.length - 3)] = 1;
    } else SHORT_ENDINGS[hashOfTwo(ending, ending.length - 2)] = 1;
    BEGINNINGS[hashOfThree(`${form}\0\0`, 0)] = 1;
  }
}

function hashOfThree(text: string, at: number) {
  return ((toLower(unitWithin(text, at)) << 10) ^ hashOfTwo(text, at + 1)) & 0xffff;
}

function hashOfTwo(text: string, at: number) {
  return ((toLower(unitWithin(text, at)) << 5) ^ toLower(unitWithin(text, at + 1))) & 0xffff;
}

/**
 * ASCII and Cyrillic letters in lower case, so that words of mixed case are found. It also changes
 * ASCII characters that are no letters, which does no harm in a hash.
 */
function toLower(unit: number) {
  if (unit < 0x80) return unit | 0x20;
  return unit >= 0x410 && unit <= 0x42f ? unit + 0x20 : unit;
}

/** Whether words stand before or after a number in brackets. */
function isBesideWords(text: string, start: number, end: number) {
  const before = unitWithin(text, start - 2) === BLANK ? start - 3 : start - 2;
  return isLetterOrStop(unitWithin(text, before)) || isLetterOrStop(unitWithin(text, end + 2));
}

function isLetterOrStop(unit: number) {
  return isLetterOrNonAscii(unit) || unit === FULL_STOP;
}

const BLANK = 0x20;

/** The longest group of an IPv6 address. */
const MAX_GROUP = 4;

/** Whether a colon starts or ends a group of an IPv6 address, up to the next colon. */
function isGroup(text: string, colon: number, step: 1 | -1) {
  let at = colon + step;
  while (Math.abs(at - colon) <= MAX_GROUP && hexDigit(unitWithin(text, at)) >= 0) at += step;
  return unitWithin(text, at) === COLON;
}
