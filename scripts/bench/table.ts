/** One part of what the benchmark prints. */
export interface Section {
  readonly title: string;
  /** Markdown. */
  readonly lines: readonly string[];
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, head.map(() => "---"), ...rows];
  return all.map((cells) => `| ${cells.join(" | ")} |`);
}
