import type { SetUpFinding } from "../connector.ts";

/** For a set-up check: a fault, unless a condition holds. */
export function faultUnless(isWell: boolean, sentence: string): SetUpFinding[] {
  return isWell ? [] : [{ kind: "fault", sentence }];
}

/** For a set-up check: a hint, unless a condition holds. */
export function hintUnless(isWell: boolean, sentence: string): SetUpFinding[] {
  return isWell ? [] : [{ kind: "hint", sentence }];
}
