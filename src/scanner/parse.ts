import type { Candidate, CodeCandidate, Flaw, Malformed, Win32Candidate } from "./candidate.ts";
import { codeUnitAt, HYPHEN, hasHexPrefixAt, hexDigit, isDigit, unitWithin } from "./characters.ts";
import type { Notation } from "./finding.ts";

/** Of a longer token only the end is read, in UTF-16 units. */
const MAX_TOKEN = 256;

/** What may follow the eighth digit without a blank: a suffix of C, a word, or `_` and a name. */
const TAIL = /(?:(?=[A-Z][a-z]*[g-z])[A-Z][a-z]\w*|[g-zG-Z]\w*|_(?![0-9A-Fa-f]{4,16}(?:_|$))\w*)?/;
/** Eight digits, also with text attached: `0x80041354The`, `0x80070002_update`, `0xx80070005`. */
const EIGHT_DIGITS = new RegExp(`^0[xX]{1,2}([0-9A-Fa-f]{8})${TAIL.source}$`);
/** Any number of digits, grouped by underscores or not: `0x8009_0029L`. */
const GROUPED = /^0[xX]{1,2}((?:_?[0-9A-Fa-f])+)(?:[uU]?[lL]{0,2}|[hHn])$/;
/** The letter O instead of a zero, among the digits or before the x. */
const LETTER_O = /^[0Oo][xX]([0-9A-Fa-fOo]{8})$/;
const BARE_WITH_SUFFIX = /^([0-9A-Fa-f]{8})[hHlL]$/;
const BARE_LETTER_O = /^[89A-Fa-f](?=[0-9A-Fa-f]*[Oo])[0-9A-Fa-fOo]{7}$/;
const BETWEEN_UNDERSCORES = /(?:^|_)([0-9A-Fa-f]{8})(?:_|$)/;
/**
 * A word directly before the digits: `Fehler80070643`, `errorcaa50021`, `ErrorCode80070005Text`.
 */
const AFTER_WORD =
  /^(?=[A-Fa-f]*[G-Zg-z_])[A-Za-z][A-Za-z_]{1,40}?([89A-Fa-f][0-9A-Fa-f]{7})(?:(?=[A-Z][a-z]*[g-z])[A-Z]\w*)?$/;
/** The longest hash, serial number or address that is reported, in digits. */
const MAX_LONG_HEX = 64;
/** A number of 64 bits that begins with 32 bits of ones. */
const SIGN_EXTENDED_ANY = /^[fF]{8}[0-9a-fA-F]{8}$/;
/** The same, where the other half is negative, too. */
const SIGN_EXTENDED = /^[fF]{8}[89a-fA-F][0-9a-fA-F]{7}$/;
const LETTER_AND_EIGHT = /^[hHxX][0-9A-Fa-f]{8}$/;
const SHORT_HEX = /^0[xX]([0-9A-Fa-f]{1,7})$/;

/**
 * Reads a token as a number in one of the notations of codes. Several numbers are read only where
 * underscores join numbers with prefixes: `0x80070005_0x80070002`.
 *
 * @param start Where the token begins, in UTF-16 units.
 * @param end Where it ends, not included.
 * @param visit Receives the numbers in the order of the text.
 */
export function parseEach(
  text: string,
  start: number,
  end: number,
  visit: (candidate: Candidate) => void,
): void {
  const last = parse(text, start, end);
  if (last === null) return;
  if (end - start <= MAX_TOKEN && followsJoinedNumber(text, start, last.start)) {
    parseEach(text, start, last.start - 1, visit);
  }
  visit(last);
}

/** Whether an underscore stands before a number, and a number with a prefix before that. */
function followsJoinedNumber(text: string, tokenStart: number, at: number) {
  if (at - tokenStart <= MIN_JOINED || codeUnitAt(text, at - 1) !== UNDERSCORE) return false;
  return prefixIn(text.slice(tokenStart, at)) >= 0;
}

/** The shortest number that is read before an underscore: `0x5`. */
const MIN_JOINED = 3;
const UNDERSCORE = 0x5f;

/** Reads a token as one number; null when it fits no notation. */
function parse(text: string, tokenStart: number, end: number): Candidate | null {
  const start = Math.max(tokenStart, end - MAX_TOKEN);
  if (hasHexPrefixAt(text, start)) {
    if (radixOf(text, start + 2, end) !== null) return parseHex(text, start, end);
  } else {
    const radix = radixOf(text, start, end);
    if (radix === 10 && end - start >= MIN_DECIMAL && end - start <= MAX_DECIMAL) {
      return parseDecimal(text, start, end);
    }
    if (radix !== null) return parseUnprefixed(text, start, end);
  }
  return parseWord(text, text.slice(start, end), start, end);
}

const MIN_DECIMAL = 9;
const MAX_DECIMAL = 20;

/** Reads a decimal number as a Win32 error. Null for 0, and above 0xFFFF. */
export function parseShortNumber(text: string, start: number, end: number): Win32Candidate | null {
  const value = valueAt(text, start, end, 10);
  if (value === 0 || value > 0xffff) return null;
  return { kind: "win32", notation: "win32", value, digits: null, start, end };
}

const NONE: readonly number[] = [];

function code(
  notation: Notation,
  value: number,
  start: number,
  end: number,
  isAttached = false,
): CodeCandidate {
  return { kind: "code", notation, value, start, end, isAttached };
}

function malformed(
  notation: Notation,
  flaw: Flaw,
  start: number,
  end: number,
  corrections: readonly number[] = NONE,
): Malformed {
  return { kind: "malformed", notation, flaw, corrections, start, end };
}

/** 10 for decimal digits only, 16 for hex digits only, null for any other token. */
function radixOf(text: string, start: number, end: number): 10 | 16 | null {
  let radix: 10 | 16 = 10;
  for (let at = start; at < end; at++) {
    const unit = unitWithin(text, at);
    if (isDigit(unit)) continue;
    if (hexDigit(unit) < 0) return null;
    radix = 16;
  }
  return radix;
}

/** The value of digits. Rounded above 2^53. */
function valueAt(text: string, start: number, end: number, radix: 10 | 16) {
  let value = 0;
  for (let at = start; at < end; at++) value = value * radix + hexDigit(unitWithin(text, at));
  return value;
}

/** Reads `0x` and hex digits, as nearly all codes are written. */
function parseHex(text: string, start: number, end: number): Candidate | null {
  if (end - start === 10) return prefixed(valueAt(text, start + 2, end, 16), start, end);
  const token = text.slice(start, end);
  return (
    parseSplit(text, token, start, end) ??
    parseShortHex(token, start, end) ??
    parseDigits(token.slice(2), start, end)
  );
}

/** Reads hex digits without a prefix. */
function parseUnprefixed(text: string, start: number, end: number): Candidate | null {
  const length = end - start;
  if (length < 8 || length > MAX_LONG_HEX) return null;
  if (length === 8) {
    const digits = text.slice(start, end);
    return parseApart(text, start, end, digits) ?? parseBare(text, digits, start, end);
  }
  if (length === 16 && SIGN_EXTENDED.test(text.slice(start, end))) {
    return code("hex_sign_extended", valueAt(text, end - 8, end, 16), start, end);
  }
  return malformed("hex_bare", "length", start, end);
}

/** Reads a token that holds more than a number. */
function parseWord(text: string, token: string, start: number, end: number): Candidate | null {
  const prefix = prefixIn(token);
  if (prefix >= 0) return parsePrefixed(token, start, end, prefix);
  return parseByLength(text, token, start, end) ?? parseInWord(text, token, start);
}

/** The place of the last prefix in a token; -1 without one. */
function prefixIn(token: string) {
  return Math.max(token.lastIndexOf("0x"), token.lastIndexOf("0X"));
}

function parsePrefixed(token: string, start: number, end: number, prefix: number) {
  const at = start + prefix;
  const number = token.slice(prefix);
  // After a digit, the prefix is part of a longer number; after a letter, a word is attached.
  if (/\d$/.test(token.slice(0, prefix))) return malformed("hex", "longer", at, end);
  const eightDigits = EIGHT_DIGITS.exec(number)?.[1];
  if (eightDigits !== undefined) {
    const hasSuffixOnly = GROUPED.test(number);
    const last = hasSuffixOnly ? end : at + number.indexOf(eightDigits) + 8;
    return prefixed(Number.parseInt(eightDigits, 16), at, last);
  }
  const misspelt = LETTER_O.exec(number)?.[1];
  if (misspelt !== undefined) return code("hex_misspelt", valueOfDigits(misspelt), at, end);
  const digits = GROUPED.exec(number)?.[1]?.replaceAll("_", "");
  if (digits === undefined) return malformed("hex", "longer", at, end);
  return parseShortHex(number, at, end) ?? parseDigits(digits, at, end);
}

/** Reads the digits of a number with a prefix. */
function parseDigits(digits: string, start: number, end: number): Candidate | null {
  if (digits.length === 8) return prefixed(Number.parseInt(digits, 16), start, end);
  if (SIGN_EXTENDED_ANY.test(digits)) {
    return code("hex_sign_extended", Number.parseInt(digits.slice(8), 16), start, end);
  }
  const corrections = correctionsOf(digits);
  if (digits.length < 7 && corrections.length === 0) return null;
  return malformed("hex", "length", start, end, corrections);
}

/** A value of eight digits after `0x`: a Win32 error from 1 to 0xFFFF, else a code. */
function prefixed(value: number, start: number, end: number): Candidate {
  if (value === 0 || value > 0xffff) return code("hex", value, start, end);
  return { kind: "win32", notation: "win32_hex", value, digits: 8, start, end };
}

/**
 * Reads `0x` and at most six digits as a Win32 error.
 *
 * @returns Null for zero, for more than 0xFFFF, and for seven digits, of which one may be missing.
 */
export function parseShortHex(token: string, start: number, end: number): Win32Candidate | null {
  const digits = SHORT_HEX.exec(token)?.[1];
  const value = Number.parseInt(digits ?? "0", 16);
  if (digits === undefined || value === 0 || value > 0xffff || digits.length > 6) return null;
  return { kind: "win32", notation: "win32_hex", value, digits: digits.length, start, end };
}

/** The value of hex digits, where the letter O counts as a zero. */
function valueOfDigits(digits: string) {
  return Number.parseInt(digits.replaceAll(/[oO]/g, "0"), 16);
}

/** Reads a token of eight or nine characters that is not hex alone. */
function parseShort(text: string, token: string, start: number, end: number): Candidate | null {
  const bare = BARE_WITH_SUFFIX.exec(token)?.[1];
  if (bare) return parseApart(text, start, end, bare) ?? parseBare(text, bare, start, end);
  if (BARE_LETTER_O.test(token)) return code("hex_misspelt", valueOfDigits(token), start, end);
  if (token.length === 8) return null;
  const lead = token.charAt(0).toLowerCase();
  const digits = LETTER_AND_EIGHT.test(token) ? token.slice(1) : null;
  if (digits && lead === "x") {
    const value = Number.parseInt(digits, 16);
    return parseApart(text, start, end, digits) ?? code("hex_misspelt", value, start, end);
  }
  if (digits && lead === "h" && text[start - 1] === "&") {
    return code("hex_vb", Number.parseInt(digits, 16), start - 1, end);
  }
  return null;
}

/** Reads hex with the letter O before the x. */
function parseLetterO(token: string, start: number, end: number): Candidate | null {
  const startsWithO = token.length === 10 && (token.charCodeAt(0) | 0x20) === SMALL_O;
  const misspelt = startsWithO ? LETTER_O.exec(token)?.[1] : undefined;
  return misspelt === undefined ? null : code("hex_misspelt", valueOfDigits(misspelt), start, end);
}

const SMALL_O = 0x6f;

/** Chooses by length, because most tokens are words and need no closer look. */
function parseByLength(text: string, token: string, start: number, end: number) {
  if (token.length < 8 || token.length > 10) return null;
  return token.length < 10 ? parseShort(text, token, start, end) : parseLetterO(token, start, end);
}

/** Reads eight digits within a longer word. */
function parseInWord(text: string, token: string, start: number): Candidate | null {
  const part = token.includes("_") ? BETWEEN_UNDERSCORES.exec(token) : null;
  if (part?.[1]) {
    const at = start + part.index + part[0].indexOf(part[1]);
    return parseBare(text, part[1], at, at + 8);
  }
  const attached = token.length > 9 ? AFTER_WORD.exec(token)?.[1] : undefined;
  if (attached === undefined) return null;
  const at = start + token.indexOf(attached);
  return code("hex_bare", Number.parseInt(attached, 16), at, at + 8, true);
}

function parseDecimal(text: string, start: number, end: number): Candidate {
  const isSigned = hasMinus(text, start);
  const number = valueAt(text, start, end, 10);
  if (isSigned) {
    return number <= 0x80000000
      ? code("decimal_signed", 0x100000000 - number, start - 1, end)
      : malformed("decimal_signed", "range", start - 1, end);
  }
  return end - start === 10 && number <= 0xffffffff
    ? code("decimal_unsigned", number, start, end)
    : malformed("decimal_unsigned", "range", start, end);
}

/** Whether a minus sign stands before a number. After a letter or a digit it is a hyphen. */
function hasMinus(text: string, start: number) {
  const sign = codeUnitAt(text, start - 1);
  if (sign !== HYPHEN && sign !== MINUS) return false;
  return !/[0-9A-Za-z]/.test(text.charAt(start - 2));
}

const MINUS = 0x2212;

const GUID = /^[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$/;
const GUID_LENGTH = 36;
const CODE_END = /(?<![0-9A-Fa-f])[89A-Fa-f][0-9A-Fa-f]{7}$/;
/** Punctuation that joins a bare number to the word before it. */
const ATTACHING = "#&%/\\.:-+@";
/** The second number that Windows Setup writes: `C1900208-4000C`. */
const SETUP_PHASE = /^-[1-9A-Fa-f]0[0-9A-Fa-f]{3,4}(?![0-9A-Za-z-])/;

function parseBare(text: string, digits: string, start: number, end: number): Candidate {
  if (codeUnitAt(text, end) === HYPHEN) {
    if (GUID.test(text.slice(start, start + GUID_LENGTH))) {
      return malformed("hex_bare", "guid", start, end);
    }
    const rest = text.slice(end, end + 9);
    if (/^-[0-9A-Fa-f]{4}/.test(rest) && !SETUP_PHASE.test(rest)) {
      return malformed("hex_bare", "longer", start, end);
    }
  }
  const isAttached =
    start > 0 &&
    ATTACHING.includes(text.charAt(start - 1)) &&
    (/[0-9A-Za-z]/.test(text[start - 2] ?? " ") || text.startsWith("\\\\", start - 2)) &&
    !(text[start - 1] === "/" && CODE_END.test(text.slice(start - 11, start - 1)));
  return code("hex_bare", Number.parseInt(digits, 16), start, end, isAttached);
}

const PREFIX_APART = /(?<![0-9A-Za-z])0 ?[xX*]?[ -]?$/;

/** Reads a code with a gap in or after its prefix: `0 x 80070005`, `0x-80070005`, `0*80070005`. */
function parseApart(text: string, start: number, end: number, digits: string) {
  const from = end - digits.length - (text.charAt(end - 1).match(/[hHlL]/) ? 1 : 0);
  const before = text.slice(Math.max(0, from - 5), from);
  const prefix = /[xX*][ -]?$/.test(before) ? PREFIX_APART.exec(before)?.[0] : undefined;
  if (prefix === undefined || from < start) return null;
  return code("hex_split", Number.parseInt(digits, 16), from - prefix.length, end);
}

const FIRST_PART = /^0[xX][0-9A-Fa-f]{4,7}$/;
const SECOND_PART = /^([ \u00a0-])([0-9A-Fa-f]{1,4})(?![0-9A-Za-z_-])/;

/**
 * Reads a code with a stray blank inside, `0x8007 0005`, or a dash in the middle, `0x8007-0005`.
 */
function parseSplit(text: string, token: string, start: number, end: number) {
  const [, separator, rest] = FIRST_PART.test(token)
    ? (SECOND_PART.exec(text.slice(end, end + 6)) ?? [])
    : [];
  if (rest === undefined || token.length + rest.length !== 10) return null;
  if (separator === "-" && rest.length !== 4) return null;
  const value = Number.parseInt(token.slice(2) + rest, 16);
  if (value < 0x80000000) return null;
  return code("hex_split", value, start, end + 1 + rest.length);
}

/**
 * The codes that a number with too few or too many digits may have been meant to be: people drop a
 * zero from a row of zeros, or double a digit. No other lost digit can be guessed.
 */
function correctionsOf(digits: string): readonly number[] {
  const correct = CORRECTIONS[digits.length];
  if (correct === undefined) return NONE;
  const values = new Set(correct(digits).map((each) => Number.parseInt(each, 16)));
  return [...values].filter((value) => value >= 0x80000000);
}

const CORRECTIONS: Readonly<Record<number, (digits: string) => string[]>> = {
  6: (digits) => replaced(digits, /00+/g, (zeros) => `${zeros}00`),
  7: (digits) =>
    digits.startsWith("000")
      ? withFirstDigits(digits)
      : replaced(digits, /00+/g, (zeros) => `${zeros}0`),
  9: (digits) => replaced(digits, /0|(.)(?=\1)/gi, () => ""),
  10: (digits) => replaced(digits, /00/g, () => ""),
};

/** Either the first digit of an NTSTATUS was lost, or a zero of a Win32 error. */
function withFirstDigits(digits: string) {
  return [`c${digits}`, `8007${digits.slice(-4)}`];
}

/** One result for each match, in which only that match is replaced. */
function replaced(digits: string, pattern: RegExp, change: (match: string) => string) {
  return [...digits.matchAll(pattern)].map(
    ({ 0: match, index }) =>
      digits.slice(0, index) + change(match) + digits.slice(index + match.length),
  );
}
