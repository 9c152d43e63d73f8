import type { Span } from "../finding.ts";
import { createMarkupChange, MARKUP } from "./html.ts";
import { changeWord, createPartChange, ENCODED_PART, ENCODED_WORD } from "./mail.ts";
import { createSignChange, MARKDOWN_SIGNS, SIGNS } from "./signs.ts";
import { type Change, edit, type PlainText } from "./source-map.ts";

/** How a text is marked up. */
export type Markup = "text" | "html" | "markdown";

/**
 * Converts a text to plain text, with a map back to the source. It decodes mail parts and words of
 * mail headers, HTML tags and entities, escapes of Markdown and of URLs, full-width characters
 * and look-alike letters, and removes invisible characters. The time is linear in the length.
 *
 * @example
 * const { text, sourceOf } = toPlainText("<p>Error 0x8007<b>0005</b></p>", "html");
 * // text: "\nError 0x80070005\n"; sourceOf({ start: 7, end: 17 }) is { start: 9, end: 22 }
 */
export function toPlainText(source: string, markup: Markup): PlainText {
  const steps: Step[] = [
    [ENCODED_PART, createPartChange],
    [ENCODED_WORD, () => changeWord],
  ];
  if (markup === "html") steps.push([MARKUP, createMarkupChange]);
  steps.push([markup === "markdown" ? MARKDOWN_SIGNS : SIGNS, createSignChange]);
  return steps.reduce<PlainText>((before, step) => then(before, step), {
    text: source,
    sourceOf: (span) => span,
  });
}

type Step = readonly [
  pattern: RegExp,
  createChange: (text: string) => (match: RegExpExecArray) => Change,
];

function then(before: PlainText, [pattern, createChange]: Step): PlainText {
  if (before.text.search(pattern) < 0) return before;
  const next = edit(before.text, pattern, createChange(before.text));
  return { text: next.text, sourceOf: (span: Span) => before.sourceOf(next.sourceOf(span)) };
}
