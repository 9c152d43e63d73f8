import { Hresult } from "../hresult/hresult.ts";
import { HeaderName } from "./entry.ts";
import type { ReadManifest } from "./manifest.ts";
import { Names, Shard, StoredEntry } from "./stored.ts";
import { readItems, readOnce, type Values } from "./values.ts";

/** The upper half of a code, which names its shard: `8009` for 0x80090029. */
export function shardName(code: Hresult): string {
  return code.slice(2, 6);
}

/** A shard, read. */
export interface Loaded {
  readonly entries: ReadonlyMap<Hresult, StoredEntry>;
  readonly symbols: Readonly<Record<string, string>>;
}

/** Keys of names to codes. */
type LoadedNames = Readonly<Record<string, Hresult>>;

/** Values by key: they never change. Null for one which is there, and cannot be used. */
export interface ShardMemory {
  readonly shards: Map<string, Loaded | null>;
  readonly names: Map<string, LoadedNames | null>;
}

/** An upper half on which there is nothing. */
const NOTHING: Loaded = { entries: new Map(), symbols: {} };

/**
 * Reads what there is on one upper half of a code.
 *
 * @returns Null for a value which cannot be used, however often it is read.
 * @throws {Failure} `catalog_unavailable` when it cannot be read now.
 */
export async function readShard(
  kv: Values,
  { shards }: ReadManifest,
  name: string,
  memory: ShardMemory,
): Promise<Loaded | null> {
  const key = Object.hasOwn(shards, name) ? shards[name] : undefined;
  if (key === undefined) return NOTHING;
  return readOnce(kv, key, memory.shards, (value) => {
    const { entries, symbols } = Shard.parse(value);
    const read = readItems(StoredEntry, Object.fromEntries(entries.entries()), key);
    return {
      entries: new Map(Object.values(read).map((entry) => [entry.code, entry])),
      symbols: readItems(HeaderName, symbols, key),
    };
  });
}

/**
 * Reads the names whose keys begin like this one; those of a value that cannot be used mean nothing.
 *
 * @throws {Failure} `catalog_unavailable` when it cannot be read now.
 */
export async function readNames(
  kv: Values,
  { names }: ReadManifest,
  nameKey: string,
  memory: ShardMemory,
): Promise<LoadedNames> {
  const key = names[nameKey.slice(0, 1)];
  if (key === undefined) return {};
  const read = await readOnce(kv, key, memory.names, (value) =>
    readItems(Hresult, Names.parse(value), key),
  );
  return read ?? {};
}

/** Values of older versions would fill the memory of an isolate that lives long. */
export function forgetOthers(memory: ShardMemory, { shards, names }: ReadManifest): void {
  const kept = new Set([...Object.values(shards), ...Object.values(names)]);
  for (const values of [memory.shards, memory.names]) {
    for (const key of values.keys()) {
      if (!kept.has(key)) values.delete(key);
    }
  }
}
