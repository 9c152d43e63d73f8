import { type Hresult, toHresult } from "../hresult/hresult.ts";
import { symbolKey } from "../hresult/symbol-hash.ts";
import type { Candidate } from "./candidate.ts";
import { Features, TABLES, type Tables } from "./features.ts";
import type { Notation, Scan, Span, SymbolMention, Verdict } from "./finding.ts";
import { parseEach, parseShortHex, parseShortNumber } from "./parse.ts";
import { codeOf, type Decision, MAX_IGNORED, reconcile, resolve } from "./resolve.ts";
import { RULES, type RuleSet } from "./rules/index.ts";
import { applies, type Rule } from "./rules/rule.ts";
import { mayBeWin32 } from "./small-number-filter.ts";
import { Surroundings } from "./surroundings.ts";
import { eachSymbol, eachToken } from "./tokens.ts";

const MAX_SYMBOLS = 1_000;
/** After so many occurrences of a number, further ones are not decided again. */
const MAX_OCCURRENCES = 50;
/** After so many occurrences without a decision, a small number is skipped. */
const MAX_UNDECIDED = 200;

/**
 * Finds Windows error codes in plain text. The time is linear in the length of the text.
 *
 * @example
 * scan("Setup failed with 0x80070005.").findings;
 * // [{ code: "0x80070005", notation: "hex", start: 18, end: 28, tentative: false,
 * //    rule: "keyword/beside-error" }]
 */
export function scan(text: string): Scan {
  return { ...resolve(text, decide(text, RULES, TABLES), TABLES), symbols: findSymbols(text) };
}

/** The decision on one number of a text. */
export interface Explanation extends Span {
  readonly notation: Notation;
  /** Null when the number cannot be a code. */
  readonly code: Hresult | null;
  readonly verdict: Verdict;
  readonly rule: string;
  readonly because: string;
}

/**
 * Lists the numbers on which a rule decided, with the rule; in the order of the text. Of one code
 * at most `MAX_OCCURRENCES` are listed.
 */
export function explain(
  text: string,
  rules: RuleSet = RULES,
  tables: Tables = TABLES,
): Explanation[] {
  return reconcile(text, decide(text, rules, tables), tables).map(({ candidate, rule }) => {
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

/** What is known so far about the occurrences of one code in a text. */
interface Occurrences {
  decided: number;
  undecided: number;
  /** The last rule that decided, or a firm one once there was one. */
  rule?: Rule;
}

/**
 * Applies the rules to each number of a text, in order. Numbers without a matching rule are left
 * out.
 */
function decide(text: string, rules: RuleSet, tables: Tables): Decision[] {
  const decisions: Decision[] = [];
  const surroundings = new Surroundings(text);
  const occurrences = new Map<number, Occurrences>();
  const occurrencesOf = (code: number | null): Occurrences => {
    if (code === null) return { decided: 0, undecided: 0 };
    // Signed, because V8 makes an object of a number of 32 bits without a sign.
    const known = occurrences.get(code | 0);
    if (known) return known;
    const none = { decided: 0, undecided: 0 };
    occurrences.set(code | 0, none);
    return none;
  };
  let previous: Decision | null = null;

  let malformed = 0;
  const decideOn = (candidate: Candidate | null) => {
    if (candidate === null) return;
    if (candidate.kind === "malformed" && ++malformed > MAX_IGNORED) return;
    const code = codeOf(candidate);
    const known = occurrencesOf(code);
    if (known.rule && known.decided >= MAX_OCCURRENCES) {
      previous = { candidate, rule: known.rule };
      return;
    }
    if (known.undecided >= MAX_UNDECIDED) return;
    const features = new Features(text, candidate, previous, surroundings, tables);
    const rule = rules[candidate.kind].find((each) => applies(each, features));
    if (rule === undefined) {
      known.undecided++;
      return;
    }
    previous = { candidate, rule };
    decisions.push(previous);
    known.decided++;
    if (known.rule?.verdict !== "firm") known.rule = rule;
  };

  eachToken(text, {
    token: (start, end) => parseEach(text, start, end, decideOn),
    shortHex: (start, end) => decideOn(parseShortHex(text.slice(start, end), start, end)),
    shortNumber: (start, end, isAmongNumbers) => {
      if (mayBeWin32(text, start, end, isAmongNumbers))
        decideOn(parseShortNumber(text, start, end));
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
