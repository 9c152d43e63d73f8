import type { Span } from "../finding.ts";

/** A text that was made from a source text, with a map back to it. */
export interface PlainText {
  readonly text: string;
  /** The place in the source that became a place in `text`. */
  sourceOf(place: Span): Span;
}

/**
 * How a match is replaced: by a text; by a text that replaces the source between `from` and `until`,
 * where the source before `from` stays; or by the `keep` parts of the match, each on a line of its
 * own.
 */
export type Change =
  | string
  | { readonly from: number; readonly text: string; readonly until: number }
  | { readonly keep: readonly Span[] };

/** A stretch of the new text: copied from the source, or the replacement of a match. */
interface Stretch {
  readonly start: number;
  readonly source: Span;
  readonly copied: boolean;
}

/**
 * Replaces the matches of a pattern, and records where each part of the new text came from.
 *
 * @param pattern With the flag `g`.
 */
export function edit(
  source: string,
  pattern: RegExp,
  change: (match: RegExpExecArray) => Change,
): PlainText {
  const parts: string[] = [];
  const stretches: Stretch[] = [];
  let length = 0;
  let done = 0;
  const put = (text: string, from: Span, copied: boolean) => {
    if (text === "") return;
    stretches.push({ start: length, source: from, copied });
    parts.push(text);
    length += text.length;
  };
  const copy = (start: number, end: number) => {
    put(source.slice(start, end), { start, end }, true);
  };

  pattern.lastIndex = 0;
  for (let match = pattern.exec(source); match; match = pattern.exec(source)) {
    const end = match.index + match[0].length;
    const made = change(match);
    copy(done, match.index);
    done = typeof made !== "string" && "until" in made ? made.until : end;
    const here = { start: match.index, end: done };
    if (typeof made === "string") put(made, here, false);
    else if ("until" in made) {
      copy(match.index, made.from);
      put(made.text, { start: made.from, end: done }, false);
    } else {
      for (const kept of made.keep) {
        put("\n", { start: kept.start, end: kept.start }, false);
        copy(kept.start, kept.end);
      }
      put("\n", here, false);
    }
    pattern.lastIndex = done;
  }
  copy(done, source.length);

  return {
    text: parts.join(""),
    sourceOf: ({ start, end }) => ({
      start: placeOf(stretches, start).start,
      end: placeOf(stretches, end - 1).end,
    }),
  };
}

/** The place in the source of one character of the new text. */
function placeOf(stretches: readonly Stretch[], at: number): Span {
  let low = 0;
  let high = stretches.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((stretches[middle]?.start ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  const stretch = stretches[low];
  if (stretch === undefined) return { start: at, end: at + 1 };
  if (!stretch.copied) return stretch.source;
  const start = stretch.source.start + at - stretch.start;
  return { start, end: start + 1 };
}
