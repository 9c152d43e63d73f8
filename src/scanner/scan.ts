import { type Hresult, toHresult } from "../hresult/hresult.ts";
import { symbolKey } from "../hresult/symbol-hash.ts";
import type { Candidate } from "./candidate.ts";
import { Features, type Previous, TABLES, type Tables } from "./features.ts";
import type { Notation, Scan, Span, SymbolMention, Verdict } from "./finding.ts";
import { parse, parseShortHex, parseShortNumber } from "./parse.ts";
import { codeOf, type Decision, MAX_IGNORED, resolve, settle } from "./resolve.ts";
import { RULES, type RuleSet } from "./rules/index.ts";
import { decides } from "./rules/rule.ts";
import { Surroundings } from "./surroundings.ts";
import { eachSymbol, eachToken } from "./tokens.ts";
import { mayBeWin32 } from "./windows-errors.ts";

const MAX_SYMBOLS = 1_000;
/** A number that occurs so often is taken for what it was until then. */
const MAX_OCCURRENCES = 50;
/** A small number on which no rule decided so often is not looked at again. */
const MAX_UNDECIDED = 200;

/**
 * Finds Windows error codes in plain text. Linear in the length of the text.
 *
 * @example
 * scan("Setup failed with 0x80070005.").findings;
 * // [{ code: "0x80070005", notation: "hex", start: 18, end: 28, tentative: false,
 * //    rule: "keyword/beside-error" }]
 */
export function scan(text: string): Scan {
  return { ...resolve(text, decide(text, RULES, TABLES), TABLES), symbols: findSymbols(text) };
}

/** What was decided on one number of a text. */
export interface Explanation extends Span {
  readonly notation: Notation;
  /** Null when it cannot be one. */
  readonly code: Hresult | null;
  readonly verdict: Verdict;
  readonly rule: string;
  readonly because: string;
}

/** Tells of every number in a text that was looked at which rule decided. */
export function explain(
  text: string,
  rules: RuleSet = RULES,
  tables: Tables = TABLES,
): Explanation[] {
  return settle(text, decide(text, rules, tables), tables).map(({ candidate, rule }) => {
    const code = codeOf(candidate);
    return {
      start: candidate.start,
      end: candidate.end,
      notation: candidate.notation,
      code: code !== null && code >= 0x80000000 ? toHresult(code) : null,
      verdict: rule.verdict,
      rule: rule.id,
      because: rule.because,
    };
  });
}

/** Decides on each number of a text, in order. A small number on which no rule decides is left out. */
function decide(text: string, rules: RuleSet, tables: Tables): Decision[] {
  const decisions: Decision[] = [];
  const surroundings = new Surroundings(text);
  const occurrences = new Map<number, { count: number; verdict: Verdict }>();
  const undecided = new Map<number, number>();
  let previous: Previous | null = null;

  let malformed = 0;
  const take = (candidate: Candidate | null) => {
    if (candidate === null) return;
    if (candidate.kind === "malformed" && ++malformed > MAX_IGNORED) return;
    const code = codeOf(candidate);
    const known = code === null ? undefined : occurrences.get(code);
    if (known && known.count >= MAX_OCCURRENCES) {
      previous = { candidate, verdict: known.verdict, isExcluded: false };
      return;
    }
    const left = code === null ? 0 : (undecided.get(code) ?? 0);
    if (left >= MAX_UNDECIDED) return;
    const features = new Features(text, candidate, previous, surroundings, tables);
    const rule = rules[candidate.kind].find((each) => decides(each, features));
    if (rule === undefined) {
      if (code !== null) undecided.set(code, left + 1);
      return;
    }
    decisions.push({ candidate, rule });
    previous = { candidate, verdict: rule.verdict, isExcluded: rule.speaksForNumber === true };
    if (code === null) return;
    occurrences.set(code, {
      count: (known?.count ?? 0) + 1,
      verdict: known?.verdict === "firm" ? "firm" : rule.verdict,
    });
  };

  eachToken(text, {
    token: (start, end) => take(parse(text, start, end)),
    shortHex: (start, end) => take(parseShortHex(text.slice(start, end), start, end)),
    shortNumber: (start, end) => {
      if (mayBeWin32(text, start, end)) take(parseShortNumber(text, start, end));
    },
  });
  return decisions;
}

function findSymbols(text: string): SymbolMention[] {
  const symbols = new Map<string, SymbolMention>();
  eachSymbol(text, (start, end) => {
    if (symbols.size >= MAX_SYMBOLS) return;
    const key = symbolKey(text.slice(start, end));
    if (!symbols.has(key)) symbols.set(key, { key, start, end });
  });
  return [...symbols.values()];
}
