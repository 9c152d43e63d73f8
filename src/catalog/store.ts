import { Failure } from "../failure.ts";
import { decode } from "../hresult/decode.ts";
import { Hresult } from "../hresult/hresult.ts";
import type { Step, Topic } from "./entry.ts";
import { currentManifest, type ManifestMemory } from "./manifest.ts";
import { forgetOthers, readNames, readShard, type ShardMemory, shardName } from "./shards.ts";
import type { StoredEntry } from "./stored.ts";
import type { Values } from "./values.ts";

/** What a reader of the catalog remembers. */
export type CatalogMemory = ManifestMemory & ShardMemory;

/** The memory of a reader who has read nothing yet. */
export function emptyMemory(): CatalogMemory {
  return { known: null, trouble: null, shards: new Map(), names: new Map() };
}

/** What this isolate remembers. */
const MEMORY = emptyMemory();

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
  /** Why this is not the newest version; null when it is. */
  readonly trouble: string | null;
  readonly topics: Readonly<Record<string, Topic>>;
  /** Every code which has an entry, in order. */
  codes(): Promise<Hresult[]>;
  /**
   * Those codes of which it can be told whether they have an entry.
   *
   * @throws {Failure} `catalog_unavailable` when there is none of them.
   */
  readable(codes: readonly Hresult[]): Promise<Hresult[]>;
  /** The entries of those codes which have one. */
  lookUp(codes: readonly Hresult[]): Promise<Map<Hresult, Listed>>;
  /** The symbols of those codes which a public header names, an NTSTATUS inside one included. */
  symbols(codes: readonly Hresult[]): Promise<Map<Hresult, string>>;
  /** The codes of those keys of names which belong to one. */
  codesOfNames(keys: readonly string[]): Promise<Map<string, Hresult>>;
  /** What a public header or document calls the facility; null when none does. */
  facility(code: Hresult): string | null;
}

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
  const before = memory.known?.manifest;
  const manifest = await currentManifest(kv, now, memory);
  if (before && before.version !== manifest.version) forgetOthers(memory, manifest);

  const shard = (name: string) => readShard(kv, manifest, name, memory);
  const shardsOf = async (codes: readonly Hresult[]) => {
    const names = [...new Set(codes.map(shardName))];
    return new Map(
      await Promise.all(names.map(async (name) => [name, await shard(name)] as const)),
    );
  };

  return {
    version: manifest.version,
    trouble: memory.trouble,
    topics: manifest.topics,

    async codes() {
      const shards = await Promise.all(Object.keys(manifest.shards).map(shard));
      return shards.flatMap((each) => [...(each?.entries.keys() ?? [])]).sort();
    },

    async readable(codes) {
      const shards = await shardsOf(codes);
      const readable = codes.filter((code) => shards.get(shardName(code)) !== null);
      if (readable.length > 0 || codes.length === 0) return readable;
      throw new Failure("catalog_unavailable", "the shards of these codes cannot be used");
    },

    async lookUp(codes) {
      const shards = await shardsOf(codes);
      const listed = codes.flatMap((code) => {
        const entry = shards.get(shardName(code))?.entries.get(code);
        const topic = entry && manifest.topics[entry.topic];
        const steps = entry && manifest.steps[entry.topic];
        return entry && topic && steps ? [[code, { code, entry, topic, steps }] as const] : [];
      });
      return new Map(listed);
    },

    async symbols(codes) {
      const bare = new Map(codes.map((code) => [code, decode(code).ntstatus ?? code]));
      const shards = await shardsOf([...codes, ...bare.values()]);
      const named = codes.flatMap((code) => {
        const inner = bare.get(code) ?? code;
        const symbol =
          shards.get(shardName(code))?.entries.get(code)?.symbol ??
          shards.get(shardName(inner))?.symbols[inner.slice(6)];
        return symbol ? [[code, symbol] as const] : [];
      });
      return new Map(named);
    },

    async codesOfNames(keys) {
      const found = await Promise.all(
        keys.map(async (key) => [key, (await readNames(kv, manifest, key, memory))[key]] as const),
      );
      return new Map(found.flatMap(([key, code]) => (code ? [[key, code] as const] : [])));
    },

    facility(code) {
      const { family, facility } = decode(code);
      if (family === "entra") return null;
      const status = family === "ntstatus" || family === "ntstatus_in_hresult";
      return manifest.facilities[status ? "ntstatus" : "hresult"][facility] ?? null;
    },
  };
}

/** A code as a person may type it in an address: `0x801c03ed` or `801C03ED`. */
export function parseCode(text: string): Hresult {
  const code = Hresult.safeParse(`0x${text.replace(/^0x/i, "").toUpperCase()}`);
  if (!code.success) throw new Failure("code_invalid", "a code is 0x and eight hex digits");
  return code.data;
}
