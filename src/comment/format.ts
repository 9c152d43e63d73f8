import type { Block, Comment, Line } from "./comment.ts";
import { backlog } from "./markups/backlog.ts";
import { html } from "./markups/html.ts";
import { jira } from "./markups/jira.ts";
import { markdown } from "./markups/markdown.ts";
import type { Writer } from "./markups/markup.ts";
import { text } from "./markups/text.ts";
import { textile } from "./markups/textile.ts";

const WRITERS = { text, markdown, html, jira, textile, backlog } satisfies Record<string, Writer>;

/** The markup of a ticket system. */
export type Markup = keyof typeof WRITERS;

/**
 * Writes a comment in a markup.
 *
 * @param maxLength UTF-16 units. A longer comment loses whole lines from its end, and says so.
 */
export function format(comment: Comment, markup: Markup, maxLength = Number.POSITIVE_INFINITY) {
  const writer: Writer = WRITERS[markup];
  const line = (spans: Line) => spans.map((each) => writer.span(each)).join("");
  const write = (blocks: readonly Block[], ending: readonly Line[]) =>
    [
      ...blocks.map((block) => writeBlock(block, writer, line)),
      ...ending.map((each) => writer.paragraph(line(each))),
    ]
      .join(writer.gap)
      .trim();

  const whole = write(comment.blocks, [comment.footer]);
  if (whole.length <= maxLength) return whole;
  let blocks = comment.blocks;
  let shortened = whole;
  while (shortened.length > maxLength && blocks.length > 0) {
    blocks = withoutLast(blocks);
    shortened = write(blocks, [comment.shortened, comment.footer]);
  }
  return shortened;
}

function writeBlock(block: Block, writer: Writer, line: (line: Line) => string) {
  if (block.kind === "list") return writer.list(block.items, block.ordered, line);
  return writer[block.kind](line(block.line));
}

/** Removes the last line, and a heading that would have nothing below it. */
function withoutLast(blocks: readonly Block[]): readonly Block[] {
  const rest = blocks.slice(0, -1);
  const last = blocks.at(-1);
  if (last?.kind === "list" && last.items.length > 1) {
    return [...rest, { ...last, items: last.items.slice(0, -1) }];
  }
  return rest.at(-1)?.kind === "heading" ? rest.slice(0, -1) : rest;
}
