import type { Span } from "./finding.ts";

const AND = [
  "and|or|und|oder|et|ou|y|o|e|i|lub|och|en|of|og|eller|ja|tai|ve|veya|és|vagy|nebo|и|или|then|dann|puis",
  "和|或|與|及|と|または|および|及び|続いて|와|과|및|또는",
].join("|");
/** What joins the codes of a list. */
const LIST = new RegExp(
  `^[\\s,;:/|()\\[\\]{}<>"'\`*+&、，；：・（）「」『』]{0,12}(?:(?:${AND})[\\s(（"'\`*]{0,3})?$`,
  "i",
);
/** The longest of them. */
const MAX_JOINT = 32;
/** How far apart the two spellings of one number stand. */
const MAX_PAIR_GAP = 16;

/** Whether two numbers are neighbours in a list. */
export function isListed(text: string, before: Span, { start }: Span): boolean {
  return (
    before.end <= start &&
    start - before.end <= MAX_JOINT &&
    LIST.test(text.slice(before.end, start))
  );
}

/** Whether a number stands so near behind another that they may be two spellings of one. */
export function isBeside(before: Span, { start }: Span): boolean {
  return start >= before.end && start - before.end <= MAX_PAIR_GAP;
}

/** The second number of Windows Setup, or the detail of Outlook, behind a code. */
const SECOND_HEX =
  /\s{0,2}[)\]]?\s{0,2}(?:[-–—−]\s{0,2}(?:0x)?|(?:[+/,]|,?\s?ext(?:ended)?\s?(?:error\s?)?(?:code)?\s?[:=]?)?\s{0,2}\(?0x)(0{0,5}[1-9A-F][0-9A-F]{2,5})(?![0-9A-Za-z])/iy;
/** Setup counts phases and operations in five or six digits; Outlook writes eight with zeros. */
const SETUP_PHASE = /^(?:[1-9A-F]0[0-9A-F]{3}|[1-9A-F]00[0-9A-F]{3})$/i;
const AADSTS = /AADSTS\d{4,7}/g;
/** How far from a code a number of Entra ID may stand, in UTF-16 units. */
const AADSTS_REACH = 160;

/**
 * The number that belongs to a code: `0x20017` behind "0xC1900101 - 0x20017", the detail that
 * Outlook puts behind a dash, or a number of Microsoft Entra ID near it; null when there is none.
 */
export function secondOf(text: string, { start, end }: Span): string | null {
  SECOND_HEX.lastIndex = end;
  const [whole = "", digits = ""] = SECOND_HEX.exec(text) ?? [];
  const number = digits.replace(/^0+/, "").toUpperCase();
  const isOfOutlook = digits.length >= 6 && digits.startsWith("0") && whole.startsWith("-0x");
  if (isOfOutlook || SETUP_PHASE.test(digits)) return `0x${number}`;
  const from = Math.max(0, start - AADSTS_REACH);
  const around = text.slice(from, end + AADSTS_REACH);
  if (!around.includes("AADSTS")) return null;
  const numbers = [...around.matchAll(AADSTS)];
  const behind = numbers.find(({ index }) => from + index >= end);
  return (behind ?? numbers.at(-1))?.[0] ?? null;
}
