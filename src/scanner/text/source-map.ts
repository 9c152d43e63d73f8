import type { Span } from "../finding.ts";

/** A text made from another, with the way back. */
export interface PlainText {
  readonly text: string;
  /** The place in the source from which a place in `text` was made. */
  sourceOf(place: Span): Span;
}

/** What becomes of a match: other text; other text for a longer stretch; or parts of it, kept apart. */
export type Change =
  | string
  | { readonly text: string; readonly until: number }
  | { readonly keep: readonly Span[] };

/** Stretches of the new text in order: copied letter by letter, or put in place of something. */
interface Stretch {
  readonly start: number;
  readonly source: Span;
  readonly copied: boolean;
}

/** Replaces what a pattern (global) matches, and remembers where all the rest came from. */
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
    else if ("until" in made) put(made.text, here, false);
    else {
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

/** The place of one letter. */
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
