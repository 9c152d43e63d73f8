/**
 * How a picture was read. `silent`: a code is missing, and none is wrong. `wrong`: a code was read
 * that is not in the picture.
 */
export type Verdict = "exact" | "silent" | "wrong";

/** @param expected The codes that are in the picture. */
export function judge(found: readonly string[], expected: readonly string[]): Verdict {
  if (found.some((code) => !expected.includes(code))) return "wrong";
  return expected.every((code) => found.includes(code)) ? "exact" : "silent";
}

/** Counts verdicts. */
export function tally(verdicts: readonly Verdict[]): Readonly<Record<Verdict, number>> {
  const count = (verdict: Verdict) => verdicts.filter((each) => each === verdict).length;
  return { exact: count("exact"), silent: count("silent"), wrong: count("wrong") };
}
