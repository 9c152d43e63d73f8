/** The prime of FNV-1a in 32 bits. */
const PRIME = 0x01000193;
/** Where the two halves begin: the offset of FNV-1a, and its bits turned round. */
const STARTS = [0x811c9dc5, 0x7ee3623a] as const;

/**
 * A short stand-in for a name, under which the catalog keeps its code: a text is scanned before the
 * catalog is at hand, and what waits for it must not be ticket text.
 *
 * @returns 16 hex digits: two hashes of FNV-1a.
 * @see https://datatracker.ietf.org/doc/html/rfc9923
 */
export function symbolKey(name: string): string {
  return STARTS.map((start) => {
    let hash: number = start;
    for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), PRIME);
    return (hash >>> 0).toString(16).padStart(8, "0");
  }).join("");
}
