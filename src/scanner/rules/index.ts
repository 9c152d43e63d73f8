import type { Candidate } from "../candidate.ts";
import { CONTEXT_RULES, KEYWORD_RULES } from "./code.ts";
import { EXCLUSIONS } from "./exclusions.ts";
import { MALFORMED_RULES } from "./malformed.ts";
import { NUMBER_RULES } from "./number.ts";
import type { Rule } from "./rule.ts";
import { WIN32_RULES } from "./win32.ts";

/** The decision lists, one for each kind of candidate: the first rule that holds decides. */
export type RuleSet = Readonly<Record<Candidate["kind"], readonly Rule[]>>;

export const RULES: RuleSet = {
  malformed: MALFORMED_RULES,
  code: [...NUMBER_RULES, ...EXCLUSIONS, ...KEYWORD_RULES, ...CONTEXT_RULES],
  win32: WIN32_RULES,
};
