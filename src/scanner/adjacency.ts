import type { Span } from "./finding.ts";

const CONJUNCTIONS = [
  "and|or|und|oder|et|ou|y|o|e|i|lub|och|en|of|og|eller|ja|tai|ve|veya|és|vagy|nebo|и|или|then|dann|puis",
  "和|或|與|及|と|または|および|及び|続いて|와|과|및|또는",
].join("|");
/** Punctuation and at most one conjunction: the text between two members of a list. */
const LIST_SEPARATOR = new RegExp(
  `^[\\s,;:/|()\\[\\]{}<>"'\`*+&、，；：・（）「」『』]{0,12}(?:(?:${CONJUNCTIONS})[\\s(（"'\`*]{0,3})?$`,
  "i",
);
/** The longest separator, in UTF-16 units. */
const MAX_SEPARATOR = 32;
/** The longest distance between two spellings of one number, in UTF-16 units. */
const MAX_PAIR_GAP = 16;

/** Whether two numbers are neighbours in a list such as "0x80070005, 0x80070002 and 0x80004005". */
export function areInOneList(text: string, before: Span, { start }: Span): boolean {
  return (
    before.end <= start &&
    start - before.end <= MAX_SEPARATOR &&
    LIST_SEPARATOR.test(text.slice(before.end, start))
  );
}

/** Whether a number follows another so closely that both may spell the same code. */
export function areAdjacent(before: Span, { start }: Span): boolean {
  return start >= before.end && start - before.end <= MAX_PAIR_GAP;
}

/** The number after a code: the phase of Windows Setup, or the detail code of Outlook. */
const SECOND_HEX =
  /\s{0,2}[)\]]?\s{0,2}(?:[-–—−]\s{0,2}(?:0x)?|(?:[+/,]|,?\s?ext(?:ended)?\s?(?:error\s?)?(?:code)?\s?[:=]?)?\s{0,2}\(?0x)(0{0,5}[1-9A-F][0-9A-F]{2,5})(?![0-9A-Za-z])/iy;
/** Phase and operation of Windows Setup in five or six digits. Outlook pads its number to eight. */
const SETUP_PHASE = /^(?:[1-9A-F]0[0-9A-F]{3}|[1-9A-F]00[0-9A-F]{3})$/i;
const AADSTS = /AADSTS\d{4,7}/g;
/** The longest distance between a code and its Entra ID number, in UTF-16 units. */
const AADSTS_REACH = 160;

/**
 * Finds the second number of a code: `0x20017` in "0xC1900101 - 0x20017", the detail code that
 * Outlook writes after a dash, or a nearby Microsoft Entra ID number such as `AADSTS50126`.
 *
 * @returns Null when the code has no second number.
 */
export function secondNumberOf(text: string, { start, end }: Span): string | null {
  SECOND_HEX.lastIndex = end;
  const [whole = "", digits = ""] = SECOND_HEX.exec(text) ?? [];
  const number = digits.replace(/^0+/, "").toUpperCase();
  const isOutlookDetail = digits.length >= 6 && digits.startsWith("0") && whole.startsWith("-0x");
  if (isOutlookDetail || SETUP_PHASE.test(digits)) return `0x${number}`;
  const from = Math.max(0, start - AADSTS_REACH);
  const around = text.slice(from, end + AADSTS_REACH);
  if (!around.includes("AADSTS")) return null;
  const numbers = [...around.matchAll(AADSTS)];
  const following = numbers.find(({ index }) => from + index >= end);
  return (following ?? numbers.at(-1))?.[0] ?? null;
}
