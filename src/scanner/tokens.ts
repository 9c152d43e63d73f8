/** Letters, digits and underscores of ASCII: what a number is written in. Kana end a run. */
const WORD = 1;
const DIGIT = 2;

const CLASSES = new Uint8Array(128);
for (let letter = 0; letter < 128; letter++) {
  const text = String.fromCharCode(letter);
  CLASSES[letter] = (/\w/.test(text) ? WORD : 0) + (/\d/.test(text) ? DIGIT : 0);
}

/** The shortest run of use: the first half of a code with a stray blank in it, `0x8007 0005`. */
const MIN_RUN = 6;

type Visit = (start: number, end: number) => void;

/**
 * Visits each run of letters, digits and underscores that holds a digit and may hold a code, and
 * each number too short for that which is no part of a word or of a longer number.
 */
export function eachRun(text: string, visit: Visit, visitShort: Visit): void {
  const length = text.length;
  for (let at = 0; at < length; at++) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let start = at;
    while (start > 0 && classAt(text, start - 1) & WORD) start--;
    let isNumber = start === at;
    for (at++; at < length; at++) {
      const classes = classAt(text, at);
      if ((classes & WORD) === 0) break;
      isNumber &&= (classes & DIGIT) !== 0;
    }
    if (at - start >= MIN_RUN) visit(start, at);
    else if (isNumber && !goesOn(text, at)) visitShort(start, at);
  }
}

/** In one comparison: it is asked for every letter. */
function isDigit(code: number) {
  return (code - 0x30) >>> 0 < 10;
}

/** Whether a number goes on behind a hyphen or a point. */
function goesOn(text: string, end: number) {
  const next = end < text.length ? text.charCodeAt(end) : 0;
  return next === HYPHEN || (next === FULL_STOP && isDigit(text.charCodeAt(end + 1) || 0));
}

const HYPHEN = 0x2d;
const FULL_STOP = 0x2e;

/** Visits each name in capitals with an underscore: `NTE_NOT_SUPPORTED`. */
export function eachName(text: string, visit: (start: number, end: number) => void): void {
  for (let at = text.indexOf("_"); at >= 0; ) {
    let start = at;
    while (start > 0 && classAt(text, start - 1) & WORD) start--;
    let end = at + 1;
    while (end < text.length && classAt(text, end) & WORD) end++;
    if (end - start >= MIN_NAME && end - start <= MAX_NAME && isCapital(text, start, end)) {
      visit(start, end);
    }
    at = text.indexOf("_", end);
  }
}

const MIN_NAME = 5;
const MAX_NAME = 80;

function isCapital(text: string, start: number, end: number) {
  const first = text.charCodeAt(start);
  if (first < 65 || first > 90) return false;
  for (let at = start; at < end; at++) {
    if (text.charCodeAt(at) >= 97) return false;
  }
  return true;
}

function classAt(text: string, at: number) {
  const letter = text.charCodeAt(at);
  return letter < 128 ? (CLASSES[letter] ?? 0) : 0;
}
