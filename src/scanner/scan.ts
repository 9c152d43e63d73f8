import { symbolKey } from "../hresult/symbol-hash.ts";
import { openNeighbours } from "./adjacency.ts";
import { type Judged, judge, type Refused } from "./classify.ts";
import { openEvidence } from "./context-features.ts";
import { hasKnownFacility } from "./facility-ranges.ts";
import type { Named, Scan } from "./finding.ts";
import { type Reading, read } from "./notation.ts";
import { eachName, eachRun } from "./tokens.ts";
import { readWin32 } from "./win32-decimal.ts";

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
    const key = symbolKey(text.slice(start, end));
    if (!names.has(key)) names.set(key, { key, start, end });
  });
  return [...names.values()];
}
