import type { Block, Comment, Item, Line, Span } from "./comment.ts";

/** How a ticket system takes a comment. */
export type Markup = "text" | "markdown" | "html";

/** What one markup makes of the parts of a comment. */
interface Writer {
  span(span: Span): string;
  heading(line: string): string;
  paragraph(line: string): string;
  list(items: readonly Item[], ordered: boolean, line: (line: Line) => string): string;
  readonly gap: string;
}

/**
 * Writes a comment in a markup.
 *
 * @param maxLength UTF-16 units. What does not fit is cut in whole lines from the end, and said.
 */
export function format(comment: Comment, markup: Markup, maxLength = Number.POSITIVE_INFINITY) {
  const writer = WRITERS[markup];
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

/** Takes away the last line, and a heading that would be left alone. */
function withoutLast(blocks: readonly Block[]): readonly Block[] {
  const rest = blocks.slice(0, -1);
  const last = blocks.at(-1);
  if (last?.kind === "list" && last.items.length > 1) {
    return [...rest, { ...last, items: last.items.slice(0, -1) }];
  }
  return rest.at(-1)?.kind === "heading" ? rest.slice(0, -1) : rest;
}

/**
 * Breaks what a ticket system may act on: `@name` and `#1` call people and tickets, a line that
 * begins with `/` is a quick action, `{x}` and `${x}` are macros. An invisible word joiner does it.
 */
function disarm(text: string) {
  if (!ARMED.test(text)) return text;
  return text
    .replace(/[@#!](?=[\p{L}\p{N}_[])/gu, "$&\u2060")
    .replace(/^\s*\//gm, "\u2060$&")
    .replace(/[{[](?=[\p{L}\p{N}_$:/])/gu, "$&\u2060");
}

const ARMED = /[@#!{[/]/;

function escapeHtml(text: string) {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

function escapeMarkdown(text: string) {
  return text
    .replace(/[\\`*_{}[\]<>()#+!|~&]/g, "\\$&")
    .replace(/^[-=]/gm, "\\$&")
    .replace(/^(\d+)\.(?=\s|$)/gm, "$1\\.");
}

/** A code span is shown as typed; its fence is longer than any run of backticks in it. */
function codeSpan(text: string) {
  const runs = text.match(/`+/g) ?? [];
  const fence = "`".repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  const pad = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return fence + pad + text.replaceAll("\n", " ") + pad + fence;
}

function indent(text: string, width: number) {
  return text.replaceAll("\n", `\n${" ".repeat(width)}`);
}

/** A list in lines; the same for plain text and for Markdown. */
function listLines(items: readonly Item[], ordered: boolean, line: (line: Line) => string): string {
  return items
    .map((item, index) => {
      const mark = ordered ? `${index + 1}. ` : "- ";
      const below = item.items.length > 0 ? `\n${listLines(item.items, false, line)}` : "";
      return mark + indent(line(item.line) + below, mark.length);
    })
    .join("\n");
}

function listHtml(items: readonly Item[], ordered: boolean, line: (line: Line) => string): string {
  const tag = ordered ? "ol" : "ul";
  const rows = items.map((item) => {
    const below = item.items.length > 0 ? listHtml(item.items, false, line) : "";
    return `<li>${line(item.line)}${below}</li>`;
  });
  return `<${tag}>${rows.join("")}</${tag}>`;
}

const WRITERS: Readonly<Record<Markup, Writer>> = {
  text: {
    span: (span) => disarm(span.text) + (span.kind === "link" ? ` <${span.url}>` : ""),
    heading: (line) => `\n${line}`,
    paragraph: (line) => line,
    list: listLines,
    gap: "\n",
  },
  markdown: {
    span(span) {
      if (span.kind === "code") return codeSpan(span.text);
      const text = escapeMarkdown(disarm(span.text));
      return span.kind === "link" ? `[${text}](<${new URL(span.url).href}>)` : text;
    },
    heading: (line) => `**${line}**`,
    paragraph: (line) => line,
    list: listLines,
    gap: "\n\n",
  },
  html: {
    span(span) {
      const text = escapeHtml(disarm(span.text));
      if (span.kind === "code") return `<code>${text}</code>`;
      return span.kind === "link" ? `<a href="${escapeHtml(span.url)}">${text}</a>` : text;
    },
    heading: (line) => `<p><b>${line}</b></p>`,
    paragraph: (line) => `<p>${line}</p>`,
    list: listHtml,
    gap: "\n",
  },
};
