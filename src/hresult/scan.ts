import { type Hresult, toHresult } from "./hresult.ts";
import { nameKey } from "./name-key.ts";
import { type Notation, type Reading, read, readSplit } from "./notation.ts";
import { isFilling, isPlausible } from "./plausible.ts";
import { eachName, eachRun } from "./runs.ts";
import { hasCue, isLabelledOtherwise, objection, WIN32_NUMBER } from "./surroundings.ts";

/** A place in the text: UTF-16 units, `end` not included. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** A code with its notation and its place in the text. */
export interface Finding extends Place {
  readonly code: Hresult;
  readonly notation: Notation;
  /** Nothing near it says that it is an error code: it counts only when the catalog knows it. */
  readonly weak: boolean;
}

/** A word that looks like a symbol: it counts when the catalog knows its key. */
export interface Named extends Place {
  readonly key: string;
}

/** What only looks like a code, and why it is none. */
export interface Ignored extends Place {
  readonly notation: Notation;
  readonly reason: string;
  /** For a code with a digit too few or too many: what it may have been. */
  readonly near?: readonly Hresult[];
}

export interface Scan {
  /** Each code once, where it first appears, in that order. */
  readonly findings: readonly Finding[];
  readonly names: readonly Named[];
  /** The first of them: a log may hold very many. */
  readonly ignored: readonly Ignored[];
}

const MAX_IGNORED = 1_000;
const MAX_NAMES = 1_000;
/** In decimal, numbers below this are near the smallest one of 32 bits, and stand for it. */
const NEAR_SMALLEST = 0x80000100;
/** A number that so often stood without a cue is taken for what it was until then. */
const MAX_JUDGEMENTS = 50;

/** Finds codes in text. Linear in the length of the text; each code is given once. */
export function scan(text: string): Scan {
  const findings = new Map<number, Finding>();
  const ignored: Ignored[] = [];
  const judgements = new Map<number, number>();
  const take = (reading: Reading) => {
    const known = findings.get(reading.value);
    if (known && !known.weak) return;
    const count = (judgements.get(reading.value) ?? 0) + 1;
    if (count > MAX_JUDGEMENTS) return;
    judgements.set(reading.value, count);
    const judged = judge(text, reading);
    if ("reason" in judged) {
      if (ignored.length < MAX_IGNORED) ignored.push(judged);
    } else if (!known) findings.set(reading.value, judged);
    else if (!judged.weak) findings.set(reading.value, { ...known, weak: false });
  };

  eachRun(text, (start, end) => {
    const reading = readSplit(text, start, end) ?? read(text, start, end);
    if (reading === null) return;
    if ("value" in reading) take(reading);
    else if (ignored.length < MAX_IGNORED) ignored.push(reading);
  });
  for (const reading of win32Numbers(text)) take(reading);
  const inOrder = [...findings.values()].sort((a, b) => a.start - b.start);
  return { findings: inOrder, names: findNames(text), ignored };
}

function judge(text: string, { value, notation, start, end }: Reading): Finding | Ignored {
  const refuse = (reason: string): Ignored => ({ notation, start, end, reason });
  const accept = (weak: boolean): Finding => ({
    code: toHresult(value),
    notation,
    start,
    end,
    weak,
  });
  if (notation === "win32") return accept(false);
  if (value < 0x80000000) return refuse("a success or information value");
  if (isFilling(value.toString(16).toUpperCase())) return refuse("a pattern, not a code");
  if (isLabelledOtherwise(text, start)) return refuse("labelled as another number");
  if (hasCue(text, start)) return accept(!isPlausible(value));

  // Sizes, counts and IPv4 addresses are as large as an NTSTATUS in decimal.
  if (notation === "decimal_unsigned" && value >= 0xc0000000)
    return refuse("no cue word beside it");
  if (notation.startsWith("decimal") && value < NEAR_SMALLEST)
    return refuse("no cue word beside it");
  const against = objection(text, start, end);
  if (against) return refuse(against);
  return accept(notation !== "hex" || !isPlausible(value));
}

function findNames(text: string): Named[] {
  const names = new Map<string, Named>();
  eachName(text, (start, end) => {
    if (names.size >= MAX_NAMES) return;
    const key = nameKey(text.slice(start, end));
    if (!names.has(key)) names.set(key, { key, start, end });
  });
  return [...names.values()];
}

/** Numbers beside words such as "system error", which are Win32 errors in decimal. */
function* win32Numbers(text: string): Generator<Reading> {
  for (const match of text.matchAll(WIN32_NUMBER)) {
    const number = Number(match.groups?.number);
    const start = match.index + match[0].length - (match.groups?.number ?? "").length;
    const end = match.index + match[0].length;
    if (number === 0 || number > 0xffff || isErrno(text, match.index, number)) continue;
    yield { value: 0x80070000 + number, notation: "win32", start, end };
  }
}

/** Above these, no errno of Linux is left. */
const MAX_ERRNO = 133;
const WINDOWS_NEAR =
  /[A-Z]:\\|The (?:system|process|file|directory|filename|parameter) |Access is denied|\.exe\b|\.dll\b|Windows/;

/** "os error 28" is what Rust writes on Linux as well; there it is an errno. */
function isErrno(text: string, at: number, number: number) {
  if (number > MAX_ERRNO || !/^os.?error/.test(text.slice(at, at + 9))) return false;
  return !WINDOWS_NEAR.test(text.slice(Math.max(0, at - 200), at + 200));
}
