import { foldCase } from "./keywords.ts";
import type { PhraseMatcher } from "./phrase-matcher.ts";

/** An index of the words of a list in a text. The text is read once, and only where needed. */
export interface WordIndex {
  /** Whether a word begins in a range: UTF-16 units, `to` not included. */
  has(from: number, to: number): boolean;
}

/** How much is read at a time, in UTF-16 units. */
const PIECE = 256;
/** The longest word, in UTF-16 units: it may reach into the next piece. */
const OVERLAP = 48;

export function createWordIndex<T>(text: string, words: PhraseMatcher<T>): WordIndex {
  /** The part read so far: from `low` to `high`, with the starts of its words. */
  let low = 0;
  let high = 0;
  let starts: number[] = [];

  const readTo = (to: number) => {
    while (high < to && high < text.length) {
      // The character before the piece shows whether a word begins at its start.
      const lead = high > 0 ? 1 : 0;
      const piece = foldCase(text.slice(high - lead, high + PIECE + OVERLAP));
      const start = (words.firstIn(piece, lead)?.start ?? Number.POSITIVE_INFINITY) - lead;
      if (start < PIECE) starts.push(high + start);
      high += Math.min(PIECE, start + 1);
    }
  };

  return {
    has(from, to) {
      if (from > high || from < low) {
        low = from;
        high = from;
        starts = [];
      }
      readTo(Math.min(to, text.length));
      for (let last = starts.length - 1; last >= 0; last--) {
        const start = starts[last] ?? 0;
        if (start < from) return false;
        if (start < to) return true;
      }
      return false;
    },
  };
}
