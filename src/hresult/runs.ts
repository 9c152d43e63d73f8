/** Letters, digits and underscores of ASCII: what a number is written in. Kana end a run. */
const WORD = 1;
/** Hex digits and the x of their prefix. */
const STOP = 2;
const DIGIT = 4;

const CLASSES = new Uint8Array(128);
for (let letter = 0; letter < 128; letter++) {
  const text = String.fromCharCode(letter);
  const classes = [
    /\w/.test(text) && WORD,
    /[0-9A-Fa-fxX]/.test(text) && STOP,
    /\d/.test(text) && DIGIT,
  ];
  CLASSES[letter] = classes.reduce<number>((sum, each) => sum + (each || 0), 0);
}

/** The shortest run of use: the first half of a code with a stray blank in it, `0x8007 0005`. */
const MIN_RUN = 6;

/**
 * Visits each run of letters, digits and underscores that holds a digit and may hold a code.
 *
 * A run of six has a letter at every sixth place: the others need not be looked at.
 */
export function eachRun(text: string, visit: (start: number, end: number) => void): void {
  const length = text.length;
  let at = MIN_RUN - 1;
  while (at < length) {
    if ((classAt(text, at) & STOP) === 0) {
      at += MIN_RUN;
      continue;
    }
    let digits = 0;
    let start = at + 1;
    for (let each = WORD; start > 0; start--) {
      each = classAt(text, start - 1);
      if ((each & WORD) === 0) break;
      digits |= each;
    }
    let end = at + 1;
    for (let each = WORD; end < length; end++) {
      each = classAt(text, end);
      if ((each & WORD) === 0) break;
      digits |= each;
    }
    if (digits & DIGIT && end - start >= MIN_RUN) visit(start, end);
    at = end + MIN_RUN;
  }
}

const MAX_SHORT = 5;

/** Visits each number of at most five digits which is no part of a word or of a longer number. */
export function eachShortNumber(text: string, visit: (start: number, end: number) => void): void {
  const length = text.length;
  for (let at = 0; at < length; at++) {
    if (!isDigit(text.charCodeAt(at))) continue;
    const start = at++;
    while (at < length && isDigit(text.charCodeAt(at))) at++;
    if (at - start > MAX_SHORT || (start > 0 && classAt(text, start - 1) & WORD)) continue;
    if (endsAt(text, at)) visit(start, at);
  }
}

/** In one comparison: it is asked for every letter. */
function isDigit(code: number) {
  return (code - 0x30) >>> 0 < 10;
}

/** Whether a number ends here, and goes on neither as a word nor behind a hyphen or a point. */
function endsAt(text: string, at: number) {
  const next = text.charCodeAt(at);
  if (next === FULL_STOP) return at + 1 === text.length || !isDigit(text.charCodeAt(at + 1));
  return next !== HYPHEN && (classAt(text, at) & WORD) === 0;
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
