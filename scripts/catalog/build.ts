import { createHash } from "node:crypto";
import { MANIFEST_KEY } from "../../src/catalog/manifest.ts";
import { shardName } from "../../src/catalog/shards.ts";
import { type Catalog, emptyMemory, openCatalog } from "../../src/catalog/store.ts";
import type { Manifest } from "../../src/catalog/stored.ts";
import type { Hresult } from "../../src/hresult/hresult.ts";
import { nameKey } from "../../src/hresult/symbol-hash.ts";
import type { Folder } from "./read.ts";

/** The folder as values of a namespace. */
export interface Build {
  readonly version: string;
  /** Key to value, of shards and names. */
  readonly values: Readonly<Record<string, string>>;
  readonly manifest: Pick<Manifest, "shards" | "names" | "facilities" | "topics" | "steps">;
  /** Code to what is stored of it. */
  readonly entries: ReadonlyMap<string, string>;
}

/** Cuts the folder into values, each named by its content. */
export function build({ entries, topics, steps, tables }: Folder): Build {
  const stored = entries
    .map(({ samples: _, ...entry }) => entry)
    .sort((a, b) => (a.code < b.code ? -1 : 1));
  const shards = addressed("shard", buildShards(stored, tables.symbols));
  const names = addressed("names", buildNames(stored, tables.names));
  const { facilities } = tables;
  const manifest = { shards: shards.index, names: names.index, facilities, topics, steps };
  return {
    version: sha256(JSON.stringify(manifest)).slice(0, 12),
    values: { ...shards.values, ...names.values },
    manifest,
    entries: new Map(stored.map((entry) => [entry.code, JSON.stringify(entry)])),
  };
}

type Stored = Omit<Folder["entries"][number], "samples">;

/** Entries and symbols by the upper half of their codes. */
function buildShards(entries: readonly Stored[], symbols: ReadonlyMap<Hresult, string>) {
  const ofEntries = Map.groupBy(entries, ({ code }) => shardName(code));
  const ofSymbols = Map.groupBy(symbols, ([code]) => shardName(code));
  const halves = [...new Set([...ofEntries.keys(), ...ofSymbols.keys()])].sort();
  return new Map(
    halves.map((half) => {
      const own = (ofSymbols.get(half) ?? []).map(([code, name]) => [code.slice(6), name] as const);
      return [half, { entries: ofEntries.get(half) ?? [], symbols: toSortedObject(own) }] as const;
    }),
  );
}

/** Codes by the keys of their names, in sixteen parts. What an entry says comes before a header. */
function buildNames(entries: readonly Stored[], names: ReadonlyMap<string, Hresult>) {
  const ofEntries = entries.flatMap(({ symbol, code }) =>
    symbol ? [[symbol, code] as const] : [],
  );
  const keys = [...names, ...ofEntries].map(([name, code]) => [nameKey(name), code] as const);
  const parts = Map.groupBy(keys, ([key]) => key.slice(0, 1));
  return new Map([...parts].sort().map(([part, own]) => [part, toSortedObject(own)] as const));
}

function toSortedObject<T>(pairs: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries([...pairs].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Names values by their content: what is in place once never changes. */
function addressed(kind: string, parts: ReadonlyMap<string, unknown>) {
  const all = [...parts].map(([part, content]) => {
    const value = JSON.stringify(content);
    return { part, key: `${kind}:${sha256(value)}`, value };
  });
  return {
    index: Object.fromEntries(all.map(({ part, key }) => [part, key])),
    values: Object.fromEntries(all.map(({ key, value }) => [key, value])),
  };
}

/** The folder as a Worker would read it after an upload, without a namespace. */
export function catalogOf(folder: Folder): Promise<Catalog> {
  const { version, values, manifest } = build(folder);
  const uploadedAt = new Date(0).toISOString();
  const whole: Manifest = { schema: 1, version, uploadedAt, ...manifest, retired: [] };
  const all = new Map([...Object.entries(values), [MANIFEST_KEY, JSON.stringify(whole)]]);
  const read = async (key: string) => all.get(key) ?? null;
  return openCatalog({ get: read }, 0, emptyMemory());
}

function sha256(text: string) {
  return createHash("sha256").update(text).digest("hex");
}
