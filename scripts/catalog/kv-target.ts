/** Where an upload writes: a KV namespace, deployed or local. */
export interface KvTarget {
  /** Describes the target to the person who uploads. */
  readonly name: string;
  /** How long it may take until readers see a write, in milliseconds. */
  readonly showsWithinMs: number;
  /** Reads values by key. Missing keys are left out. */
  get(keys: readonly string[]): Promise<ReadonlyMap<string, string>>;
  put(values: Readonly<Record<string, string>>): Promise<void>;
  delete(keys: readonly string[]): Promise<void>;
}

/** The most keys that one bulk read of the platform takes. */
const MAX_KEYS = 100;

/**
 * Reads any number of values with bulk reads.
 *
 * @param read One bulk read; null for a missing key.
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
