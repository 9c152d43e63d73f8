import {
  COLON,
  COMMA,
  codeUnitAt,
  FULL_STOP,
  HYPHEN,
  hasHexPrefixAt,
  isDigit,
  lengthOf,
  unitWithin,
} from "./characters.ts";

/**
 * Character classes: ASCII letters, digits and underscores form a token. Any other character ends
 * it.
 */
const WORD = 1;
const DIGIT = 2;

const CLASSES = new Uint8Array(0x10000);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  CLASSES[code] = (/\w/.test(character) ? WORD : 0) + (/\d/.test(character) ? DIGIT : 0);
}

/** The shortest token that can hold a code: the first half of `0x8007 0005`. */
const MIN_TOKEN = 6;

type Visit = (start: number, end: number) => void;

/**
 * `isAmongNumbers`: the tokens before and after it are decimal numbers, and only blanks and common
 * punctuation stand between.
 */
type VisitNumber = (start: number, end: number, isAmongNumbers: boolean) => void;

/** Callbacks, one for each kind of token. */
export interface TokenVisitor {
  /** A token that holds a digit and is long enough for a code. */
  readonly token: Visit;
  /** A shorter token that is a decimal number, and not part of a longer number. */
  readonly shortNumber: VisitNumber;
  /** A shorter token that begins with `0x`. */
  readonly shortHex: Visit;
}

/**
 * Visits the tokens that may hold a code, in order: long ones with a digit, short decimal numbers,
 * short hex numbers. Reads each character at most twice.
 */
export function eachToken(text: string, visitor: TokenVisitor): void {
  const reader = new TokenReader(text);
  while (reader.visitNext(visitor));
}

/**
 * Reads a text from token to token. One call for each token: V8 compiles a function that is called
 * often sooner and better than one long loop.
 */
class TokenReader {
  readonly #text: string;
  readonly #length: number;
  /** Where the last token with a digit ended. */
  #at = 0;
  /** That token was a decimal number. */
  #wasNumber = false;
  /** A short number that is visited once the token after it is known. Its start is -1 for none. */
  #pendingStart = -1;
  #pendingEnd = -1;
  #pendingFollowsNumber = false;

  constructor(text: string) {
    this.#text = text;
    this.#length = lengthOf(text);
  }

  /** Visits the next token with a digit; false at the end of the text. */
  visitNext(visitor: TokenVisitor): boolean {
    const text = this.#text;
    const length = this.#length;
    const from = this.#at;
    let at = from;
    let before = 0;
    // The bits of all characters up to the digit.
    let bits = 0;
    for (; at < length; at++) {
      const unit = unitWithin(text, at);
      if (isDigit(unit)) break;
      before = unit;
      bits |= unit;
    }
    if (at === length) {
      this.#visitPending(visitor, false);
      return false;
    }
    let start = at;
    while (start > from && classAt(text, start - 1) & WORD) start--;
    let isNumber = start === at;
    let after = 0;
    for (at++; at < length; at++) {
      after = unitWithin(text, at);
      const classes = CLASSES[after] ?? 0;
      if ((classes & WORD) === 0) break;
      isNumber &&= (classes & DIGIT) !== 0;
    }
    const followsNumber = isNumber && this.#wasNumber && bits < LETTER_BIT;
    this.#visitPending(visitor, followsNumber);
    this.#at = at;
    this.#wasNumber = isNumber;
    if (at - start >= MIN_TOKEN) visitor.token(start, at);
    else if (isNumber) {
      if (!continuesAfter(text, at, after) && !continuesBefore(text, start, before)) {
        this.#pendingStart = start;
        this.#pendingEnd = at;
        this.#pendingFollowsNumber = followsNumber;
      }
    } else if (hasHexPrefixAt(text, start)) visitor.shortHex(start, at);
    return true;
  }

  #visitPending(visitor: TokenVisitor, precedesNumber: boolean) {
    if (this.#pendingStart < 0) return;
    const isAmongNumbers = this.#pendingFollowsNumber && precedesNumber;
    visitor.shortNumber(this.#pendingStart, this.#pendingEnd, isAmongNumbers);
    this.#pendingStart = -1;
  }
}

/** Set in every letter of ASCII. Below it are digits, blanks and common punctuation. */
const LETTER_BIT = 0x40;

/** Whether a hyphen, or a decimal point and a digit, follows a number. */
function continuesAfter(text: string, end: number, unit: number) {
  return unit === HYPHEN || (unit === FULL_STOP && isDigit(codeUnitAt(text, end + 1)));
}

/** Whether a number is the end of a longer number, of a time or of a date. */
function continuesBefore(text: string, start: number, unit: number) {
  const isJoined = unit === FULL_STOP || unit === COLON || unit === HYPHEN || unit === COMMA;
  return isJoined && isDigit(codeUnitAt(text, start - 2));
}

/** Visits each upper-case word with an underscore, the form of symbols: `NTE_NOT_SUPPORTED`. */
export function eachSymbol(text: string, visit: Visit): void {
  const length = lengthOf(text);
  for (let at = text.indexOf("_"); at >= 0; ) {
    let start = at;
    while (start > 0 && classAt(text, start - 1) & WORD) start--;
    let end = at + 1;
    while (end < length && classAt(text, end) & WORD) end++;
    if (end - start >= MIN_SYMBOL && end - start <= MAX_SYMBOL && isUpperCase(text, start, end)) {
      visit(start, end);
    }
    at = text.indexOf("_", end);
  }
}

const MIN_SYMBOL = 5;
const MAX_SYMBOL = 80;

function isUpperCase(text: string, start: number, end: number) {
  const first = unitWithin(text, start);
  if (first < 65 || first > 90) return false;
  for (let at = start; at < end; at++) {
    if (unitWithin(text, at) >= 97) return false;
  }
  return true;
}

function classAt(text: string, at: number) {
  return CLASSES[unitWithin(text, at)] ?? 0;
}
