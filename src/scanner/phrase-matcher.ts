/**
 * Finds phrases in a text, in a few steps for each place of it, however many phrases there are: they
 * are two tries, one of them spelled backwards.
 *
 * Phrases and text are in small letters. A blank or a dash within a phrase stands for white space,
 * an underscore, a dash, or nothing.
 */
export interface PhraseMatcher<T> {
  /** The first phrase from a place on. None begins within a word of Latin letters. */
  firstIn(text: string, from?: number): PhraseMatch<T> | null;
  /** Every phrase of a text, also one that overlaps another. None begins within a Latin word. */
  eachIn(text: string, visit: (match: PhraseMatch<T>) => void): void;
  /** The longest phrase that ends at a place. */
  endingAt(text: string, at: number): PhraseMatch<T> | null;
  /** The longest phrase that begins at a place. */
  startingAt(text: string, at: number): PhraseMatch<T> | null;
}

/** A phrase in a text, with the value it was listed with. */
export interface PhraseMatch<T> {
  readonly start: number;
  readonly end: number;
  readonly value: T;
}

/** Whether a phrase counts where it stands: `pin` does not within `spinning`. */
type Accept<T> = (value: T, text: string, start: number, end: number) => boolean;

/**
 * @param phrases Of a phrase that is listed twice, the first one counts.
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
    grow(forward, phrase, value);
    grow(backward, [...phrase].reverse().join(""), value);
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
        const found = longest(forward, text, { at, from: at, step: 1 }, accept);
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
        if (!isWithin && isFirst[code] === 1) walkAll(forward, text, at, at, report);
      }
    },

    endingAt: (text, at) => longest(backward, text, { at: at - 1, from: at, step: -1 }, accept),

    startingAt: (text, at) => longest(forward, text, { at, from: at, step: 1 }, accept),
  };
}

function isLatin(code: number) {
  return code >= 0x61 && code <= 0x7a;
}

interface Node<T> {
  readonly next: Map<number, Node<T>>;
  blank: Node<T> | null;
  /** Of the phrase that ends here. */
  leaf: { readonly value: T } | null;
}

function emptyNode<T>(): Node<T> {
  return { next: new Map(), blank: null, leaf: null };
}

function grow<T>(root: Node<T>, letters: string, value: T) {
  let node = root;
  for (let at = 0; at < letters.length; at++) {
    const code = letters.charCodeAt(at);
    const isBlank = code === 0x20 || code === 0x2d;
    const next: Node<T> = (isBlank ? node.blank : node.next.get(code)) ?? emptyNode();
    if (isBlank) node.blank = next;
    else node.next.set(code, next);
    node = next;
  }
  node.leaf ??= { value };
}

/** Where a walk is, where it began, and whether it goes on or back. */
interface Walk {
  readonly at: number;
  readonly from: number;
  readonly step: 1 | -1;
}

/** Walks as far as there are phrases, and gives the longest of those that count. */
function longest<T>(
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
      best = longer(best, longest(node.blank, text, { at: rest, from, step }, accept));
    }
    node = node.next.get(text.charCodeAt(at));
  }
  return best;
}

/** Walks as far as there are phrases, and reports each that ends on the way. */
function walkAll<T>(
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
      walkAll(node.blank, text, from, BLANKS.includes(text.charAt(at)) ? at + 1 : at, report);
    }
    node = node.next.get(text.charCodeAt(at));
  }
}

const BLANKS = " \t\n\r_-\u00a0\u3000";

function longer<T>(one: PhraseMatch<T> | null, other: PhraseMatch<T> | null) {
  if (one === null || other === null) return one ?? other;
  return other.end - other.start > one.end - one.start ? other : one;
}
