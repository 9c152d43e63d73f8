import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { lookUp } from "../../src/catalog/look-up.ts";
import { MANIFEST_KEY } from "../../src/catalog/manifest.ts";
import {
  type CatalogMemory,
  emptyMemory,
  openCatalog,
  parseCode,
} from "../../src/catalog/store.ts";
import { Manifest } from "../../src/catalog/stored.ts";
import { toHresult } from "../../src/hresult/hresult.ts";
import { nameKey } from "../../src/hresult/symbol-hash.ts";
import { testCatalog, testCatalogOf } from "../catalog-fixture.ts";
import { closeHarness, loadCatalog } from "../worker-harness.ts";

const NOW = 1_000_000;
const AGE = 30_000;
const LISTED = toHresult(0x80090029);
const OTHER = toHresult(0x801c03ed);
const UNLISTED = toHresult(0x8024402c);
const CODES = testCatalog()
  .entries.map(({ code }) => code)
  .sort();

afterEach(closeHarness);

/** A namespace that fails from now on. */
const FAILING = { get: () => Promise.reject(new Error("KV GET failed: 500")) };

/** A namespace that never answers. */
const HANGING = { get: () => new Promise<never>(() => {}) };

async function codesOf(
  now: number,
  memory: CatalogMemory,
  kv: Parameters<typeof openCatalog>[0] = env.CATALOG,
) {
  return (await openCatalog(kv, now, memory)).codes();
}

async function readManifest() {
  return Manifest.parse(await env.CATALOG.get(MANIFEST_KEY, "json"));
}

test("every entry is read with its topic and steps", async () => {
  await loadCatalog();
  const catalog = await openCatalog(env.CATALOG, NOW, emptyMemory());
  const folder = testCatalog();
  expect(await catalog.codes()).toEqual(CODES);
  const listed = await catalog.lookUp(CODES);
  for (const { samples: _, ...entry } of folder.entries) {
    const { topic, steps, ...found } = listed.get(entry.code) ?? {};
    expect(found).toEqual({ code: entry.code, entry });
    expect(topic).toEqual(folder.topics[entry.topic]);
    expect(steps).toEqual(folder.steps[entry.topic]);
  }
});

const lookUps: [codes: ReturnType<typeof toHresult>[], found: string[], why: string][] = [
  [[LISTED], [LISTED], "a listed code"],
  [[OTHER, LISTED], [OTHER, LISTED], "in the order in which they were asked for"],
  [[LISTED, LISTED], [LISTED], "once"],
  [[UNLISTED], [], "an upper half without a shard"],
  [[toHresult(0x80090000)], [], "a shard without the code"],
  [[UNLISTED, LISTED], [LISTED], "both"],
  [[], [], "nothing"],
];

test.each(lookUps)("a look-up of %j finds %j: %s", async (codes, found) => {
  await loadCatalog();
  const catalog = await openCatalog(env.CATALOG, NOW, emptyMemory());
  expect([...(await catalog.lookUp(codes)).keys()]).toEqual(found);
});

test("a manifest and shards that are known are not read again", async () => {
  await loadCatalog();
  const memory = emptyMemory();
  await codesOf(NOW, memory);
  expect(await codesOf(NOW + AGE - 1, memory, FAILING)).toEqual(CODES);
  const read = vi.spyOn(env.CATALOG, "get");
  await codesOf(NOW + AGE, memory);
  expect(read.mock.calls).toEqual([[MANIFEST_KEY, { type: "text", cacheTtl: 30 }]]);
});

test("a code that was looked up in vain is found 30 s after it was added", async () => {
  const memory = emptyMemory();
  await loadCatalog(testCatalogOf(OTHER));
  const find = async (now: number) =>
    (await (await openCatalog(env.CATALOG, now, memory)).lookUp([LISTED])).size;
  expect(await find(NOW)).toBe(0);
  await loadCatalog(testCatalogOf(OTHER, LISTED));
  expect(await find(NOW + AGE - 1)).toBe(0);
  expect(await find(NOW + AGE)).toBe(1);
});

test("a code that was removed is gone after the same time", async () => {
  const memory = emptyMemory();
  await loadCatalog(testCatalogOf(OTHER, LISTED));
  expect(await codesOf(NOW, memory)).toEqual([LISTED, OTHER]);
  await loadCatalog(testCatalogOf(OTHER));
  expect(await codesOf(NOW + AGE, memory)).toEqual([OTHER]);
});

test("a clock that is set back reads the manifest again", async () => {
  const memory = emptyMemory();
  await loadCatalog(testCatalogOf(OTHER));
  await codesOf(NOW, memory);
  await loadCatalog(testCatalogOf(OTHER, LISTED));
  expect(await codesOf(NOW - AGE, memory)).toEqual([LISTED, OTHER]);
});

test("shards of an older version are forgotten", async () => {
  const memory = emptyMemory();
  await loadCatalog(testCatalogOf(LISTED, OTHER));
  await codesOf(NOW, memory);
  const before = [...memory.shards.keys()];
  await loadCatalog(testCatalogOf(LISTED));
  await codesOf(NOW + AGE, memory);
  expect(memory.shards.size).toBeGreaterThan(0);
  expect([...memory.shards.keys()].every((key) => before.includes(key))).toBe(true);
  expect(memory.shards.size).toBeLessThan(before.length);
});

const outages: [why: string, kv: typeof FAILING | typeof HANGING][] = [
  ["fails", FAILING],
  ["never answers", HANGING],
];

test.each(outages)("while the namespace %s, the last good catalog serves", async (_, kv) => {
  vi.spyOn(AbortSignal, "timeout").mockImplementation(soon);
  await loadCatalog();
  const memory = emptyMemory();
  await codesOf(NOW, memory);
  for (const now of [NOW + AGE, NOW + 2 * AGE, NOW + 1000 * AGE]) {
    expect(await codesOf(now, memory, kv)).toEqual(CODES);
  }
});

test.each(outages)("while the namespace %s at a cold start, there is no catalog", async (_, kv) => {
  const timeout = vi.spyOn(AbortSignal, "timeout").mockImplementation(soon);
  await expect(openCatalog(kv, NOW, emptyMemory())).rejects.toMatchObject({
    code: "catalog_unavailable",
    retry: true,
    status: 503,
  });
  expect(timeout.mock.calls).toEqual([[5_000]]);
});

function soon() {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 1);
  return controller.signal;
}

test("after an outage the next version is read within 30 s", async () => {
  const memory = emptyMemory();
  await loadCatalog(testCatalogOf(OTHER));
  await codesOf(NOW, memory);
  await codesOf(NOW + AGE, memory, FAILING);
  await loadCatalog(testCatalogOf(OTHER, LISTED));
  expect(await codesOf(NOW + 2 * AGE, memory)).toEqual([LISTED, OTHER]);
});

test("an empty namespace is catalog_unavailable, and found as soon as it is filled", async () => {
  const memory = emptyMemory();
  await expect(openCatalog(env.CATALOG, NOW, memory)).rejects.toMatchObject({
    code: "catalog_unavailable",
  });
  await loadCatalog(testCatalogOf(LISTED));
  expect(await codesOf(NOW + 1, memory)).toEqual([LISTED]);
});

const manifests: [why: string, change: (manifest: Record<string, unknown>) => unknown][] = [
  ["of a newer form", (manifest) => ({ ...manifest, schema: 2 })],
  ["of no form", (manifest) => ({ ...manifest, schema: undefined })],
  ["without topics", ({ topics: _, ...manifest }) => manifest],
  ["that is a list", () => []],
  ["that is null", () => null],
];

test.each(manifests)(
  "a manifest %s is passed over, and the one before serves",
  async (_, change) => {
    const memory = emptyMemory();
    await loadCatalog(testCatalogOf(LISTED));
    await codesOf(NOW, memory);
    await env.CATALOG.put(MANIFEST_KEY, JSON.stringify(change({ ...(await readManifest()) })));
    const catalog = await openCatalog(env.CATALOG, NOW + AGE, memory);
    expect(await catalog.codes()).toEqual([LISTED]);
    expect(catalog.trouble).toMatch(/^(?:the )?manifest/);
    await expect(openCatalog(env.CATALOG, NOW, emptyMemory())).rejects.toMatchObject({
      code: "catalog_unavailable",
    });
  },
);

test("a value that is no JSON is passed over", async () => {
  await env.CATALOG.put(MANIFEST_KEY, "{");
  await expect(openCatalog(env.CATALOG, NOW, emptyMemory())).rejects.toMatchObject({
    code: "catalog_unavailable",
  });
});

test("a shard that is missing is catalog_unavailable, and the others work", async () => {
  await loadCatalog(testCatalogOf(LISTED, OTHER));
  const { shards } = await readManifest();
  await env.CATALOG.delete(shards["801C"] ?? "");
  const catalog = await openCatalog(env.CATALOG, NOW, emptyMemory());
  expect((await catalog.lookUp([LISTED])).size).toBe(1);
  await expect(catalog.lookUp([OTHER])).rejects.toMatchObject({ code: "catalog_unavailable" });
});

test("a shard that cannot be used takes no other code with it", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  await loadCatalog(testCatalogOf(LISTED, OTHER));
  const { shards } = await readManifest();
  await env.CATALOG.put(shards["801C"] ?? "", "{");
  const catalog = await openCatalog(env.CATALOG, NOW, emptyMemory());
  const trace = (code: typeof LISTED) => ({ code, weak: false });
  const known = await lookUp([trace(OTHER), trace(LISTED)], catalog);
  expect(known.map(({ code }) => code)).toEqual([LISTED]);
  await expect(lookUp([trace(OTHER)], catalog)).rejects.toMatchObject({
    code: "catalog_unavailable",
    retry: true,
  });
});

const badItems: [why: string, key: "shards" | "names", part: string][] = [
  ["a symbol that is a number", "shards", "8024"],
  ["a code of a name that is none", "names", nameKey("WU_E_INSTALL_NOT_ALLOWED").slice(0, 1)],
];

test.each(badItems)("%s is left out and told, the others work", async (_, kind, part) => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  await loadCatalog();
  const key = (await readManifest())[kind][part] ?? "";
  const value = Object(await env.CATALOG.get(key, "json"));
  if (kind === "shards") value.symbols["0000"] = 5;
  else value.feedfeed = "no code";
  await env.CATALOG.put(key, JSON.stringify(value));
  const catalog = await openCatalog(env.CATALOG, NOW, emptyMemory());
  const name = nameKey("WU_E_INSTALL_NOT_ALLOWED");
  const code = toHresult(0x80240016);
  expect(await catalog.symbols([code])).toEqual(new Map([[code, "WU_E_INSTALL_NOT_ALLOWED"]]));
  expect(await catalog.codesOfNames([name])).toEqual(new Map([[name, code]]));
  expect(warned.mock.calls).toEqual([[JSON.stringify({ event: "catalog_value_skipped", key })]]);
});

const strangers: [why: string, change: (topic: Stored) => unknown, listed: number][] = [
  ["says more than this Worker knows", (topic) => ({ ...topic, mood: "good" }), 1],
  ["is of another form", () => ({ title: "PIN" }), 0],
];

test.each(strangers)("a topic that %s makes no manifest unreadable", async (_, change, listed) => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  await loadCatalog(testCatalogOf(LISTED));
  const manifest = await readManifest();
  const topics = { "windows-hello-pin": change(Object(manifest.topics["windows-hello-pin"])) };
  await env.CATALOG.put(MANIFEST_KEY, JSON.stringify({ ...manifest, topics }));
  const catalog = await openCatalog(env.CATALOG, NOW, emptyMemory());
  expect((await catalog.lookUp([LISTED])).size).toBe(listed);
});

type Stored = Record<string, unknown>;

const badEntries: [why: string, change: (entry: Stored) => unknown][] = [
  ["is null", () => null],
  ["has a code with a blank", (entry) => ({ ...entry, code: `${LISTED} ` })],
  ["has a success code", (entry) => ({ ...entry, code: "0x00090029" })],
  ["has no cases", ({ cases: _, ...entry }) => entry],
  ["has no English", (entry) => ({ ...entry, cases: [{ causes: [{ ja: "x" }], steps: [] }] })],
];

test.each(badEntries)(
  "an entry that %s is left out and told, the others work",
  async (_, change) => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    await loadCatalog(testCatalogOf(LISTED, "0x80090010"));
    const { shards } = await readManifest();
    const key = shards["8009"] ?? "";
    const shard = await env.CATALOG.get<{ entries: Stored[] }>(key, "json");
    const entries = shard?.entries.map((each) => (each.code === LISTED ? change(each) : each));
    await env.CATALOG.put(key, JSON.stringify({ ...shard, entries }));
    expect(await codesOf(NOW, emptyMemory())).toEqual(["0x80090010"]);
    expect(warned.mock.calls).toEqual([[JSON.stringify({ event: "catalog_value_skipped", key })]]);
  },
);

test("an entry of a topic which is not there is not listed", async () => {
  await loadCatalog(testCatalogOf(LISTED));
  const manifest = await readManifest();
  await env.CATALOG.put(MANIFEST_KEY, JSON.stringify({ ...manifest, topics: {} }));
  const catalog = await openCatalog(env.CATALOG, NOW, emptyMemory());
  expect((await catalog.lookUp([LISTED])).size).toBe(0);
});

const spellings: [text: string, code: string | null][] = [
  ["0x80090029", "0x80090029"],
  ["0X801c03ed", "0x801C03ED"],
  ["801C03ED", "0x801C03ED"],
  ["0x00000005", null],
  ["0x8009002", null],
  ["0x800900290", null],
  ["0x0x80090029", null],
  [" 0x80090029", null],
  ["-2146893783", null],
  ["", null],
];

test.each(spellings)("%j in an address is the code %s", (text, code) => {
  if (code === null)
    expect(() => parseCode(text)).toThrow(expect.objectContaining({ code: "code_invalid" }));
  else expect(parseCode(text)).toBe(code);
});
