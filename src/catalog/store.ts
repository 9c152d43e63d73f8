import { Failure, toFailure } from "../failure.ts";
import { decode } from "../hresult/decode.ts";
import type { Hresult } from "../hresult/hresult.ts";
import { currentManifest, type ManifestMemory } from "./manifest.ts";
import {
  forgetOthers,
  type LoadedShard,
  readShards,
  readSymbols,
  type ShardMemory,
} from "./shards.ts";
import { type Entry, Index, type Manifest, type Naming } from "./stored.ts";
import { type LoadedTopics, readTopics, type TopicMemory } from "./topics.ts";
import { readValue, type Values } from "./values.ts";

/** Everything that was read from the catalog so far. */
export interface CatalogMemory extends ManifestMemory, ShardMemory, TopicMemory {
  /** The last version with a readable manifest and topics. */
  complete: { readonly manifest: Manifest; readonly topics: LoadedTopics } | null;
}

export function emptyMemory(): CatalogMemory {
  return {
    complete: null,
    manifest: null,
    trouble: null,
    shards: new Map(),
    symbols: new Map(),
    topics: new Map(),
  };
}

/** The memory of this isolate. */
const MEMORY = emptyMemory();

/** How long KV may cache the index. It never changes under its key. */
const INDEX_AGE_S = 3_600;

/** What the catalog holds about one code. */
export interface Knowledge {
  readonly code: Hresult;
  /** Its symbol and general meaning; for an NTSTATUS inside an HRESULT, those of the NTSTATUS. */
  readonly naming: Naming;
  /** Second number -> topic -> entry. The second number is "" for the code alone. */
  readonly entries: ReadonlyMap<string, ReadonlyMap<string, Entry>>;
  /** Holds the steps and sources that the entries name. */
  readonly shard: Pick<LoadedShard, "steps" | "sources">;
}

/** One version of the catalog, as the Worker reads it. */
export interface Catalog extends LoadedTopics {
  readonly version: string;
  /** Why this is not the newest version; null when it is. */
  readonly trouble: string | null;
  /** When it was uploaded; ISO 8601. */
  readonly uploadedAt: string;
  /** The folders it was made from, the project's own first, and how many topics each holds. */
  readonly folders: Readonly<Record<string, number>>;
  /** Topic -> the codes and pairs that it has an entry for. */
  index(): Promise<Index>;
  /**
   * Looks up codes. A code whose shard is unusable is left out.
   *
   * @throws {Failure} `catalog_unavailable` when that leaves out all of them, or a shard cannot be
   *   read now.
   */
  know(codes: readonly Hresult[]): Promise<Map<Hresult, Knowledge>>;
  /** Symbol hash -> code. Unknown hashes are left out. */
  codesOfSymbols(keys: readonly string[]): Promise<Map<string, Hresult>>;
}

/**
 * Opens the newest catalog, or the last good one while KV fails.
 *
 * @param now Milliseconds since 1970.
 * @throws {Failure} `catalog_unavailable` when no catalog was ever read.
 */
export async function openCatalog(
  kv: Values,
  now: number,
  memory: CatalogMemory = MEMORY,
): Promise<Catalog> {
  const { manifest, topics, trouble } = await readNewest(kv, now, memory);
  return {
    ...topics,
    version: manifest.version,
    trouble,
    uploadedAt: manifest.uploadedAt,
    folders: manifest.folders,

    async index() {
      return Index.parse(JSON.parse(await readValue(kv, manifest.index, INDEX_AGE_S)));
    },

    async know(codes) {
      const inner = (code: Hresult) => decode(code).ntstatus ?? code;
      // Codes with the same beginning share a shard; each shard is read once.
      const shards = await readShards(kv, manifest, [...codes, ...codes.map(inner)], memory);
      const known = codes.flatMap((code) => {
        const shard = shards.get(code);
        if (!shard) return [];
        const naming = { ...shards.get(inner(code))?.names[inner(code)], ...shard.names[code] };
        return [[code, { code, naming, entries: entriesOf(shard, code), shard }] as const];
      });
      if (known.length > 0 || codes.length === 0) return new Map(known);
      throw new Failure("catalog_unavailable", "the shards of these codes cannot be used");
    },

    async codesOfSymbols(keys) {
      const byDigit = Map.groupBy(keys, (key) => key.slice(0, 1));
      const found = await Promise.all(
        [...byDigit].map(async ([digit, own]) => {
          const codes = await readSymbols(kv, manifest, digit, memory);
          return own.flatMap((key) => {
            const code = codes[key];
            return code === undefined ? [] : [[key, code] as const];
          });
        }),
      );
      return new Map(found.flat());
    },
  };
}

/** The newest version with a readable manifest and topics; else the last good one. */
async function readNewest(kv: Values, now: number, memory: CatalogMemory) {
  const manifest = await currentManifest(kv, now, memory);
  const { complete } = memory;
  try {
    const topics = await readTopics(kv, manifest, memory);
    if (complete && complete.manifest.version !== manifest.version) forgetOthers(memory, manifest);
    memory.complete = { manifest, topics };
    return { manifest, topics, trouble: memory.trouble };
  } catch (error) {
    if (complete === null) throw error;
    return { ...complete, trouble: toFailure(error).message };
  }
}

function entriesOf({ entries }: LoadedShard, code: Hresult) {
  const own = [...entries].filter(([key]) => key === code || key.startsWith(`${code}+`));
  return new Map(own.map(([key, byTopic]) => [key.slice(code.length + 1), byTopic] as const));
}
