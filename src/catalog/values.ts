import { Failure } from "../errors.ts";
import type { Hresult } from "../hresult/hresult.ts";
import { Manifest, Names, Shard, StoredEntry } from "./entry.ts";

/** The key of the one value that changes; all others are named by their content. */
export const MANIFEST_KEY = "manifest";

/**
 * How long the manifest is trusted before it is read again. The namespace's own cache may be as old
 * once more, so a new code is known within a minute.
 */
const MANIFEST_AGE_MS = 30_000;
const SHARD_AGE_MS = 86_400_000;
/** A namespace that hangs must not hold up a ticket. */
const READ_TIMEOUT_MS = 5_000;

/** What is asked of the namespace. */
export interface Values {
  get(key: string, options: { type: "json"; cacheTtl: number }): Promise<unknown>;
}

/** A shard, read. */
export interface Loaded {
  readonly entries: ReadonlyMap<Hresult, StoredEntry>;
  readonly symbols: Readonly<Record<string, string>>;
}

/** What this isolate remembers: shards for good, since they never change; the manifest for a minute. */
export interface CatalogMemory {
  manifest: { readonly value: Manifest; readonly readAt: number } | null;
  readonly shards: Map<string, Loaded>;
  readonly names: Map<string, Names>;
}

/** The memory of a reader who has read nothing yet. */
export function emptyMemory(): CatalogMemory {
  return { manifest: null, shards: new Map(), names: new Map() };
}

/** What this isolate remembers. */
export const MEMORY = emptyMemory();

/** A shard that is not there. */
export const NOTHING: Loaded = { entries: new Map(), symbols: {} };

/**
 * Reads the newest manifest; while the namespace fails, the last good one.
 *
 * @throws {Failure} `catalog_unavailable` when there never was one.
 */
export async function currentManifest(kv: Values, now: number, memory: CatalogMemory) {
  const known = memory.manifest;
  if (known && Math.abs(now - known.readAt) < MANIFEST_AGE_MS) return known.value;
  try {
    const value = Manifest.parse(await read(kv, MANIFEST_KEY, MANIFEST_AGE_MS));
    if (known && known.value.version !== value.version) forgetOthers(memory, value);
    memory.manifest = { value, readAt: now };
    return value;
  } catch (error) {
    if (known === null) throw unavailable("the manifest cannot be read", error);
    memory.manifest = { ...known, readAt: now };
    return known.value;
  }
}

/** Shards of older versions would fill the memory of an isolate that lives long. */
function forgetOthers(memory: CatalogMemory, manifest: Manifest) {
  const kept = new Set([...Object.values(manifest.shards), ...Object.values(manifest.names)]);
  for (const values of [memory.shards, memory.names]) {
    for (const key of values.keys()) {
      if (!kept.has(key)) values.delete(key);
    }
  }
}

/** Reads what there is on one upper half of a code. */
export async function readShard(
  kv: Values,
  manifest: Manifest,
  name: string,
  memory: CatalogMemory,
): Promise<Loaded> {
  const key = Object.hasOwn(manifest.shards, name) ? manifest.shards[name] : undefined;
  if (key === undefined) return NOTHING;
  const known = memory.shards.get(key);
  if (known) return known;
  try {
    const { entries, symbols } = Shard.parse(await read(kv, key, SHARD_AGE_MS));
    const loaded = { entries: toEntries(entries, name), symbols };
    memory.shards.set(key, loaded);
    return loaded;
  } catch (error) {
    throw unavailable(`shard ${name} cannot be read`, error);
  }
}

/** Reads the names whose keys begin like this one. */
export async function readNames(
  kv: Values,
  manifest: Manifest,
  nameKey: string,
  memory: CatalogMemory,
) {
  const key = manifest.names[nameKey.slice(0, 1)];
  if (key === undefined) return {};
  const known = memory.names.get(key);
  if (known) return known;
  try {
    const names = Names.parse(await read(kv, key, SHARD_AGE_MS));
    memory.names.set(key, names);
    return names;
  } catch (error) {
    throw unavailable("a value of names cannot be read", error);
  }
}

/** One bad entry is left out; the others of its shard work. */
function toEntries(values: readonly unknown[], name: string): Loaded["entries"] {
  const entries = new Map<Hresult, StoredEntry>();
  for (const value of values) {
    const entry = StoredEntry.safeParse(value);
    if (entry.success) entries.set(entry.data.code, entry.data);
    else console.warn(JSON.stringify({ event: "catalog_entry_skipped", shard: name }));
  }
  return entries;
}

async function read(kv: Values, key: string, maxAgeMs: number): Promise<unknown> {
  const late = AbortSignal.timeout(READ_TIMEOUT_MS);
  const value = await Promise.race([
    kv.get(key, { type: "json", cacheTtl: maxAgeMs / 1000 }),
    new Promise<never>((_, reject) => {
      late.addEventListener("abort", () => reject(new Error(`no answer in ${READ_TIMEOUT_MS} ms`)));
    }),
  ]);
  if (value === null) throw new Error(`no value at ${key}`);
  return value;
}

function unavailable(message: string, cause: unknown) {
  return new Failure("catalog_unavailable", message, { cause });
}
