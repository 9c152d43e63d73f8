import { folded } from "./keywords.ts";
import type { PhraseMatcher } from "./phrase-matcher.ts";

/** Where the words of a list stand in a text; the text is read once, and only where it is asked. */
export interface WordIndex {
  /** Whether a word begins between two places. */
  has(from: number, to: number): boolean;
}

/** How much is read at a time, in UTF-16 units. */
const PIECE = 256;
/** The longest word: it may reach from one piece into the next. */
const OVERLAP = 48;

export function createWordIndex<T>(text: string, words: PhraseMatcher<T>): WordIndex {
  /** What was read: from `low` to `high`, with the starts of the words in it. */
  let low = 0;
  let high = 0;
  let starts: number[] = [];

  const readTo = (to: number) => {
    while (high < to && high < text.length) {
      // One letter more in front: it tells whether a word begins there.
      const lead = high > 0 ? 1 : 0;
      const piece = folded(text.slice(high - lead, high + PIECE + OVERLAP));
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
