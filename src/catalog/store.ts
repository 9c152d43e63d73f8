import { Failure } from "../errors.ts";
import { Hresult } from "../hresult/hresult.ts";
import { Manifest, Shard, type Step, StoredEntry, type Topic } from "./entry.ts";

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

/** The upper half of a code, which names its shard: `8009` for 0x80090029. */
export function shardName(code: Hresult): string {
  return code.slice(2, 6);
}

/** An entry with what it refers to. */
export interface Listed {
  readonly code: Hresult;
  readonly entry: StoredEntry;
  readonly topic: Topic;
  readonly steps: Readonly<Record<string, Step>>;
}

/** One version of the catalog, as the Worker reads it. */
export interface Catalog {
  readonly version: string;
  readonly topics: Readonly<Record<string, Topic>>;
  /** Every code which has an entry, in order. */
  codes(): Promise<Hresult[]>;
  /** The entries of those codes which have one. */
  lookUp(codes: readonly Hresult[]): Promise<Map<Hresult, Listed>>;
}

/** What is asked of the namespace. */
export interface Values {
  get(key: string, options: { type: "json"; cacheTtl: number }): Promise<unknown>;
}

type Entries = ReadonlyMap<Hresult, StoredEntry>;

/** What this isolate remembers: shards for good, since they never change; the manifest for a minute. */
export interface CatalogMemory {
  manifest: { readonly value: Manifest; readonly readAt: number } | null;
  readonly shards: Map<string, Entries>;
}

const MEMORY: CatalogMemory = { manifest: null, shards: new Map() };

/**
 * Opens the newest catalog that can be had; while the namespace fails, the last good one.
 *
 * @throws {Failure} `catalog_unavailable` when there never was one.
 */
export async function openCatalog(
  kv: Values,
  now: number,
  memory: CatalogMemory = MEMORY,
): Promise<Catalog> {
  const manifest = await currentManifest(kv, now, memory);
  const shard = (name: string) => readShard(kv, manifest, name, memory);

  return {
    version: manifest.version,
    topics: manifest.topics,

    async codes() {
      const shards = await Promise.all(Object.keys(manifest.shards).map(shard));
      return shards.flatMap((each) => [...each.keys()]).sort();
    },

    async lookUp(codes) {
      const names = [...new Set(codes.map(shardName))];
      const shards = new Map(
        await Promise.all(names.map(async (name) => [name, await shard(name)] as const)),
      );
      const listed = codes.flatMap((code) => {
        const entry = shards.get(shardName(code))?.get(code);
        const topic = entry && manifest.topics[entry.topic];
        const steps = entry && manifest.steps[entry.topic];
        return entry && topic && steps ? [[code, { code, entry, topic, steps }] as const] : [];
      });
      return new Map(listed);
    },
  };
}

async function currentManifest(kv: Values, now: number, memory: CatalogMemory) {
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
  const kept = new Set(Object.values(manifest.shards));
  for (const key of memory.shards.keys()) {
    if (!kept.has(key)) memory.shards.delete(key);
  }
}

async function readShard(
  kv: Values,
  manifest: Manifest,
  name: string,
  memory: CatalogMemory,
): Promise<Entries> {
  const key = Object.hasOwn(manifest.shards, name) ? manifest.shards[name] : undefined;
  if (key === undefined) return new Map();
  const known = memory.shards.get(key);
  if (known) return known;
  try {
    const entries = toEntries(Shard.parse(await read(kv, key, SHARD_AGE_MS)).entries, name);
    memory.shards.set(key, entries);
    return entries;
  } catch (error) {
    throw unavailable(`shard ${name} cannot be read`, error);
  }
}

/** One bad entry is left out; the others of its shard work. */
function toEntries(values: readonly unknown[], name: string): Entries {
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

/** A code as a person may type it in an address: `0x801c03ed` or `801C03ED`. */
export function parseCode(text: string): Hresult {
  const code = Hresult.safeParse(`0x${text.replace(/^0x/i, "").toUpperCase()}`);
  if (!code.success) throw new Failure("code_invalid", "a code is 0x and eight hex digits");
  return code.data;
}
