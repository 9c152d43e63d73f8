/** The prime of FNV-1a in 32 bits. */
const PRIME = 0x01000193;
/** The start values of the two halves: the offset basis of FNV-1a, and its complement. */
const STARTS = [0x811c9dc5, 0x7ee3623a] as const;

/**
 * Hashes a possible symbol. The catalog stores codes under this hash. A text is scanned before the
 * catalog is available, and until then no ticket text may be stored.
 *
 * @returns 16 hex digits: two FNV-1a hashes.
 * @see https://datatracker.ietf.org/doc/html/rfc9923
 */
export function symbolKey(name: string): string {
  return STARTS.map((start) => {
    let hash: number = start;
    for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), PRIME);
    return (hash >>> 0).toString(16).padStart(8, "0");
  }).join("");
}
