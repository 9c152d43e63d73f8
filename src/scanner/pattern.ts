/**
 * For `matchesAt`: matches where the text directly before the place fits the pattern, in any case.
 */
export function precededBy(pattern: RegExp): RegExp {
  return new RegExp(`(?<=${pattern.source})`, "iy");
}

/**
 * For `matchesAt`: matches where the text directly after the place fits the pattern, in any case.
 */
export function followedBy(pattern: RegExp): RegExp {
  return new RegExp(pattern.source, "iy");
}

/** Whether a sticky pattern matches at a place. */
export function matchesAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}
