import { toHresult } from "../hresult/hresult.ts";
import { areInOneList, secondNumberOf } from "./adjacency.ts";
import type { Candidate } from "./candidate.ts";
import type { Tables } from "./features.ts";
import type { Finding, Ignored, Scan } from "./finding.ts";
import type { Rule } from "./rules/rule.ts";

/** A candidate, and the rule that decided on it. */
export interface Decision {
  readonly candidate: Candidate;
  readonly rule: Rule;
}

/** Rules that decide only after every number of the text has its first decision. */
export const RESOLUTIONS = {
  beforeCode: {
    id: "list/before-code",
    verdict: "firm",
    because: "it stands before a code in the same list",
    when: [],
  },
  elsewhere: {
    id: "exclusion/elsewhere",
    verdict: "rejected",
    because: "the same number is excluded elsewhere in the text, and nothing names an error here",
    when: [],
  },
} as const satisfies Record<string, Rule>;

/** How many rejected numbers a scan reports. */
export const MAX_IGNORED = 1_000;

/**
 * The code of a candidate, unsigned. A Win32 error becomes an HRESULT. Null for a malformed token.
 */
export function codeOf(candidate: Candidate): number | null {
  if (candidate.kind === "malformed") return null;
  return candidate.kind === "win32" ? 0x80070000 + candidate.value : candidate.value;
}

/**
 * Turns decisions into findings, each code once.
 *
 * @param decisions In the order of the text.
 */
export function resolve(
  text: string,
  decisions: readonly Decision[],
  tables: Tables,
): Pick<Scan, "findings" | "ignored"> {
  const reconciled = reconcile(text, decisions, tables);
  const byCode = Map.groupBy(
    reconciled.filter(({ rule }) => rule.verdict !== "rejected"),
    ({ candidate }) => codeOf(candidate) ?? 0,
  );
  const findings = [...byCode].map(([code, accepted]) => toFinding(text, code, accepted));
  const ignored = reconciled.filter(({ rule }) => rule.verdict === "rejected");
  return {
    findings: findings.sort((a, b) => a.start - b.start),
    ignored: ignored.slice(0, MAX_IGNORED).map(toIgnored),
  };
}

/**
 * Changes decisions that depend on other decisions: a list confirms its tentative members; an
 * exclusion that applies to all occurrences of a number rejects those that only context supports.
 */
export function reconcile(
  text: string,
  decisions: readonly Decision[],
  tables: Tables,
): readonly Decision[] {
  return rejectExcluded(confirmLists(text, decisions, tables));
}

/** How many tentative members before a firm one a list may confirm. */
const MAX_LIST = 20;

function confirmLists(text: string, decisions: readonly Decision[], { facilities }: Tables) {
  const confirmed = [...decisions];
  let length = 0;
  for (let at = confirmed.length - 2; at >= 0; at--) {
    const [one, next] = [confirmed[at], confirmed[at + 1]];
    const candidate = one?.candidate;
    const isConfirmed =
      length < MAX_LIST &&
      next?.rule.verdict === "firm" &&
      one?.rule.verdict === "tentative" &&
      candidate?.kind === "code" &&
      facilities.hasFacility(candidate.value) &&
      areInOneList(text, candidate, next.candidate);
    length = isConfirmed ? length + 1 : 0;
    if (isConfirmed) confirmed[at] = { candidate, rule: RESOLUTIONS.beforeCode };
  }
  return confirmed;
}

function rejectExcluded(decisions: readonly Decision[]) {
  const excluded = new Set(
    decisions
      .filter(({ rule }) => rule.appliesToAllOccurrences)
      .map(({ candidate }) => codeOf(candidate)),
  );
  if (excluded.size === 0) return decisions;
  for (const { candidate, rule } of decisions) {
    if (rule.verdict !== "rejected" && !isContextRule(rule)) excluded.delete(codeOf(candidate));
  }
  return decisions.map((each) =>
    each.rule.verdict !== "rejected" && excluded.has(codeOf(each.candidate))
      ? { ...each, rule: RESOLUTIONS.elsewhere }
      : each,
  );
}

/**
 * Whether a rule rests on the surrounding text alone: no keyword and no neighbour names an error.
 */
function isContextRule({ id }: Rule) {
  return id.startsWith("context/") || id.startsWith("number/");
}

function toFinding(text: string, code: number, accepted: readonly Decision[]): Finding {
  const [first] = accepted;
  const firm = accepted.find(({ rule }) => rule.verdict === "firm");
  const decided = firm ?? first;
  if (first === undefined || decided === undefined) throw new Error("a code without a decision");
  const { notation, start, end } = first.candidate;
  const second = firstNonNull(accepted, ({ candidate }) => secondNumberOf(text, candidate));
  return {
    code: toHresult(code),
    notation,
    start,
    end,
    tentative: firm === undefined,
    rule: decided.rule.id,
    ...(second !== null && { second }),
  };
}

function firstNonNull<T, R>(all: readonly T[], read: (each: T) => R | null): R | null {
  for (const each of all) {
    const found = read(each);
    if (found !== null) return found;
  }
  return null;
}

function toIgnored({ candidate, rule }: Decision): Ignored {
  const { notation, start, end } = candidate;
  const isNearMiss = candidate.kind === "malformed" && rule.id.startsWith("near-miss/");
  const near = isNearMiss
    ? candidate.corrections.filter((each) => each >= (rule.minCorrection ?? 0))
    : [];
  return {
    notation,
    start,
    end,
    rule: rule.id,
    reason: rule.because,
    ...(near.length > 0 && { near: near.map(toHresult) }),
  };
}
