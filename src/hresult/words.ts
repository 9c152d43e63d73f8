/**
 * Many words, of which one that begins or ends at a place is found in a few steps, however many
 * there are. They are in small letters; a blank or a dash within one stands for white space, an
 * underscore, a dash or nothing.
 */
export interface Words<T> {
  /** The longest word that begins at a place. */
  beginningAt(text: string, at: number): Found<T> | null;
  /** The longest word that ends before a place. */
  endingAt(text: string, at: number): Found<T> | null;
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
  return {
    beginningAt: (text, at) =>
      longest(forward, text, at, 1, (end, value) =>
        accept(value, text, at, end) ? { start: at, end, value } : null,
      ),
    endingAt: (text, at) =>
      longest(backward, text, at - 1, -1, (last, value) =>
        accept(value, text, last + 1, at) ? { start: last + 1, end: at, value } : null,
      ),
  };
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

/** Walks as far as there are words, and gives the longest of those that count. */
function longest<T>(
  root: Node<T>,
  text: string,
  from: number,
  step: 1 | -1,
  take: (at: number, value: T) => Found<T> | null,
): Found<T> | null {
  let best: Found<T> | null = null;
  let at = from;
  for (let node: Node<T> | undefined = root; node; at += step) {
    if (node.leaf) best = longer(best, take(at, node.leaf.value));
    if (node.blank) {
      const rest = BLANKS.includes(text.charAt(at)) ? at + step : at;
      best = longer(best, longest(node.blank, text, rest, step, take));
    }
    node = node.next.get(text.charCodeAt(at));
  }
  return best;
}

const BLANKS = " \t\n\r_-\u00a0\u3000";

function longer<T>(one: Found<T> | null, other: Found<T> | null) {
  if (one === null || other === null) return one ?? other;
  return other.end - other.start > one.end - one.start ? other : one;
}
