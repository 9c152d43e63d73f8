import type { Hresult } from "../hresult/hresult.ts";
import { nameKey } from "../hresult/symbol-hash.ts";
import { openNeighbours } from "./adjacency.ts";
import { type Judged, judge, type Refused } from "./classify.ts";
import { openEvidence } from "./context-features.ts";
import { hasKnownFacility } from "./facility-ranges.ts";
import { type Notation, type Reading, read } from "./notation.ts";
import { eachName, eachRun } from "./tokens.ts";
import { readWin32 } from "./win32-decimal.ts";

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
/** A number that so often stood without a cue is taken for what it was until then. */
const MAX_JUDGEMENTS = 50;

/** Finds codes in text. Linear in the length of the text; each code is given once. */
export function scan(text: string): Scan {
  const findings = new Map<number, Judged>();
  const ignored: Refused[] = [];
  const judgements = new Map<number, number>();
  const settled = new Set<number>();
  const context = { evidence: openEvidence(text), neighbours: openNeighbours(text) };
  const ignore = (each: Refused) => {
    if (ignored.length < MAX_IGNORED) ignored.push(each);
  };
  const change = (value: number, { weak, cued }: Pick<Judged, "weak" | "cued">) => {
    const known = findings.get(value);
    if (known)
      findings.set(value, { ...known, weak: known.weak && weak, cued: known.cued || cued });
  };

  const take = (reading: Reading) => {
    const { value } = reading;
    const known = findings.get(value);
    const count = (judgements.get(value) ?? 0) + 1;
    judgements.set(value, count);
    if ((known?.cued && !known.weak) || count > MAX_JUDGEMENTS) {
      if (known && !known.weak) context.neighbours.noteCode(reading);
      return;
    }
    const judged = judge(text, reading, context);
    if ("reason" in judged) {
      if (judged.settles) settled.add(value);
      return ignore(judged);
    }
    if (known) change(value, judged);
    else findings.set(value, judged);
    if (judged.weak) return context.neighbours.noteWeak(reading);
    for (const vouched of context.neighbours.noteCode(reading)) {
      if (hasKnownFacility(vouched)) change(vouched, { weak: false, cued: true });
    }
  };

  const win32: Reading[] = [];
  eachRun(
    text,
    (start, end) => {
      const reading = read(text, start, end);
      if (reading === null) return;
      if ("value" in reading) take(reading);
      else ignore(reading);
    },
    (start, end) => {
      const number = readWin32(text, start, end);
      if (number === null) return;
      win32.push({ value: 0x80070000 + number, notation: "win32", start, end });
    },
  );
  win32.forEach(take);
  const all = [...findings].filter(([value, { cued }]) => cued || !settled.has(value));
  const inOrder = all.map(([, { cued: _, ...finding }]) => finding);
  return {
    findings: inOrder.sort((a, b) => a.start - b.start),
    names: findNames(text),
    ignored: ignored.map(({ settles: _, ...each }) => each),
  };
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
