import type { Item, Line, Span } from "../comment.ts";

/** Writes the parts of a comment in one markup. */
export interface Writer {
  span(span: Span): string;
  heading(line: string): string;
  paragraph(line: string): string;
  list(items: readonly Item[], ordered: boolean, line: (line: Line) => string): string;
  /** The text between two blocks. */
  readonly gap: string;
}

/**
 * Breaks up text that a ticket system may act on: `@name` and `#1` mention people and tickets, a
 * line that begins with `/` is a quick action, `{x}` and `${x}` are macros. Adds invisible word
 * joiners.
 */
export function disarm(text: string): string {
  if (!ARMED.test(text)) return text;
  return text
    .replace(/[@#!](?=[\p{L}\p{N}_[])/gu, "$&\u2060")
    .replace(/^\s*\//gm, "\u2060$&")
    .replace(/[{[](?=[\p{L}\p{N}_$:/])/gu, "$&\u2060");
}

const ARMED = /[@#!{[/]/;

/** Writes a list with indented lines, for plain text and Markdown. */
export function listLines(
  items: readonly Item[],
  ordered: boolean,
  line: (line: Line) => string,
): string {
  return items
    .map((item, index) => {
      const mark = ordered ? `${index + 1}. ` : "- ";
      const below = item.items.length > 0 ? `\n${listLines(item.items, false, line)}` : "";
      return mark + indent(line(item.line) + below, mark.length);
    })
    .join("\n");
}

function indent(text: string, width: number) {
  return text.replaceAll("\n", `\n${" ".repeat(width)}`);
}

/** Writes a list whose marks show the depth, as in wikis. An item must be a single line. */
export function listMarks(marks: { ordered: string; unordered: string }) {
  return (items: readonly Item[], ordered: boolean, line: (line: Line) => string): string =>
    writeMarks(items, ordered ? marks.ordered : marks.unordered, marks.unordered, line);
}

function writeMarks(
  items: readonly Item[],
  mark: string,
  below: string,
  line: (line: Line) => string,
): string {
  return items
    .flatMap((item) => [
      `${mark} ${line(item.line).replaceAll("\n", " ")}`,
      ...(item.items.length > 0 ? [writeMarks(item.items, mark + below, below, line)] : []),
    ])
    .join("\n");
}
