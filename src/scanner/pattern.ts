/** What stands right before a place, and what right behind it: tested at the place, in any case. */
export function before(pattern: RegExp | string): RegExp {
  return new RegExp(`(?<=${sourceOf(pattern)})`, "iy");
}

export function after(pattern: RegExp | string): RegExp {
  return new RegExp(sourceOf(pattern), "iy");
}

export function sourceOf(pattern: RegExp | string): string {
  return typeof pattern === "string" ? pattern : pattern.source;
}

export function holds(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}
