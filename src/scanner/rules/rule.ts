import type { Features } from "../features.ts";
import type { Verdict } from "../finding.ts";

/** The kind of evidence that a rule uses. */
export type Tier =
  | "notation"
  | "number"
  | "exclusion"
  | "pair"
  | "keyword"
  | "context"
  | "win32"
  | "near-miss"
  | "list";

/** A rule of a decision list. */
export interface Rule {
  /** Stable: part of the API of `POST /scan`, of `--explain` and of the log. */
  readonly id: `${Tier}/${string}`;
  readonly verdict: Verdict;
  /** One sentence for a person. */
  readonly because: string;
  /** The rule applies when all of them are true. */
  readonly when: readonly Condition[];
  /** This exclusion also rejects other occurrences of the same number. */
  readonly appliesToAllOccurrences?: true;
  /** The smallest code that a misspelt number may have been meant to be. */
  readonly minCorrection?: number;
}

export type Condition = (f: Features) => boolean;

/** Whether all conditions of a rule are true. */
export function applies({ when }: Rule, features: Features): boolean {
  return when.every((condition) => condition(features));
}
