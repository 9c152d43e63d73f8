import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import type { StepFile } from "../../scripts/catalog/topic-file.ts";
import { lookUp } from "../../src/catalog/look-up.ts";
import { MANIFEST_KEY } from "../../src/catalog/manifest.ts";
import { type CatalogMemory, emptyMemory, openCatalog } from "../../src/catalog/store.ts";
import { MANIFEST_SCHEMA, Manifest } from "../../src/catalog/stored.ts";
import { Hresult, toHresult } from "../../src/hresult/hresult.ts";
import { symbolKey } from "../../src/hresult/symbol-hash.ts";
import { testCatalog, testCatalogOf } from "../catalog-fixture.ts";
import { closeHarness, loadCatalog } from "../worker-harness.ts";

const NOW = 1_000_000;
const AGE = 30_000;
const LISTED = toHresult(0x80090029);
const OTHER = toHresult(0x801c03ed);
/** A header names it; no topic has an entry for it. */
const NAMED = toHresult(0x80240016);
const UNKNOWN = toHresult(0x80ff0001);

type Values = Parameters<typeof openCatalog>[0];

afterEach(closeHarness);

/** A namespace that fails from now on. */
const FAILING = { get: () => Promise.reject(new Error("KV GET failed: 500")) };

/** A namespace that never answers. */
const HANGING = { get: () => new Promise<never>(() => {}) };

/** Those of the codes that are listed. */
async function listedOf(
  now: number,
  memory: CatalogMemory,
  { kv = env.CATALOG, codes = [LISTED, OTHER] }: { kv?: Values; codes?: readonly Hresult[] } = {},
) {
  const known = await (await openCatalog(kv, now, memory)).know(codes);
  return [...known.values()].filter(({ entries }) => entries.size > 0).map(({ code }) => code);
}

async function readManifest() {
  return Manifest.parse(await env.CATALOG.get(MANIFEST_KEY, "json"));
}

/** The key of the shard that holds a code. */
async function shardKeyOf(code: Hresult) {
  const { shards } = await readManifest();
  const [, key = ""] =
    Object.entries(shards).find(([start]) => code.startsWith(`0x${start}`)) ?? [];
  return key;
}

type Stored = Record<string, unknown>;

/** Changes a value in place, as no upload does. */
async function alter(key: string, change: (value: Stored) => unknown) {
  const value = Object(await env.CATALOG.get(key, "json"));
  await env.CATALOG.put(key, JSON.stringify(change(value) ?? value));
}

function freshCatalog() {
  return openCatalog(env.CATALOG, NOW, emptyMemory());
}

test("every entry is read with the texts of its steps and its source", async () => {
  await loadCatalog();
  const catalog = await freshCatalog();
  for (const { name, content } of testCatalog().topics) {
    for (const [key, file] of Object.entries(content.codes ?? {})) {
      const [code = "", second = ""] = key.split("+");
      const known = (await catalog.know([Hresult.parse(code)])).get(Hresult.parse(code));
      const entry = known?.entries.get(second)?.get(name);
      expect(entry, key).toEqual({
        ...(file.symbol && { symbol: file.symbol }),
        meaning: file.meaning,
        cases: file.cases,
        contactMicrosoft: file.contact_microsoft ?? false,
        noFailure: file.no_failure ?? false,
        source: file.source,
      });
      for (const step of entry?.cases.flatMap(({ steps }) => steps) ?? []) {
        const file = content.steps?.[step] as StepFile;
        const text = { en: file.en?.join(" "), ja: file.ja?.join("") };
        const { risk, who } = file;
        expect(known?.shard.steps[`${name}/${step}`]).toMatchObject({ risk, who, text });
      }
      expect(known?.shard.sources[`${name}/${file.source}`]?.url).toMatch(/^https:/);
    }
  }
});

test("every topic is read, and its signs are found in a text", async () => {
  await loadCatalog();
  const { topics, findSigns } = await freshCatalog();
  expect(Object.keys(topics).sort()).toEqual(
    testCatalog()
      .topics.map(({ name }) => name)
      .sort(),
  );
  expect(topics["windows-hello-pin"]).toMatchObject({
    title: { en: "Creating a Windows Hello PIN", ja: "Windows Hello PIN の作成" },
    unlisted: "contact-microsoft",
    general: false,
    weak: ["pin", "passwordless"],
    firstSteps: [{ text: { en: "Try again. Then restart the device." } }],
  });
  expect(topics["windows-general"]).toMatchObject({ general: true, strong: [] });
  const { evidence } = findSigns([{ place: "subject", text: "The mapped drive is gone" }]);
  expect(evidence[0]).toMatchObject({ topic: "network-shares", strength: "strong" });
});

test("the index lists the codes and pairs of each topic", async () => {
  await loadCatalog();
  const index = await (await freshCatalog()).index();
  expect(index).toEqual(
    Object.fromEntries(
      testCatalog().topics.map(({ name, content }) => [
        name,
        Object.keys(content.codes ?? {}).sort(),
      ]),
    ),
  );
  expect(index["windows-update"]).toContain("0xC1900101+0x20017");
});

const known: [codes: Hresult[], found: Hresult[], listed: Hresult[], why: string][] = [
  [[LISTED], [LISTED], [LISTED], "a listed code"],
  [[OTHER, LISTED], [OTHER, LISTED], [OTHER, LISTED], "in the order of the request"],
  [[LISTED, LISTED], [LISTED], [LISTED], "each code once"],
  [[UNKNOWN], [UNKNOWN], [], "no shard has this beginning"],
  [[toHresult(0x80090000)], [toHresult(0x80090000)], [], "a shard without the code"],
  [[NAMED, LISTED], [NAMED, LISTED], [LISTED], "a named and a listed code"],
  [[], [], [], "no codes"],
];

test.each(known)(
  "asked for %j, the catalog knows %j and lists %j: %s",
  async (codes, found, listed) => {
    await loadCatalog();
    const knowledge = await (await freshCatalog()).know(codes);
    expect([...knowledge.keys()]).toEqual(found);
    expect(await listedOf(NOW, emptyMemory(), { codes })).toEqual(listed);
  },
);

test("a code comes with the entries of its pairs", async () => {
  await loadCatalog();
  const code = toHresult(0xc1900101);
  const entries = (await (await freshCatalog()).know([code])).get(code)?.entries;
  expect([...(entries?.keys() ?? [])].sort()).toEqual(["", "0x20017", "0x3????"]);
});

test("one code has the entries of each topic that lists it", async () => {
  await loadCatalog();
  const code = toHresult(0x80070005);
  const entries = (await (await freshCatalog()).know([code])).get(code)?.entries.get("");
  expect([...(entries?.keys() ?? [])].sort()).toEqual([
    "network-shares",
    "windows-general",
    "windows-update",
  ]);
});

const namings: [code: Hresult, naming: object, why: string][] = [
  [NAMED, { symbol: "WU_E_INSTALL_NOT_ALLOWED" }, "named by a header"],
  [
    toHresult(0xc0000022),
    { symbol: "STATUS_ACCESS_DENIED", meaning: { en: "Access was denied." } },
    "an NTSTATUS",
  ],
  [
    toHresult(0xd0000022),
    { symbol: "STATUS_ACCESS_DENIED", meaning: { en: "Access was denied." } },
    "the NTSTATUS inside an HRESULT",
  ],
  [UNKNOWN, {}, "no name"],
];

test.each(namings)("%s is named %j: %s", async (code, naming) => {
  await loadCatalog();
  expect((await (await freshCatalog()).know([code])).get(code)?.naming).toEqual(naming);
});

const symbols: [symbol: string, code: string | null, why: string][] = [
  ["WU_E_INSTALL_NOT_ALLOWED", "0x80240016", "a symbol of a header"],
  ["NTE_NOT_SUPPORTED", "0x80090029", "a symbol of a topic"],
  ["ERROR_WAS_NEVER_HEARD_OF", null, "an unknown symbol"],
];

test.each(symbols)("the symbol %s is the code %s: %s", async (symbol, code) => {
  await loadCatalog();
  const key = symbolKey(symbol);
  const found = await (await freshCatalog()).codesOfSymbols([key]);
  expect([...found]).toEqual(code === null ? [] : [[key, code]]);
});

const owners: [code: Hresult, topic: string | null, product: string | null, why: string][] = [
  [toHresult(0x80248007), "windows-update", "Windows Update", "a topic owns the beginning"],
  [toHresult(0x80180014), null, "enrolment", "a product is known, but no topic owns it"],
  [LISTED, null, null, "many programs report it"],
];

test.each(owners)("%s belongs to the topic %s and the product %s: %s", async (code, topic, en) => {
  await loadCatalog();
  const catalog = await freshCatalog();
  expect(catalog.topicOf(code)).toBe(topic);
  expect(catalog.productOf(code)?.en ?? null).toBe(en);
});

test("a cold isolate reads three values to accept a delivery and look up its code", async () => {
  await loadCatalog();
  const memory = emptyMemory();
  const read = vi.spyOn(env.CATALOG, "get");
  const { findSigns } = await openCatalog(env.CATALOG, NOW, memory);
  const signs = findSigns([{ place: "subject", text: "Windows Hello PIN" }]);
  const codes = [{ code: LISTED, tentative: false }];
  const { advice } = await lookUp(
    { codes, seconds: [], signs },
    await openCatalog(env.CATALOG, NOW + AGE - 1, memory),
  );
  expect(advice[0]?.steps).toHaveLength(2);
  expect(read.mock.calls.map(([key]) => String(key).replace(/:.*/, ""))).toEqual([
    "manifest",
    "topics",
    "shard",
  ]);
});

test("values are read once, the manifest every 30 s", async () => {
  await loadCatalog();
  const memory = emptyMemory();
  await listedOf(NOW, memory);
  expect(await listedOf(NOW + AGE - 1, memory, { kv: FAILING })).toEqual([LISTED, OTHER]);
  const read = vi.spyOn(env.CATALOG, "get");
  await listedOf(NOW + AGE, memory);
  expect(read.mock.calls).toEqual([[MANIFEST_KEY, { type: "text", cacheTtl: 30 }]]);
});

test("a new code is found within 30 s, even if it was looked up before", async () => {
  const memory = emptyMemory();
  await loadCatalog(testCatalogOf(OTHER));
  expect(await listedOf(NOW, memory)).toEqual([OTHER]);
  await loadCatalog(testCatalogOf(OTHER, LISTED));
  expect(await listedOf(NOW + AGE - 1, memory)).toEqual([OTHER]);
  expect(await listedOf(NOW + AGE, memory)).toEqual([LISTED, OTHER]);
});

test("a removed code is gone within 30 s", async () => {
  const memory = emptyMemory();
  await loadCatalog(testCatalogOf(OTHER, LISTED));
  expect(await listedOf(NOW, memory)).toEqual([LISTED, OTHER]);
  await loadCatalog(testCatalogOf(OTHER));
  expect(await listedOf(NOW + AGE, memory)).toEqual([OTHER]);
});

test("the manifest is read again when the clock is set back", async () => {
  const memory = emptyMemory();
  await loadCatalog(testCatalogOf(OTHER));
  await listedOf(NOW, memory);
  await loadCatalog(testCatalogOf(OTHER, LISTED));
  expect(await listedOf(NOW - AGE, memory)).toEqual([LISTED, OTHER]);
});

test("shards, symbols and topics of an older version are dropped from memory", async () => {
  const memory = emptyMemory();
  const readAll = async (now: number) => {
    const catalog = await openCatalog(env.CATALOG, now, memory);
    await catalog.know([LISTED, OTHER]);
    await catalog.codesOfSymbols([symbolKey("NTE_NOT_SUPPORTED")]);
    return [memory.shards, memory.symbols, memory.topics].flatMap((values) => [...values.keys()]);
  };
  await loadCatalog(testCatalogOf(LISTED, OTHER));
  await readAll(NOW);
  await loadCatalog(testCatalogOf(OTHER));
  const kept = await readAll(NOW + AGE);
  const { shards, symbols, topics } = await readManifest();
  const newest = [...Object.values(shards), ...Object.values(symbols), topics];
  expect(kept.filter((key) => !newest.includes(key))).toEqual([]);
  expect(kept).toContain(topics);
});

const outages: [why: string, kv: Values][] = [
  ["fails", FAILING],
  ["never answers", HANGING],
];

test.each(outages)("while KV %s, the last good catalog is used", async (_, kv) => {
  shortenTimers();
  await loadCatalog();
  const memory = emptyMemory();
  await listedOf(NOW, memory);
  for (const now of [NOW + AGE, NOW + 2 * AGE, NOW + 1000 * AGE]) {
    expect(await listedOf(now, memory, { kv })).toEqual([LISTED, OTHER]);
  }
});

test.each(outages)("if KV %s at a cold start, there is no catalog", async (_, kv) => {
  const timers = shortenTimers();
  await expect(openCatalog(kv, NOW, emptyMemory())).rejects.toMatchObject({
    code: "catalog_unavailable",
    retry: true,
    status: 503,
  });
  expect(timers.mock.calls.map(([, ms]) => ms)).toContain(5_000);
});

/** What ends after five seconds ends at once. */
function shortenTimers() {
  const { setTimeout: start } = globalThis;
  const shortened = (run: () => void, ms?: number) => start(run, ms === 5_000 ? 1 : ms);
  return vi.spyOn(globalThis, "setTimeout").mockImplementation(shortened as typeof start);
}

test("after an outage the next version is read within 30 s", async () => {
  const memory = emptyMemory();
  await loadCatalog(testCatalogOf(OTHER));
  await listedOf(NOW, memory);
  await listedOf(NOW + AGE, memory, { kv: FAILING });
  await loadCatalog(testCatalogOf(OTHER, LISTED));
  expect(await listedOf(NOW + 2 * AGE, memory)).toEqual([LISTED, OTHER]);
});

test("an empty KV is catalog_unavailable, until it is filled", async () => {
  const memory = emptyMemory();
  await expect(openCatalog(env.CATALOG, NOW, memory)).rejects.toMatchObject({
    code: "catalog_unavailable",
  });
  await loadCatalog(testCatalogOf(LISTED));
  expect(await listedOf(NOW + 1, memory)).toEqual([LISTED]);
});

const manifests: [why: string, change: (manifest: Stored) => unknown][] = [
  ["of a newer format", (manifest) => ({ ...manifest, schema: MANIFEST_SCHEMA + 1 })],
  ["of the previous format", (manifest) => ({ ...manifest, schema: MANIFEST_SCHEMA - 1 })],
  ["without a format", (manifest) => ({ ...manifest, schema: undefined })],
  ["without topics", ({ topics: _, ...manifest }) => manifest],
  ["that is a list", () => []],
  ["that is a number", () => 5],
];

test.each(manifests)(
  "for a manifest %s the last good one serves, and says so",
  async (_, change) => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    const memory = emptyMemory();
    await loadCatalog(testCatalogOf(LISTED));
    expect((await openCatalog(env.CATALOG, NOW, memory)).trouble).toBeNull();
    await alter(MANIFEST_KEY, change);
    const catalog = await openCatalog(env.CATALOG, NOW + AGE, memory);
    expect((await catalog.know([LISTED])).get(LISTED)?.entries.size).toBe(1);
    expect(catalog.trouble).toBe("the manifest is of another form");
    expect(warned.mock.calls).toEqual([
      [JSON.stringify({ event: "catalog_value_skipped", key: MANIFEST_KEY })],
    ]);
    await expect(freshCatalog()).rejects.toMatchObject({ code: "catalog_unavailable" });
  },
);

test("a manifest that is not JSON is catalog_unavailable", async () => {
  await env.CATALOG.put(MANIFEST_KEY, "{");
  await expect(freshCatalog()).rejects.toMatchObject({ code: "catalog_unavailable" });
});

test("missing topics at a cold start are catalog_unavailable", async () => {
  await loadCatalog(testCatalogOf(LISTED));
  await env.CATALOG.delete((await readManifest()).topics);
  await expect(freshCatalog()).rejects.toMatchObject({ code: "catalog_unavailable" });
});

test("with unusable topics, names and meanings of codes still work", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  await loadCatalog();
  await env.CATALOG.put((await readManifest()).topics, "{");
  const catalog = await freshCatalog();
  expect(catalog.topics).toEqual({});
  expect(catalog.topicOf(NAMED)).toBeNull();
  const signs = catalog.findSigns([{ place: "body", text: "windows hello" }]);
  expect(signs).toEqual({ evidence: [], conditions: [] });
  expect((await catalog.know([NAMED])).get(NAMED)?.naming.symbol).toBe("WU_E_INSTALL_NOT_ALLOWED");
});

const strangers: [why: string, change: (topic: Stored) => unknown, isThere: boolean][] = [
  ["has unknown fields", (topic) => ({ ...topic, mood: "good" }), true],
  ["has another form", () => ({ title: "PIN" }), false],
  ["is null", () => null, false],
];

test.each(strangers)("a topic that %s does not affect others", async (_, change, isThere) => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  await loadCatalog();
  const key = (await readManifest()).topics;
  await alter(key, (value) => {
    const topics = Object(value.topics);
    return { ...value, topics: { ...topics, "network-shares": change(topics["network-shares"]) } };
  });
  const { topics } = await freshCatalog();
  expect(Object.hasOwn(topics, "network-shares")).toBe(isThere);
  expect(Object.hasOwn(topics, "windows-hello-pin")).toBe(true);
  const told = [JSON.stringify({ event: "catalog_value_skipped", key })];
  expect(warned.mock.calls).toEqual(isThere ? [] : [told]);
});

test("a missing shard is catalog_unavailable, and the others work", async () => {
  await loadCatalog(testCatalogOf(LISTED, "0xC1900101"));
  await env.CATALOG.delete(await shardKeyOf(LISTED));
  const catalog = await freshCatalog();
  const other = toHresult(0xc1900101);
  expect((await catalog.know([other])).size).toBe(1);
  await expect(catalog.know([LISTED])).rejects.toMatchObject({ code: "catalog_unavailable" });
});

test("an unusable shard does not affect codes of others", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  await loadCatalog(testCatalogOf(LISTED, "0xC1900101"));
  await env.CATALOG.put(await shardKeyOf(LISTED), "{");
  const catalog = await freshCatalog();
  const other = toHresult(0xc1900101);
  expect([...(await catalog.know([LISTED, other])).keys()]).toEqual([other]);
  await expect(catalog.know([LISTED])).rejects.toMatchObject({
    code: "catalog_unavailable",
    retry: true,
  });
});

const badItems: [why: string, part: "entries" | "names" | "sources" | "steps", item: unknown][] = [
  ["an entry that is null", "entries", { "windows-hello-pin": null }],
  ["an entry without cases", "entries", { "windows-hello-pin": { meaning: { en: "x" } } }],
  ["an entry whose cause is a text", "entries", { "windows-hello-pin": { cases: "x" } }],
  ["a symbol that is a number", "names", { symbol: 5 }],
  ["a step with an unknown risk", "steps", { risk: "fire", who: "user", text: {} }],
  ["a source without a URL", "sources", { title: { en: "x" } }],
];

test.each(badItems)("%s is left out and logged, and the others work", async (_, part, item) => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  await loadCatalog();
  const key = await shardKeyOf(LISTED);
  await alter(key, (shard) => ({ ...shard, [part]: { ...Object(shard[part]), [UNKNOWN]: item } }));
  const catalog = await freshCatalog();
  const knowledge = await catalog.know([LISTED, NAMED, UNKNOWN]);
  expect(knowledge.get(LISTED)?.entries.get("")?.size).toBe(1);
  expect(knowledge.get(NAMED)?.naming.symbol).toBe("WU_E_INSTALL_NOT_ALLOWED");
  expect(knowledge.get(UNKNOWN)?.naming).toEqual({});
  expect([...(knowledge.get(UNKNOWN)?.entries.get("") ?? [])]).toEqual([]);
  expect(knowledge.get(LISTED)?.shard.steps).not.toHaveProperty(UNKNOWN);
  expect(knowledge.get(LISTED)?.shard.sources).not.toHaveProperty(UNKNOWN);
  expect(warned.mock.calls).toEqual([[JSON.stringify({ event: "catalog_value_skipped", key })]]);
});

test("a symbol with an invalid code is left out and logged, and the others work", async () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  await loadCatalog();
  const name = symbolKey("WU_E_INSTALL_NOT_ALLOWED");
  const key = (await readManifest()).symbols[name.slice(0, 1)] ?? "";
  const bad = `${name.slice(0, 1)}000000000000000`;
  await alter(key, (value) => ({ ...value, [bad]: "no code" }));
  expect(await (await freshCatalog()).codesOfSymbols([name, bad])).toEqual(
    new Map([[name, NAMED]]),
  );
  expect(warned.mock.calls).toEqual([[JSON.stringify({ event: "catalog_value_skipped", key })]]);
});
