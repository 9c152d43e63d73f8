/** A KV namespace somewhere, as an upload sees it. */
export interface Place {
  /** Where it is, for the person who uploads. */
  readonly name: string;
  /** How long it may take, in milliseconds, until what was written is read. */
  readonly showsWithinMs: number;
  /** Those values which are there, by key. */
  get(keys: readonly string[]): Promise<ReadonlyMap<string, string>>;
  put(values: Readonly<Record<string, string>>): Promise<void>;
  delete(keys: readonly string[]): Promise<void>;
}

/** How many keys the platform's bulk read takes. */
const MAX_KEYS = 100;

/**
 * Reads any number of values with bulk reads.
 *
 * @param read One bulk read; null stands for a key that is not there.
 */
export async function readInBulk(
  keys: readonly string[],
  read: (some: string[]) => Promise<Iterable<readonly [key: string, value: string | null]>>,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let at = 0; at < keys.length; at += MAX_KEYS) {
    for (const [key, value] of await read(keys.slice(at, at + MAX_KEYS))) {
      if (value !== null) found.set(key, value);
    }
  }
  return found;
}
