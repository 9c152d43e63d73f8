import { codeUnitAt, lengthOf, unitWithin } from "./characters.ts";
import { createTrie, nextNode, ROOT, type Trie } from "./trie.ts";

/**
 * Finds many phrases in a text. The cost of a place does not grow with the number of phrases: they
 * are kept in two tries, one of them with the phrases reversed.
 *
 * Phrases and text must be in lower case. A blank or a dash within a phrase matches one of `BLANKS`,
 * CR LF, or nothing.
 */
export interface PhraseMatcher<T> {
  /** The first phrase at or after a place. A match never starts between two letters of ASCII. */
  firstIn(text: string, from?: number): PhraseMatch<T> | null;
  /**
   * Visits every phrase, overlapping ones included. A match never starts between two letters of
   * ASCII.
   */
  eachIn(text: string, visit: Visit<T>): void;
  /** The longest phrase that ends at a place. */
  endingAt(text: string, at: number): PhraseMatch<T> | null;
  /** The longest phrase that begins at a place. */
  startingAt(text: string, at: number): PhraseMatch<T> | null;
}

/** A phrase found in a text: UTF-16 units, `end` not included; and the value of the phrase. */
export interface PhraseMatch<T> {
  readonly start: number;
  readonly end: number;
  readonly value: T;
}

/** Receives a match; `end` is not included. No object is made for it, because matches are many. */
type Visit<T> = (value: T, start: number, end: number) => void;

/** Whether a match counts at its place: `pin` does not count within `spinning`. */
type Accept<T> = (value: T, text: string, start: number, end: number) => boolean;

/**
 * @param phrases Each phrase with its value. If a phrase occurs twice, the first value counts.
 * @param accept By default every match counts.
 *
 * @example
 * const matcher = createPhraseMatcher([["error code", 1]]);
 * matcher.endingAt("error-code: 5", 10); // { start: 0, end: 10, value: 1 }
 */
export function createPhraseMatcher<T>(
  phrases: readonly (readonly [string, T])[],
  accept: Accept<T> = () => true,
): PhraseMatcher<T> {
  const forward = createTrie(phrases);
  /** Made when it is first needed: most lists are never searched backwards. */
  let reversed: Trie<T> | undefined;
  const backward = () =>
    (reversed ??= createTrie(
      phrases.map(([phrase, value]) => [[...phrase].reverse().join(""), value] as const),
    ));
  const isFirst = new Uint8Array(0x10000);
  for (const [phrase] of phrases) isFirst[phrase.charCodeAt(0)] = 1;
  return {
    firstIn(text, from = 0) {
      const length = lengthOf(text);
      let before = codeUnitAt(text, from - 1);
      for (let at = from; at < length; at++) {
        const code = unitWithin(text, at);
        const isWithin = isSmallLetter(code) && isSmallLetter(before);
        before = code;
        if (isWithin || isFirst[code] === 0) continue;
        const found = longestMatch(forward, text, { node: ROOT, at, from: at, step: 1 }, accept);
        if (found) return found;
      }
      return null;
    },

    eachIn(text, visit) {
      const report: Visit<T> = (value, start, end) => {
        if (accept(value, text, start, end)) visit(value, start, end);
      };
      const length = lengthOf(text);
      let before = 0;
      for (let at = 0; at < length; at++) {
        const code = unitWithin(text, at);
        const isWithin = isSmallLetter(code) && isSmallLetter(before);
        before = code;
        if (!isWithin && isFirst[code] === 1) reportAll(forward, text, ROOT, at, at, report);
      }
    },

    endingAt: (text, at) =>
      longestMatch(backward(), text, { node: ROOT, at: at - 1, from: at, step: -1 }, accept),

    startingAt: (text, at) =>
      longestMatch(forward, text, { node: ROOT, at, from: at, step: 1 }, accept),
  };
}

function isSmallLetter(code: number) {
  return code >= 0x61 && code <= 0x7a;
}

/** A walk through text and trie: the current node and place, the start, and the direction. */
interface Walk {
  readonly node: number;
  readonly at: number;
  readonly from: number;
  readonly step: 1 | -1;
}

/** Follows the trie as far as the text matches, and returns the longest accepted phrase. */
function longestMatch<T>(
  trie: Trie<T>,
  text: string,
  { node: first, at: next, from, step }: Walk,
  accept: Accept<T>,
): PhraseMatch<T> | null {
  let best: PhraseMatch<T> | null = null;
  let node = first;
  for (let at = next; ; at += step) {
    const value = valueAt(trie, node);
    if (value !== undefined) {
      const [start, end] = step === 1 ? [from, at] : [at + 1, from];
      if (accept(value, text, start, end)) best = longer(best, { start, end, value });
    }
    const blank = trie.blanks[node] ?? 0;
    if (blank !== 0) {
      const rest = skipBlank(text, at, step);
      best = longer(best, longestMatch(trie, text, { node: blank, at: rest, from, step }, accept));
    }
    if (at < 0 || at >= lengthOf(text)) return best;
    node = nextNode(trie, node, unitWithin(text, at));
    if (node === 0) return best;
  }
}

/** Follows the trie as far as the text matches, and reports every phrase on the way. */
function reportAll<T>(
  trie: Trie<T>,
  text: string,
  first: number,
  next: number,
  from: number,
  report: Visit<T>,
) {
  let node = first;
  for (let at = next; ; at++) {
    const value = valueAt(trie, node);
    if (value !== undefined) report(value, from, at);
    const blank = trie.blanks[node] ?? 0;
    if (blank !== 0) {
      reportAll(trie, text, blank, skipBlank(text, at, 1), from, report);
    }
    if (at >= lengthOf(text)) return;
    node = nextNode(trie, node, unitWithin(text, at));
    if (node === 0) return;
  }
}

/** The value of the phrase that ends at a node. */
function valueAt<T>(trie: Trie<T>, node: number): T | undefined {
  const leaf = trie.leaves[node] ?? 0;
  return leaf === 0 ? undefined : trie.values[leaf - 1];
}

/** The characters that a blank in a phrase matches. */
const BLANKS = " \t\n\r_-\u00a0\u3000";

const IS_BLANK = new Uint8Array(0x10000);
for (const blank of BLANKS) IS_BLANK[blank.charCodeAt(0)] = 1;

/** The place after a blank, in the direction of `step`; `at` without one. CR LF is one blank. */
function skipBlank(text: string, at: number, step: 1 | -1) {
  const blank = codeUnitAt(text, at);
  if (IS_BLANK[blank] !== 1) return at;
  const isLineBreak =
    step === 1
      ? blank === CR && codeUnitAt(text, at + 1) === LF
      : blank === LF && codeUnitAt(text, at - 1) === CR;
  return isLineBreak ? at + 2 * step : at + step;
}

const CR = 0x0d;
const LF = 0x0a;

function longer<T>(one: PhraseMatch<T> | null, other: PhraseMatch<T> | null) {
  if (one === null || other === null) return one ?? other;
  return other.end - other.start > one.end - one.start ? other : one;
}
