/** One part of the benchmark's output. */
export interface Section {
  readonly title: string;
  /** Lines of Markdown. */
  readonly lines: readonly string[];
}

/** Formats milliseconds, small ones with one decimal. */
export function milliseconds(value: number): string {
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

/** Formats a table in Markdown. Returns its lines. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, head.map(() => "---"), ...rows];
  return all.map((cells) => `| ${cells.join(" | ")} |`);
}
