// Tests of single characters, which are given as UTF-16 units.

// V8 keeps strings in a dozen forms: in one piece or joined, with one byte or two for a character. At
// each place where a program reads `text.length` or calls `text.charCodeAt`, it optimizes for at most
// four of them, and after a fifth the place is several times slower. Tickets come in more forms. The
// functions below avoid that: `"" + text` and `charCodeAt.call` do not depend on the form.

const { charCodeAt } = String.prototype;

export const COMMA = 0x2c;
export const HYPHEN = 0x2d;
export const FULL_STOP = 0x2e;
export const COLON = 0x3a;

/** The length of a text in UTF-16 units. */
export function lengthOf(text: string): number {
  // biome-ignore lint/style/useTemplate: V8 calls a function for a template, and none for a sum.
  return ("" + text).length;
}

/** The UTF-16 unit at a place within the text. A single call beyond its ends slows all later ones. */
export function unitWithin(text: string, at: number): number {
  return charCodeAt.call(text, at);
}

/** The UTF-16 unit at a place; 0 beyond either end, where `charCodeAt` gives NaN. */
export function codeUnitAt(text: string, at: number): number {
  return at >= 0 && at < lengthOf(text) ? unitWithin(text, at) : 0;
}

/** A digit of ASCII. One comparison, because it runs for every character. */
export function isDigit(unit: number): boolean {
  return (unit - ZERO) >>> 0 < 10;
}

/** The value of a hex digit; -1 for any other character. */
export function hexDigit(unit: number): number {
  if (isDigit(unit)) return unit - ZERO;
  const letter = (unit | LOWER_CASE) - SMALL_A;
  return letter >>> 0 < 6 ? letter + 10 : -1;
}

/** A letter of ASCII, or any character beyond ASCII. */
export function isLetterOrNonAscii(unit: number): boolean {
  return ((unit | LOWER_CASE) - SMALL_A) >>> 0 < 26 || unit > 0x7f;
}

/**
 * Punctuation, blanks and line breaks of ASCII; the no-break space, U+3000 to U+300F (blank, comma,
 * full stop and brackets of East Asia), and the full-width colon and round brackets.
 */
export function isPunctuation(unit: number): boolean {
  if (unit > 0x7f) return unit === 0xa0 || (unit >= 0x3000 && unit <= 0x300f) || isFullWidth(unit);
  return PUNCTUATION[unit] === 1;
}

function isFullWidth(unit: number) {
  return unit === 0xff08 || unit === 0xff09 || unit === 0xff1a;
}

const PUNCTUATION = new Uint8Array(0x80);
for (const mark of "\t\n\r !\"#$%&()*+,-./:;<=>?@[]^_`{|}~'\\") PUNCTUATION[mark.charCodeAt(0)] = 1;

/** Whether `0x` or `0X` stands at a place. Both characters must lie within the text. */
export function hasHexPrefixAt(text: string, at: number): boolean {
  return unitWithin(text, at) === ZERO && (unitWithin(text, at + 1) | LOWER_CASE) === SMALL_X;
}

/** Turns a capital letter of ASCII into a small one. */
const LOWER_CASE = 0x20;

const ZERO = 0x30;
const SMALL_A = 0x61;
const SMALL_X = 0x78;
