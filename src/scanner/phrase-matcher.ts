/**
 * Finds many phrases in a text. The cost of a place does not grow with the number of phrases: they
 * are kept in two tries, one of them with the phrases reversed.
 *
 * Phrases and text must be in lower case. A blank or a dash within a phrase matches white space, an
 * underscore, a dash, or nothing.
 */
export interface PhraseMatcher<T> {
  /** The first phrase at or after a place. A match never starts inside a Latin word. */
  firstIn(text: string, from?: number): PhraseMatch<T> | null;
  /** Visits every phrase, overlapping ones included. A match never starts inside a Latin word. */
  eachIn(text: string, visit: (match: PhraseMatch<T>) => void): void;
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

/** Whether a match counts at its place: `pin` does not count within `spinning`. */
type Accept<T> = (value: T, text: string, start: number, end: number) => boolean;

/**
 * @param phrases Each phrase with its value. If a phrase occurs twice, the first value counts.
 *
 * @example
 * const matcher = createPhraseMatcher([["error code", 1]], () => true);
 * matcher.endingAt("error-code: 5", 10); // { start: 0, end: 10, value: 1 }
 */
export function createPhraseMatcher<T>(
  phrases: readonly (readonly [string, T])[],
  accept: Accept<T>,
): PhraseMatcher<T> {
  const [forward, backward] = [emptyNode<T>(), emptyNode<T>()];
  for (const [phrase, value] of phrases) {
    insert(forward, phrase, value);
    insert(backward, [...phrase].reverse().join(""), value);
  }
  const isFirst = new Uint8Array(0x10000);
  for (const code of forward.next.keys()) isFirst[code] = 1;
  return {
    firstIn(text, from = 0) {
      let before = from > 0 ? text.charCodeAt(from - 1) : 0;
      for (let at = from; at < text.length; at++) {
        const code = text.charCodeAt(at);
        const isWithin = isLatin(code) && isLatin(before);
        before = code;
        if (isWithin || isFirst[code] === 0) continue;
        const found = longestMatch(forward, text, { at, from: at, step: 1 }, accept);
        if (found) return found;
      }
      return null;
    },

    eachIn(text, visit) {
      const report = (found: PhraseMatch<T>) => {
        if (accept(found.value, text, found.start, found.end)) visit(found);
      };
      let before = 0;
      for (let at = 0; at < text.length; at++) {
        const code = text.charCodeAt(at);
        const isWithin = isLatin(code) && isLatin(before);
        before = code;
        if (!isWithin && isFirst[code] === 1) reportAll(forward, text, at, at, report);
      }
    },

    endingAt: (text, at) =>
      longestMatch(backward, text, { at: at - 1, from: at, step: -1 }, accept),

    startingAt: (text, at) => longestMatch(forward, text, { at, from: at, step: 1 }, accept),
  };
}

function isLatin(code: number) {
  return code >= 0x61 && code <= 0x7a;
}

interface Node<T> {
  readonly next: Map<number, Node<T>>;
  /** The node after a blank or a dash. */
  blank: Node<T> | null;
  /** The value of the phrase that ends here; null when none does. */
  leaf: { readonly value: T } | null;
}

function emptyNode<T>(): Node<T> {
  return { next: new Map(), blank: null, leaf: null };
}

function insert<T>(root: Node<T>, phrase: string, value: T) {
  let node = root;
  for (let at = 0; at < phrase.length; at++) {
    const code = phrase.charCodeAt(at);
    const isBlank = code === 0x20 || code === 0x2d;
    const next: Node<T> = (isBlank ? node.blank : node.next.get(code)) ?? emptyNode();
    if (isBlank) node.blank = next;
    else node.next.set(code, next);
    node = next;
  }
  node.leaf ??= { value };
}

/** A walk through text and trie: the current place, the start, and the direction. */
interface Walk {
  readonly at: number;
  readonly from: number;
  readonly step: 1 | -1;
}

/** Follows the trie as far as the text matches, and returns the longest accepted phrase. */
function longestMatch<T>(
  root: Node<T>,
  text: string,
  { at: first, from, step }: Walk,
  accept: Accept<T>,
): PhraseMatch<T> | null {
  let best: PhraseMatch<T> | null = null;
  let at = first;
  for (let node: Node<T> | undefined = root; node; at += step) {
    if (node.leaf) {
      const { value } = node.leaf;
      const [start, end] = step === 1 ? [from, at] : [at + 1, from];
      if (accept(value, text, start, end)) best = longer(best, { start, end, value });
    }
    if (node.blank) {
      const rest = BLANKS.includes(text.charAt(at)) ? at + step : at;
      best = longer(best, longestMatch(node.blank, text, { at: rest, from, step }, accept));
    }
    node = node.next.get(text.charCodeAt(at));
  }
  return best;
}

/** Follows the trie as far as the text matches, and reports every phrase on the way. */
function reportAll<T>(
  root: Node<T>,
  text: string,
  from: number,
  first: number,
  report: (found: PhraseMatch<T>) => void,
) {
  let at = first;
  for (let node: Node<T> | undefined = root; node; at++) {
    if (node.leaf) report({ start: from, end: at, value: node.leaf.value });
    if (node.blank) {
      reportAll(node.blank, text, from, BLANKS.includes(text.charAt(at)) ? at + 1 : at, report);
    }
    node = node.next.get(text.charCodeAt(at));
  }
}

const BLANKS = " \t\n\r_-\u00a0\u3000";

function longer<T>(one: PhraseMatch<T> | null, other: PhraseMatch<T> | null) {
  if (one === null || other === null) return one ?? other;
  return other.end - other.start > one.end - one.start ? other : one;
}
