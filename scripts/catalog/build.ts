import { createHash } from "node:crypto";
import * as z from "zod";
import { MANIFEST_KEY } from "../../src/catalog/manifest.ts";
import { type Catalog, emptyMemory, openCatalog } from "../../src/catalog/store.ts";
import {
  type Case,
  Entry,
  type LocalText,
  type Manifest,
  type Naming,
  type Source,
  type Step,
  type Topic,
} from "../../src/catalog/stored.ts";
import { symbolKey } from "../../src/hresult/symbol-hash.ts";
import type { MergedTopic, Override } from "./merge.ts";
import type { CatalogSource } from "./read.ts";
import { type EntryFile, type StepFile, stepLocales } from "./topic-file.ts";

/** The catalog as values for KV. */
export interface Build {
  readonly version: string;
  /** Key -> value, without the manifest. */
  readonly values: Readonly<Record<string, string>>;
  readonly manifest: Omit<Manifest, "schema" | "version" | "uploadedAt" | "retired">;
  /**
   * Topic and code, such as `onedrive 0x8004DE40` -> everything that a comment shows of the entry.
   */
  readonly entries: ReadonlyMap<string, string>;
}

/**
 * The longest value of a shard, in UTF-16 units. A longer one is split by the next digit of codes.
 */
export const MAX_SHARD_LENGTH = 64 * 1024;
const CODE_LENGTH = 8;

/** Divides the catalog into values. Each key is a hash of the value. */
export function build({ topics, folders, overrides, tables }: CatalogSource): Build {
  const entries = topics.flatMap(toEntries);
  const rows = toRows(entries, tables.names);
  const shards = addressed("shard", splitShards(rows, topics));
  const symbols = addressed("symbols", groupSymbols(rows, tables.otherSymbols));
  const allTopics = toTopics(topics, overrides, tables.products);
  const [topicsPart, indexPart] = [
    addressed("topics", new Map([["", allTopics]])),
    addressed("index", new Map([["", toIndex(entries)]])),
  ];
  const manifest = {
    shards: shards.index,
    symbols: symbols.index,
    topics: topicsPart.index[""] ?? "",
    index: indexPart.index[""] ?? "",
    folders: Object.fromEntries(folders.map((each) => [each.name, each.topics.length])),
  };
  return {
    version: sha256(JSON.stringify(manifest)).slice(0, 12),
    values: { ...shards.values, ...symbols.values, ...topicsPart.values, ...indexPart.values },
    manifest,
    entries: new Map(
      Object.values(shards.values).flatMap((text) => [...entriesOfShard(JSON.parse(text))]),
    ),
  };
}

/** The entry of one topic for a code or pair. */
interface TopicEntry {
  readonly topic: string;
  /** `0x80070035`, or a pair: `0xC1900101+0x20017`. */
  readonly key: string;
  readonly entry: Entry;
}

function toEntries({ name, content }: MergedTopic): TopicEntry[] {
  const codes = content.codes ?? {};
  return Object.entries(codes).map(([key, entry]) => {
    // A code keeps its own symbol, even with `same_as`.
    const shared = entry.same_as === undefined ? entry : codes[entry.same_as];
    return { topic: name, key, entry: toEntry({ ...shared, symbol: entry.symbol }) };
  });
}

function toEntry(file: EntryFile): Entry {
  return compact({
    symbol: file.symbol,
    meaning: file.meaning ?? {},
    cases: (file.cases ?? []).map((each): Case => compact({ ...each })),
    contactMicrosoft: file.contact_microsoft ?? false,
    noFailure: file.no_failure ?? false,
    escalate: file.escalate,
    source: file.source,
  }) as Entry;
}

/** Drops keys without a value. */
function compact<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}

/** Everything known about one code. */
interface Row {
  readonly code: string;
  readonly naming: Naming;
  readonly entries: readonly TopicEntry[];
}

function toRows(entries: readonly TopicEntry[], names: ReadonlyMap<string, Naming>): Row[] {
  const byCode = Map.groupBy(entries, ({ key }) => key.split("+")[0] ?? key);
  const codes = [...new Set([...byCode.keys(), ...names.keys()])].sort();
  return codes.map((code) => {
    return { code, naming: names.get(code) ?? {}, entries: byCode.get(code) ?? [] };
  });
}

/**
 * Makes shards by the beginning of codes. If one would be too long, the codes with the most common
 * next digits get shards of their own, until the rest fits. So a new code changes one shard, and a
 * reader finds a code in the shard with the longest matching beginning.
 */
function splitShards(rows: readonly Row[], topics: readonly MergedTopic[]): Map<string, unknown> {
  const contents = new Map(topics.map(({ name, content }) => [name, content] as const));
  // An upper limit: rows of one shard share steps and sources.
  const lengths = new Map(
    rows.map((row) => [row, JSON.stringify(toShard([row], contents)).length] as const),
  );
  const lengthOf = (own: readonly Row[]) =>
    own.reduce((sum, row) => sum + (lengths.get(row) ?? 0), 0);
  const shards = new Map<string, unknown>();
  const split = (own: readonly Row[], prefix: string) => {
    const parts = [...Map.groupBy(own, ({ code }) => code.slice(2, 3 + prefix.length))]
      .map(([name, part]) => ({ name, part, length: lengthOf(part) }))
      .sort((a, b) => a.length - b.length);
    let length = lengthOf(own);
    while (length > MAX_SHARD_LENGTH && prefix.length < CODE_LENGTH) {
      const largest = parts.pop();
      if (largest === undefined) break;
      length -= largest.length;
      split(largest.part, largest.name);
    }
    const rest = parts.flatMap(({ part }) => part).sort((a, b) => (a.code < b.code ? -1 : 1));
    if (rest.length > 0) shards.set(prefix, toShard(rest, contents));
  };
  for (const [first, own] of Map.groupBy(rows, ({ code }) => code.slice(2, 3))) split(own, first);
  return shards;
}

function toShard(rows: readonly Row[], contents: ReadonlyMap<string, MergedTopic["content"]>) {
  const entries: Record<string, Record<string, Entry>> = {};
  const steps: Record<string, Step> = {};
  const sources: Record<string, Source> = {};
  for (const { topic, key, entry } of rows.flatMap((row) => row.entries)) {
    entries[key] = { ...entries[key], [topic]: entry };
    const content = contents.get(topic);
    for (const step of entry.cases.flatMap((each) => each.steps)) {
      const file = content?.steps?.[step];
      if (file) steps[`${topic}/${step}`] = toStep(file);
    }
    for (const source of [entry.source, ...entry.cases.map((each) => each.source)]) {
      const file = source === undefined ? undefined : content?.sources?.[source];
      if (file) sources[`${topic}/${source}`] = { title: file.title, url: file.url };
    }
  }
  const named = rows.filter(({ naming }) => Object.keys(naming).length > 0);
  const names = Object.fromEntries(named.map(({ code, naming }) => [code, naming]));
  return { names, entries: sorted(entries), steps: sorted(steps), sources: sorted(sources) };
}

/** Joins the sentences of a step, without blanks for languages that use none. */
function toStep(file: StepFile): Step {
  const text: LocalText = {};
  for (const locale of stepLocales(file)) {
    const sentences = file[locale] as readonly string[];
    text[locale] = sentences.join(/^(?:ja|zh)/.test(locale) ? "" : " ");
  }
  return compact({ risk: file.risk, who: file.who, text, caution: file.caution }) as Step;
}

function toTopics(
  topics: readonly MergedTopic[],
  overrides: readonly Override[],
  products: Readonly<Record<string, LocalText>>,
) {
  const overridden = Map.groupBy(overrides, ({ topic }) => topic);
  const conditions = topics.flatMap(({ content }) =>
    Object.values(content.codes ?? {}).flatMap((entry) =>
      (entry.cases ?? []).flatMap((each) => each.when ?? []),
    ),
  );
  return {
    topics: Object.fromEntries(
      topics.map((each) => [each.name, toTopic(each, overridden.get(each.name))]),
    ),
    conditions: [...new Set(conditions)].sort(),
    products: { ...products, ...productsOf(topics) },
  };
}

function toTopic({ content }: MergedTopic, overrides?: readonly Override[]): Topic {
  const signs = (kind: "strong" | "weak") => [
    ...new Set(Object.values(content.signs?.[kind] ?? {}).flat()),
  ];
  return compact({
    title: content.title ?? {},
    escalate: content.escalate,
    unlisted: content.unlisted ?? "describe",
    general: content.general ?? false,
    strong: signs("strong"),
    weak: signs("weak"),
    facilities: content.signs?.facilities ?? [],
    firstSteps: (content.first_steps ?? []).flatMap((name) => {
      const step = content.steps?.[name];
      return step ? [toStep(step)] : [];
    }),
    overrides: overrides?.map(({ what, file }) => ({ what, file })),
  }) as Topic;
}

/** Beginning of a code that a topic owns -> the title of the topic, as the product. */
function productsOf(topics: readonly MergedTopic[]): Record<string, LocalText> {
  return Object.fromEntries(
    topics.flatMap(({ content }) =>
      (content.signs?.facilities ?? []).map((each) => [each, content.title ?? {}] as const),
    ),
  );
}

function toIndex(entries: readonly TopicEntry[]) {
  const byTopic = Map.groupBy(entries, ({ topic }) => topic);
  return Object.fromEntries(
    [...byTopic].map(([topic, own]) => [topic, own.map(({ key }) => key).sort()]),
  );
}

/** Symbol hash -> code, in sixteen parts. A symbol of a topic wins over one of a header. */
function groupSymbols(rows: readonly Row[], others: ReadonlyMap<string, string>) {
  const pairs = [
    ...others,
    ...rows.flatMap(({ code, naming, entries }) =>
      [naming.symbol, ...entries.map(({ entry }) => entry.symbol)].flatMap((symbol) =>
        symbol === undefined ? [] : [[symbol, code] as const],
      ),
    ),
  ];
  const keys = new Map(pairs.map(([symbol, code]) => [symbolKey(symbol), code] as const));
  const parts = Map.groupBy(keys, ([key]) => key.slice(0, 1));
  return new Map([...parts].sort().map(([part, own]) => [part, sorted(Object.fromEntries(own))]));
}

function sorted<T>(all: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const StoredShard = z.object({
  entries: z.record(z.string(), z.record(z.string(), Entry)),
  steps: z.record(z.string(), z.unknown()),
});

/**
 * Reads the entries of a shard, to compare two catalogs: topic and code -> the entry with its
 * steps.
 */
export function entriesOfShard(value: unknown): Map<string, string> {
  const shard = StoredShard.safeParse(value).data;
  if (shard === undefined) return new Map();
  const all = Object.entries(shard.entries).flatMap(([code, byTopic]) =>
    Object.entries(byTopic).map(([topic, entry]) => {
      const steps = entry.cases.flatMap((each) => each.steps.map((step) => `${topic}/${step}`));
      const described = [entry, ...steps.map((step) => shard.steps[step])];
      return [`${topic} ${code}`, JSON.stringify(described)] as const;
    }),
  );
  return new Map(all);
}

/** Adds a key to values: a hash of the content, so that a stored value never changes. */
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

/** Opens the catalog as a Worker would read it after an upload, but from memory. */
export function catalogOf(source: CatalogSource): Promise<Catalog> {
  const { version, values, manifest } = build(source);
  const uploadedAt = new Date(0).toISOString();
  const whole: Manifest = { schema: 2, version, uploadedAt, ...manifest, retired: [] };
  const all = new Map([...Object.entries(values), [MANIFEST_KEY, JSON.stringify(whole)]]);
  return openCatalog({ get: async (key: string) => all.get(key) ?? null }, 0, emptyMemory());
}

function sha256(text: string) {
  return createHash("sha256").update(text).digest("hex");
}
