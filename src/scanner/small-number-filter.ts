import {
  codeUnitAt,
  hasHexPrefixAt,
  hexDigit,
  isDigit,
  isLetterOrNonAscii,
  isPunctuation,
} from "./characters.ts";
import { keywordsOf } from "./languages/index.ts";
import { endOfWordBefore, GAP, LAST_WORDS } from "./windows-errors.ts";

const PERCENT = 0x25;
const OPEN = 0x28;
const CLOSE = 0x29;
const COMMA = 0x2c;
const COLON = 0x3a;

/**
 * Whether a small decimal number stands where a Win32 error may stand. A cheap filter, because it
 * runs for every number of a text: it reads only a few characters, and rules do the rest.
 */
export function mayBeWin32(text: string, start: number, end: number): boolean {
  const before = codeUnitAt(text, start - 1);
  const next = codeUnitAt(text, end);
  if (next === COLON && isGroup(text, end, 1)) return false;
  if (before === COLON && isGroup(text, start - 1, -1)) return false;
  if (before === OPEN && next === COMMA) return true;
  if (before === OPEN && next === CLOSE && isBesideWords(text, start, end)) return true;
  if (before === PERCENT && codeUnitAt(text, start - 2) === PERCENT) return true;
  return followsKeyword(text, start) || precedesKeyword(text, end) || precedesHex(text, end);
}

/** Whether the word before a number ends like a keyword. */
function followsKeyword(text: string, start: number) {
  const end = endOfWordBefore(text, start);
  if (SHORT_ENDINGS[hashOfTwo(text, end - 2)] === 1) return true;
  return !isDigit(codeUnitAt(text, end - 1)) && LONG_ENDINGS[hashOfThree(text, end - 3)] === 1;
}

/** Whether the word one blank or punctuation mark after a number begins like a keyword. */
function precedesKeyword(text: string, end: number) {
  if (!isPunctuation(codeUnitAt(text, end)) || !isLetterOrNonAscii(codeUnitAt(text, end + 1)))
    return false;
  return BEGINNINGS[hashOfThree(text, end + 1)] === 1;
}

/**
 * Hash tables of the word endings that may precede a Win32 error: the last three letters, or two for
 * short words and scripts without blanks. They rule out most numbers of a log at once. Two endings
 * may share a hash; then one number is examined in vain.
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
    const end = form.replace(/[^\p{L}\d]+$/u, "").length;
    const isLong = end > 2 && /[a-z\u0400-\u04ff]{3}$/i.test(form.slice(0, end));
    if (isLong) LONG_ENDINGS[hashOfThree(form, end - 3)] = 1;
    else SHORT_ENDINGS[hashOfTwo(form, end - 2)] = 1;
    BEGINNINGS[hashOfThree(form, 0)] = 1;
  }
}

function hashOfThree(text: string, at: number) {
  return ((toLower(codeUnitAt(text, at)) << 10) ^ hashOfTwo(text, at + 1)) & 0xffff;
}

function hashOfTwo(text: string, at: number) {
  return ((toLower(codeUnitAt(text, at)) << 5) ^ toLower(codeUnitAt(text, at + 1))) & 0xffff;
}

/**
 * ASCII and Cyrillic letters in lower case, so that words of mixed case are found. It also changes
 * ASCII characters that are no letters, which does no harm in a hash.
 */
function toLower(code: number) {
  if (code < 0x80) return code | 0x20;
  return code >= 0x410 && code <= 0x42f ? code + 0x20 : code;
}

/** Whether words stand before or after a number in brackets. */
function isBesideWords(text: string, start: number, end: number) {
  const before = codeUnitAt(text, start - 2) === BLANK ? start - 3 : start - 2;
  return isLetterOrStop(codeUnitAt(text, before)) || isLetterOrStop(codeUnitAt(text, end + 2));
}

function isLetterOrStop(code: number) {
  return isLetterOrNonAscii(code) || code === FULL_STOP;
}

const BLANK = 0x20;
const FULL_STOP = 0x2e;

/** The longest group of an IPv6 address. */
const MAX_GROUP = 4;

/** Whether a colon starts or ends a group of an IPv6 address, up to the next colon. */
function isGroup(text: string, colon: number, step: 1 | -1) {
  let at = colon + step;
  while (Math.abs(at - colon) <= MAX_GROUP && hexDigit(codeUnitAt(text, at)) >= 0) at += step;
  return codeUnitAt(text, at) === COLON;
}

/** Whether a hex number follows, with only punctuation between. */
function precedesHex(text: string, end: number) {
  let at = end;
  while (at - end < GAP && isPunctuation(codeUnitAt(text, at))) at++;
  return at > end && hasHexPrefixAt(text, at);
}
