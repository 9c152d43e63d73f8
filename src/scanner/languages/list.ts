/** Words, several to a line. */
export function list(...lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split(", "));
}
