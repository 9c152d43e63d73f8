import type { SetUpFinding } from "../connector.ts";

/** For a set-up check: what keeps comments away, unless all is well. */
export function faultUnless(isWell: boolean, sentence: string): SetUpFinding[] {
  return isWell ? [] : [{ kind: "fault", sentence }];
}

/** For a set-up check: what may be right as it is, unless all is well. */
export function hintUnless(isWell: boolean, sentence: string): SetUpFinding[] {
  return isWell ? [] : [{ kind: "hint", sentence }];
}
