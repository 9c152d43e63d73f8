import type { Features } from "../features.ts";
import type { Verdict } from "../finding.ts";

/** What a rule looks at. */
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

/** A row of the decision list. */
export interface Rule {
  /** Stable: part of the API of `POST /scan`, of `--explain` and of the log. */
  readonly id: `${Tier}/${string}`;
  readonly verdict: Verdict;
  /** One sentence for a person. */
  readonly because: string;
  /** The rule decides when all of them hold. */
  readonly when: readonly Condition[];
  /** What this exclusion says of one occurrence of a number holds for its other occurrences. */
  readonly speaksForNumber?: true;
  /** Of the codes near a misspelt one, only those from this number on can have been meant. */
  readonly nearFrom?: number;
}

export type Condition = (f: Features) => boolean;

/** Whether a rule decides on a candidate. */
export function decides({ when }: Rule, features: Features): boolean {
  return when.every((condition) => condition(features));
}
