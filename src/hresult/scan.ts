import { isBrief, isOnWindows, speaksOfFailure, speaksOfHttp, standsAlone } from "./evidence.ts";
import { type Hresult, toHresult } from "./hresult.ts";
import { cueBefore, isLabelledOtherwise, isList, WIN32_NUMBER } from "./labels.ts";
import { nameKey } from "./name-key.ts";
import { type Notation, type Reading, read, readSplit } from "./notation.ts";
import { objection } from "./objections.ts";
import { hasKnownFacility, isFilling, isPlausible } from "./plausible.ts";
import { eachName, eachRun } from "./runs.ts";

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
  const findings = new Map<number, Judged>();
  const ignored: Refused[] = [];
  const judgements = new Map<number, number>();
  const settled = new Set<number>();
  const ignore = (each: Refused) => {
    if (ignored.length < MAX_IGNORED) ignored.push(each);
  };
  /** The end of the last number that is an error code for sure. */
  let last = -1;
  let before: Reading | null = null;

  const take = (reading: Reading) => {
    const known = findings.get(reading.value);
    if (known && !known.weak && known.cued) {
      last = reading.end;
      return;
    }
    const count = (judgements.get(reading.value) ?? 0) + 1;
    if (count > MAX_JUDGEMENTS) return;
    judgements.set(reading.value, count);
    const judged = judge(text, reading, last, isPair(before, reading));
    before = reading;
    if ("reason" in judged) {
      if (judged.settles) settled.add(reading.value);
      return ignore(judged);
    }
    if (!judged.weak) last = reading.end;
    if (!known) findings.set(reading.value, judged);
    else if (!judged.weak) {
      findings.set(reading.value, { ...known, weak: false, cued: known.cued || judged.cued });
    }
  };

  eachRun(text, (start, end) => {
    const reading = readSplit(text, start, end) ?? read(text, start, end);
    if (reading === null) return;
    if ("value" in reading) take(reading);
    else ignore(reading);
  });
  for (const reading of win32Numbers(text)) take(reading);
  const all = [...findings].filter(([value, { cued }]) => cued || !settled.has(value));
  const inOrder = all.map(([, { cued: _, ...finding }]) => finding);
  return {
    findings: inOrder.sort((a, b) => a.start - b.start),
    names: findNames(text),
    ignored: ignored.map(({ settles: _, ...each }) => each),
  };
}

/** `cued`: a word before it says that it is an error code. */
type Judged = Finding & { readonly cued: boolean };
/** `settles`: it is something else, and so is the same number elsewhere, where no word says more. */
type Refused = Ignored & { readonly settles?: boolean };

/** Nobody writes a number in hex and in decimal side by side but for a code. */
function isPair(before: Reading | null, { value, notation, start }: Reading) {
  if (before === null || before.value !== value || before.notation === notation) return false;
  if (notation === "hex_sign_extended") return false;
  return start >= before.end && start - before.end <= PAIR_GAP;
}

function judge(text: string, reading: Reading, last: number, paired: boolean): Judged | Refused {
  const { value, notation, start, end } = reading;
  const refuse = (reason: string): Refused => ({ notation, start, end, reason });
  const accept = (weak: boolean, cued: boolean): Judged => ({
    code: toHresult(value),
    notation,
    start,
    end,
    weak,
    cued,
  });
  if (notation === "win32") return accept(false, true);
  if (value < 0x80000000) return refuse("a success or information value");
  if (isFilling(value.toString(16).toUpperCase())) return refuse("a pattern, not a code");
  if (isLabelledOtherwise(text, start))
    return { ...refuse("labelled as another number"), settles: true };

  if (paired) return accept(!hasKnownFacility(value), true);

  const cue = cueBefore(text, start);
  if (cue === "code") return accept(!isPrefixed(notation) && !hasKnownFacility(value), true);
  const follows = last >= 0 && last <= start && isList(text.slice(last, start));
  if (cue === "error" || follows) return accept(!hasKnownFacility(value), true);

  if (isAnyNumber(reading)) return refuse("no cue word beside it");
  const against = objection(text, start, end);
  if (against) return { ...refuse(against), settles: true };
  if (isPrefixed(notation)) {
    const alone = isBrief(text) || standsAlone(text, start, end);
    const plausible = alone
      ? hasKnownFacility(value)
      : isPlausible(value) && speaksOfFailure(text, start, end);
    return accept(!plausible, false);
  }
  return accept(!isUnmistakable(text, reading) || !speaksOfFailure(text, start, end), false);
}

function isPrefixed(notation: Notation) {
  return notation === "hex" || notation === "hex_split" || notation === "hex_vb";
}

/** Sizes, counts, addresses and marks are written in the same way. */
function isAnyNumber({ value, notation }: Reading) {
  if (notation === "decimal_unsigned" && value >= 0xc0000000) return true;
  return notation.startsWith("decimal") && value < NEAR_SMALLEST;
}

const PAIR_GAP = 16;

/** Written without `0x`, and yet hardly anything else in a text that speaks of a failure. */
function isUnmistakable(text: string, { value, notation, start, end }: Reading) {
  if (notation === "decimal_signed") return UNMISTAKABLE.includes(value >>> 16);
  return notation === "hex_bare" && /^CAA[1-9A-F][0-9A-F]{4}$/.test(text.slice(start, end));
}

/** Upper halves which no count below zero reaches by chance: .NET, device registration, Intune. */
const UNMISTAKABLE = [0x8013, 0x801c, 0x8018, 0x8024, 0x87d0, 0x87d1, 0x87d2, 0x87d3];

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
    const end = match.index + match[0].length;
    const start = end - (match.groups?.number ?? "").length;
    if (number === 0 || number > 0xffff || isErrno(text, match.index, number)) continue;
    if (number >= 500 && number <= 504 && speaksOfHttp(text, start)) continue;
    yield { value: 0x80070000 + number, notation: "win32", start, end };
  }
}

/** Above these, no errno of Linux is left. */
const MAX_ERRNO = 133;

/** "os error 28" is what Rust writes on Linux as well; there it is an errno. */
function isErrno(text: string, at: number, number: number) {
  if (text.startsWith("OSError", at)) return true;
  return number <= MAX_ERRNO && /^os.?error/.test(text.slice(at, at + 9)) && !isOnWindows(text, at);
}
