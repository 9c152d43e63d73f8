/**
 * Many words, of which one in a text is found in a few steps, however many there are. They are in
 * small letters, and so is the text; a blank or a dash within one stands for white space, an
 * underscore, a dash or nothing.
 */
export interface Words<T> {
  /** The first word from a place on; one of Latin letters does not begin within another. */
  firstIn(text: string, from?: number): Found<T> | null;
  /** Every word of a text, also one that overlaps another; none begins within a Latin word. */
  eachIn(text: string, visit: (found: Found<T>) => void): void;
  /** The longest word that ends before a place. */
  endingAt(text: string, at: number): Found<T> | null;
  /** The longest word that begins at a place. */
  startingAt(text: string, at: number): Found<T> | null;
}

/** A word in a text, with what was said of it. */
export interface Found<T> {
  readonly start: number;
  readonly end: number;
  readonly value: T;
}

/** Whether a word counts where it stands: `pin` is none within `spinning`. */
type Accept<T> = (value: T, text: string, start: number, end: number) => boolean;

/** Of a word that is listed twice, the first one counts. */
export function openWords<T>(
  words: readonly (readonly [string, T])[],
  accept: Accept<T>,
): Words<T> {
  const [forward, backward] = [emptyNode<T>(), emptyNode<T>()];
  for (const [word, value] of words) {
    grow(forward, word, value);
    grow(backward, [...word].reverse().join(""), value);
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
      const report = (found: Found<T>) => {
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
  /** Of the word that ends here. */
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

/** Walks as far as there are words, and gives the longest of those that count. */
function longest<T>(
  root: Node<T>,
  text: string,
  { at: first, from, step }: Walk,
  accept: Accept<T>,
): Found<T> | null {
  let best: Found<T> | null = null;
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

/** Walks as far as there are words, and reports each that ends on the way. */
function walkAll<T>(
  root: Node<T>,
  text: string,
  from: number,
  first: number,
  report: (found: Found<T>) => void,
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

function longer<T>(one: Found<T> | null, other: Found<T> | null) {
  if (one === null || other === null) return one ?? other;
  return other.end - other.start > one.end - one.start ? other : one;
}
