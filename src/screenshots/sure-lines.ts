import { type Hresult, toHresult } from "../hresult/hresult.ts";
import type { Span } from "../scanner/finding.ts";
import { scan } from "../scanner/scan.ts";
import { toLines } from "./candidates.ts";
import type { Word } from "./engine.ts";
import type { SeenCode, Sight } from "./looks.ts";

/** How often numbers are taken out of a text: without one, another may become a code. */
const MAX_ROUNDS = 3;

/**
 * The text of a picture in which each code is one that several looks agreed on. All other numbers
 * that the scanner would take for a code are left out.
 *
 * Each agreed code stands once more on a line of its own: words that the engine cannot read, such
 * as Japanese ones, must not speak against it.
 */
export function sureLines({ words, codes }: Sight): string[] {
  const sure = new Set(codes.flatMap((each) => toCode(each) ?? []));
  const alone = new Set(codes.filter(isPlain).flatMap((each) => toCode(each) ?? []));
  let text = writeText(words, codes);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const unsure = unsurePlaces(text, sure);
    if (unsure.length === 0) return [...text.split("\n"), ...apart(alone)];
    text = erase(text, unsure);
  }
  return apart(alone);
}

/** Puts agreed codes in the place of what the first look read there. */
function writeText(words: readonly Word[], codes: readonly SeenCode[]): string {
  const texts = new Map<Word, string>();
  for (const code of codes) {
    for (const [index, word] of code.words.entries()) {
      texts.set(word, index === 0 ? write(code) : "");
    }
  }
  return toLines(words)
    .map((line) => line.map((word) => texts.get(word) ?? withoutSecond(word.text)))
    .map((line) => line.filter((text) => text !== "").join(" "))
    .join("\n");
}

function write({ notation, digits }: SeenCode): string {
  if (digits === null) return "";
  if (notation === "prefixed") return `0x${digits}`;
  return notation === "decimal" ? `-${digits}` : digits;
}

/** A number that chooses between meanings of a code is looked at once only: it is left out. */
function withoutSecond(text: string): string {
  return /0x|AADSTS/i.test(text) ? "" : text;
}

function toCode({ notation, digits }: SeenCode): Hresult | null {
  if (digits === null) return null;
  const number = notation === "decimal" ? -Number(digits) : Number.parseInt(digits, 16);
  const code = number >>> 0;
  if (code >= FIRST_CODE) return toHresult(code);
  return code <= LAST_WIN32_ERROR ? toHresult(WIN32_FACILITY | code) : null;
}

const FIRST_CODE = 0x80000000;
/** A Win32 error, which Windows may write as `0x00000709`, is a code of this facility. */
const WIN32_FACILITY = 0x80070000;
const LAST_WIN32_ERROR = 0xffff;

/** Eight digits without a prefix and without a letter may be anything, unless Windows writes such. */
function isPlain({ notation, digits }: SeenCode): boolean {
  if (notation === "decimal" || digits === null) return false;
  if (notation === "prefixed") return /^[89A-F]/.test(digits);
  return /[A-F]|^8018/.test(digits);
}

/** Where the scanner finds a code, or the misspelling of one, that is not sure. */
function unsurePlaces(text: string, sure: ReadonlySet<Hresult>): Span[] {
  const { findings, ignored } = scan(text);
  return [
    ...findings.filter(({ code }) => !sure.has(code)),
    ...ignored.filter(({ near }) => near !== undefined),
  ];
}

function erase(text: string, places: readonly Span[]): string {
  return places.reduce(
    (left, { start, end }) => left.slice(0, start) + " ".repeat(end - start) + left.slice(end),
    text,
  );
}

/** With a blank line before each, so that none is read as a part of another sentence. */
function apart(codes: ReadonlySet<Hresult>): string[] {
  return [...codes].flatMap((code) => ["", code]);
}
