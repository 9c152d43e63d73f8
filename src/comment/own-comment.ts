import { MESSAGES } from "./locales/index.ts";

/**
 * Recognises comments of ours in texts. A ticket may quote one, as a reply by mail does. The codes
 * and words of a quoted comment must not count for the ticket.
 */

/** A stretch of a text, in UTF-16 units; `end` is not included. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Markup that may stand between the first words of a comment and the code. */
const MARKUP = "[^0-9A-Za-z]{0,12}(?:<code>|code|tt)?[^0-9A-Za-z]{0,4}";

/** The beginning of every comment: `Windows error 0x80070035`. */
const FIRST_LINE = new RegExp(
  `(?:${Object.values(MESSAGES)
    .map(({ firstWords }) => firstWords)
    .join("|")})${MARKUP}0x[0-9A-F]{8}`,
  "g",
);

/** The end of every comment: `Catalog 0123456789ab`. */
const VERSION = new RegExp(
  Object.values(MESSAGES)
    .map((each) => each.catalogVersion("[0-9a-f]{12}"))
    .join("|"),
  "g",
);

/** Finds quoted comments of ours, each from its first line to its catalog version, in order. */
export function quotedComments(text: string): Stretch[] {
  const versions = [...text.matchAll(VERSION)];
  if (versions.length === 0) return [];
  const firstLines = [...text.matchAll(FIRST_LINE)].map((match) => match.index);
  let next = 0;
  return versions.map((match) => {
    while ((firstLines[next] ?? match.index) < match.index) next++;
    return { start: firstLines[next - 1] ?? match.index, end: match.index + match[0].length };
  });
}

/** Whether a place lies in one of these stretches. They must be in order. */
export function isWithin(stretches: readonly Stretch[], at: number): boolean {
  let low = 0;
  for (let high = stretches.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if ((stretches[middle]?.end ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return (stretches[low]?.start ?? Number.POSITIVE_INFINITY) <= at;
}

/** Removes these stretches from a text. They must be in order. */
export function withoutStretches(text: string, stretches: readonly Stretch[]): string {
  if (stretches.length === 0) return text;
  const starts = [0, ...stretches.map(({ end }) => end)];
  return starts.map((start, index) => text.slice(start, stretches[index]?.start)).join("\n");
}

/** Whether other text stands before a comment of ours, so that it is a quotation. */
export function quotesComment(text: string): boolean {
  const words = text.replace(/<[^<>]*>/g, "\n").trimStart();
  const start = words.search(FIRST_LINE);
  return /[>\n]|.{100}/.test(words.slice(0, Math.max(0, start)));
}

/** Whether a text contains a catalog version, as every comment of ours does. */
export function namesVersion(text: string): boolean {
  return text.search(VERSION) >= 0;
}
