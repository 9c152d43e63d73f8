import * as z from "zod/mini";
import { Hresult } from "../hresult/hresult.ts";
import { Entry, type Manifest, Naming, Shard, Source, Step, Symbols } from "./stored.ts";
import { readItems, readOnce, type Values } from "./values.ts";

/** A parsed shard. */
export interface LoadedShard {
  readonly names: Readonly<Record<string, Naming>>;
  /** Code or pair -> topic -> entry. */
  readonly entries: ReadonlyMap<string, ReadonlyMap<string, Entry>>;
  readonly steps: Readonly<Record<string, Step>>;
  readonly sources: Readonly<Record<string, Source>>;
}

/** Values that were read, by key. They never change. Null for an unusable value. */
export interface ShardMemory {
  readonly shards: Map<string, LoadedShard | null>;
  readonly symbols: Map<string, Readonly<Record<string, Hresult>> | null>;
}

const ByTopic = z.record(z.string(), z.unknown());

const NOTHING: LoadedShard = { names: {}, entries: new Map(), steps: {}, sources: {} };

/** The longest name of a shard, in hex digits. */
const MAX_NAME_LENGTH = 8;

/** The key of the shard that holds a code; undefined when no shard has such a beginning. */
function shardKey({ shards }: Manifest, code: Hresult): string | undefined {
  const digits = code.slice(2);
  for (let length = MAX_NAME_LENGTH; length > 0; length--) {
    const name = digits.slice(0, length);
    if (Object.hasOwn(shards, name)) return shards[name];
  }
  return undefined;
}

/**
 * Reads the shards of codes, each once.
 *
 * @returns Null for a code whose shard is unusable.
 * @throws {Failure} `catalog_unavailable` when a shard cannot be read now.
 */
export async function readShards(
  kv: Values,
  manifest: Manifest,
  codes: readonly Hresult[],
  memory: ShardMemory,
): Promise<Map<Hresult, LoadedShard | null>> {
  const keys = new Map(codes.map((code) => [code, shardKey(manifest, code)] as const));
  const read = new Map(
    await Promise.all(
      [...new Set(keys.values())].map(
        async (key) =>
          [key, key === undefined ? NOTHING : await readShard(kv, key, memory)] as const,
      ),
    ),
  );
  return new Map([...keys].map(([code, key]) => [code, read.get(key) ?? null] as const));
}

function readShard(kv: Values, key: string, memory: ShardMemory): Promise<LoadedShard | null> {
  return readOnce(kv, key, memory.shards, (value) => {
    const shard = Shard.parse(value);
    const byCode = readItems(ByTopic, shard.entries, key);
    const entries = Object.entries(byCode).map(
      ([code, byTopic]) => [code, new Map(Object.entries(readItems(Entry, byTopic, key)))] as const,
    );
    return {
      names: readItems(Naming, shard.names, key),
      entries: new Map(entries),
      steps: readItems(Step, shard.steps, key),
      sources: readItems(Source, shard.sources, key),
    };
  });
}

/**
 * Reads the symbols whose hashes begin with a hex digit. An unusable value counts as empty.
 *
 * @throws {Failure} `catalog_unavailable` when it cannot be read now.
 */
export async function readSymbols(
  kv: Values,
  { symbols }: Manifest,
  digit: string,
  memory: ShardMemory,
): Promise<Readonly<Record<string, Hresult>>> {
  const key = symbols[digit];
  if (key === undefined) return {};
  const read = await readOnce(kv, key, memory.symbols, (value) =>
    readItems(Hresult, Symbols.parse(value), key),
  );
  return read ?? {};
}

/** Drops values of older versions, which would fill the memory of a long-lived isolate. */
export function forgetOthers(memory: ShardMemory, { shards, symbols }: Manifest): void {
  const kept = new Set([...Object.values(shards), ...Object.values(symbols)]);
  for (const values of [memory.shards, memory.symbols]) {
    for (const key of values.keys()) {
      if (!kept.has(key)) values.delete(key);
    }
  }
}
