/**
 * A prefix tree of phrases. It consists of typed arrays, because an object for each node takes
 * several times the memory and the time.
 *
 * A node is a number. No node leads back to `ROOT`, so 0 also stands for "no node". A blank and a
 * dash in a phrase lead to the same node.
 */
export interface Trie<T> {
  /**
   * A hash table with open addressing, from a node and a character to the next node. At least a
   * quarter of it stays empty.
   */
  readonly keys: Float64Array;
  readonly nodes: Uint32Array;
  /** For each node: the node after a blank or a dash, or 0. */
  readonly blanks: Uint32Array;
  /** For each node: the index of its phrase in `values` plus one, or 0 when no phrase ends here. */
  readonly leaves: Uint32Array;
  readonly values: T[];
}

export const ROOT = 0;

/** Stands for a blank or a dash. No UTF-16 unit is so large. */
const BLANK = 0x10000;
/** Above all characters, so that a node and a character make one key. */
const RADIX = 0x20000;

/** @param phrases Each phrase with its value. If a phrase occurs twice, the first value counts. */
export function createTrie<T>(phrases: readonly (readonly [string, T])[]): Trie<T> {
  const most = phrases.reduce((sum, [phrase]) => sum + phrase.length, 1);
  const size = 2 ** Math.ceil(Math.log2((most * 4) / 3));
  const trie: Trie<T> = {
    keys: new Float64Array(size),
    nodes: new Uint32Array(size),
    blanks: new Uint32Array(most),
    leaves: new Uint32Array(most),
    values: [],
  };
  let count = 1;
  for (const [phrase, value] of phrases) {
    let node = ROOT;
    for (let at = 0; at < phrase.length; at++) {
      const unit = phrase.charCodeAt(at);
      const code = unit === 0x20 || unit === 0x2d ? BLANK : unit;
      const slot = slotOf(trie, node, code);
      if (trie.nodes[slot] === 0) {
        trie.keys[slot] = node * RADIX + code;
        trie.nodes[slot] = count;
        if (code === BLANK) trie.blanks[node] = count;
        count++;
      }
      node = trie.nodes[slot] ?? ROOT;
    }
    trie.leaves[node] ||= trie.values.push(value);
  }
  return trie;
}

function slotOf({ keys }: Trie<unknown>, node: number, code: number) {
  const key = node * RADIX + code;
  const mask = keys.length - 1;
  const mixed = Math.imul(node, 0x9e3779b1) ^ Math.imul(code, 0x85ebca6b);
  let slot = (mixed ^ (mixed >>> 15)) & mask;
  while (keys[slot] !== key && keys[slot] !== 0) slot = (slot + 1) & mask;
  return slot;
}

/** The node after a character, given as a UTF-16 unit; 0 when no phrase continues this way. */
export function nextNode(trie: Trie<unknown>, node: number, code: number): number {
  return trie.nodes[slotOf(trie, node, code)] ?? 0;
}
