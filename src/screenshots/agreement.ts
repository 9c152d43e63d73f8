import type { CandidateNotation } from "./candidates.ts";

/**
 * For each hex digit what a look with all letters may read in its place, apart from the digit. A
 * look that is limited to hex digits must choose one of them even for a letter that is none: the
 * first look shows what it was.
 */
const READ_AS: Readonly<Record<string, string>> = {
  0: "OoQUu@©®&°",
  1: "IilL|!t/",
  2: "Zz",
  5: "Ss$",
  6: "G",
  7: "Tt?/",
  8: "&§",
  9: "gq",
  B: "&§",
  C: "GO¢€(©",
  D: "O",
  E: "€",
  F: "Ptr",
};

/**
 * The digits in one reading of a place.
 *
 * @returns Eight hex digits in capitals, or nine or ten decimal ones; null for anything else.
 */
export function digitsIn(reading: string, notation: CandidateNotation): string | null {
  const text = reading.replace(/\s+/g, "").replace(/[Oo@©]/g, "0");
  if (notation === "decimal") return /[-−–—~](\d{9,10})(?!\d)/.exec(text)?.[1] ?? null;
  // What stands before the x does not count: a slashed nought is read as 9, 2, @ or nothing.
  const [, digits] = /[xX]([0-9A-Fa-f]+)/.exec(text) ?? [];
  if (digits !== undefined) return digits.length === 8 ? digits.toUpperCase() : null;
  if (notation === "prefixed") return null;
  const bare = text.replace(/^[^0-9A-Za-z]+|[^0-9A-Za-z]+$/g, "");
  return /^[0-9A-Fa-f]{8}$/.test(bare) ? bare.toUpperCase() : null;
}

/** How many readings have to agree at least. */
const MIN_READINGS = 2;
/** The same where the first look saw more or fewer letters, and says nothing of single digits. */
const MIN_READINGS_WITHOUT_FIRST_LOOK = 3;

/**
 * The digits that all readings agree on: enough of them say the same, none says another number, and
 * what the first look saw can have meant it.
 *
 * @param firstLook What was read with all letters allowed.
 * @param readings What {@link digitsIn} gave for each look.
 */
export function agreedDigits(
  firstLook: string,
  readings: readonly (string | null)[],
  notation: CandidateNotation,
): string | null {
  const said = readings.filter((each) => each !== null);
  const [digits] = said;
  if (digits === undefined || said.length < readingsNeeded(firstLook, notation)) return null;
  if (said.some((each) => each !== digits)) return null;
  const letters = lettersIn(firstLook);
  const isComparable = notation !== "decimal" && letters.length === digits.length;
  return !isComparable || mayMean(letters, digits) ? digits : null;
}

/** How many readings of a place are needed, by what the first look saw there. */
export function readingsNeeded(firstLook: string, notation: CandidateNotation): number {
  const saysDigits = notation === "decimal" || lettersIn(firstLook).length === 8;
  return saysDigits ? MIN_READINGS : MIN_READINGS_WITHOUT_FIRST_LOOK;
}

/** What a first look saw in the place of the digits: behind the x, or all of a word without one. */
function lettersIn(firstLook: string): string {
  const text = firstLook.replace(/\s+/g, "");
  const [, letters = ""] =
    /[xX×%*«»]([^():;,.'’]*)/.exec(text) ?? /^[^0-9A-Za-z@©&]*([^():;,.'’]*)/.exec(text) ?? [];
  return letters;
}

/** Whether letters can have been a sight of these digits. */
function mayMean(letters: string, digits: string): boolean {
  return [...letters].every((letter, index) => {
    const digit = digits[index] ?? "";
    if (/[0-9A-Fa-f]/.test(letter)) return letter.toUpperCase() === digit;
    return READ_AS[digit]?.includes(letter) ?? false;
  });
}
