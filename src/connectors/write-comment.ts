import { format, type Markup } from "../comment/format.ts";
import type { CommentForm, MarkerPlace, Posting } from "./connector.ts";

/**
 * Writes a comment for a ticket system: in its markup, within its maximum length, with the marker.
 */
export function writeComment(
  { comment, marker }: Posting,
  form: Omit<CommentForm, "internal">,
): string {
  const { markup, maxLength = Number.POSITIVE_INFINITY, marker: place } = form;
  const { before = "", after = "" } = AROUND[place](marker, markup);
  return before + format(comment, markup, maxLength - before.length - after.length) + after;
}

interface Around {
  readonly before?: string;
  readonly after?: string;
}

/** The text before or after a comment, for each place of the marker. */
const AROUND: Readonly<Record<MarkerPlace, (marker: string, markup: Markup) => Around>> = {
  // Visible, because these ticket systems remove everything that could hide it.
  "last-line": (marker, markup) => ({ after: lastLine(marker, markup) }),
  // On a line of its own, so that no database cuts or breaks it.
  "html-comment-first": (marker) => ({ before: `<!-- ${marker} -->\n` }),
  "html-comment-last": (marker) => ({ after: `\n\n<!-- ${marker} -->` }),
  // Markdown does not render a link definition without a reference.
  "link-definition": (marker) => ({ after: `\n\n[//]: # (${marker})` }),
  apart: () => ({}),
};

function lastLine(marker: string, markup: Markup) {
  if (markup === "html") return `\n<p>${marker}</p>`;
  return markup === "text" ? `\n${marker}` : `\n\n${marker}`;
}
