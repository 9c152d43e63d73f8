import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type KvTarget, readInBulk } from "../../../scripts/catalog/kv-target.ts";
import { withLocalPlace } from "../../../scripts/catalog/local-target.ts";
import type { CatalogSource } from "../../../scripts/catalog/read.ts";
import { upload } from "../../../scripts/catalog/upload.ts";
import { emptyMemory, openCatalog } from "../../../src/catalog/store.ts";
import { MANIFEST_SCHEMA, Manifest } from "../../../src/catalog/stored.ts";
import { toHresult } from "../../../src/hresult/hresult.ts";
import { testCatalog, testCatalogOfSize, withCodes } from "../../catalog-fixture.ts";

const SOURCE = testCatalog();

/** A namespace in memory, which writes down what is done to it. */
interface Namespace extends KvTarget {
  readonly values: Map<string, string>;
  readonly done: string[];
  /** How many keys may still be written. */
  left: number;
}

function namespace(): Namespace {
  const values = new Map<string, string>();
  const done: string[] = [];
  return {
    name: "memory",
    values,
    done,
    left: Number.POSITIVE_INFINITY,
    showsWithinMs: 0,
    async get(keys) {
      return new Map([...values].filter(([key]) => keys.includes(key)));
    },
    async put(all) {
      for (const [key, value] of Object.entries(all)) {
        if (this.left-- <= 0) throw new Error("the connection broke");
        done.push(`put ${key}`);
        values.set(key, value);
        await Promise.resolve();
      }
    },
    async delete(keys) {
      for (const key of keys) {
        done.push(`delete ${key}`);
        values.delete(key);
      }
    },
  };
}

/** The catalog with another meaning of one code. */
function reworded(code: string, words: string, source = SOURCE): CatalogSource {
  return withCodes(source, (codes) => {
    const entry = codes[code];
    return entry === undefined ? codes : { ...codes, [code]: { ...entry, meaning: { en: words } } };
  });
}

/** The catalog without one code in any topic. */
function without(code: string): CatalogSource {
  return withCodes(SOURCE, ({ [code]: _, ...others }) => others);
}

const READ = toHresult(0x80090029);

/** What a reader finds who has no memory: the version, every entry, and the meaning of one. */
async function read(place: Pick<KvTarget, "get">) {
  const get = async (key: string) => (await place.get([key])).get(key) ?? null;
  const catalog = await openCatalog({ get }, 0, emptyMemory());
  const index = await catalog.index();
  const known = (await catalog.know([READ])).get(READ);
  const meaning = known?.entries.get("")?.get("windows-hello-pin")?.meaning.en;
  return { version: catalog.version, entries: namesIn(index), meaning };
}

/** Topic and code of each entry: `onedrive 0x8004DE40`. */
function namesIn(index: Readonly<Record<string, readonly string[]>>) {
  return Object.entries(index)
    .flatMap(([topic, codes]) => codes.map((code) => `${topic} ${code}`))
    .sort();
}

async function manifestOf(place: KvTarget) {
  return Manifest.parse(JSON.parse((await place.get(["manifest"])).get("manifest") ?? "null"));
}

const ENTRIES = namesIn(
  Object.fromEntries(
    SOURCE.topics.map(({ name, content }) => [name, Object.keys(content.codes ?? {})]),
  ),
);

test("a first upload writes the values, then the manifest, and tells what it added", async () => {
  const place = namespace();
  const report = await upload(SOURCE, place);
  expect({ ...report, added: report.added.toSorted() }).toEqual({
    version: expect.stringMatching(/^[0-9a-f]{12}$/),
    before: null,
    added: ENTRIES,
    changed: [],
    removed: [],
    missingFolders: [],
    writes: place.done.length,
  });
  expect(place.done.at(-1)).toBe("put manifest");
  expect(place.done.filter((each) => each === "put manifest")).toHaveLength(1);
  const contents = place.done.slice(0, -1).map((each) => each.replace(/[0-9a-f]{64}$/, "HASH"));
  expect([...new Set(contents)].sort()).toEqual([
    "put index:HASH",
    "put shard:HASH",
    "put symbols:HASH",
    "put topics:HASH",
  ]);
  expect(await read(place)).toMatchObject({ version: report.version, entries: ENTRIES });
});

test("a second upload writes nothing", async () => {
  const place = namespace();
  const { version } = await upload(SOURCE, place);
  place.done.length = 0;
  expect(await upload(SOURCE, place)).toEqual({
    version,
    before: version,
    added: [],
    changed: [],
    removed: [],
    missingFolders: [],
    writes: 0,
  });
  expect(place.done).toEqual([]);
});

test("the order of the codes in a file does not matter", async () => {
  const place = namespace();
  await upload(SOURCE, place);
  const turned = withCodes(SOURCE, (codes) =>
    Object.fromEntries(Object.entries(codes).toReversed()),
  );
  expect((await upload(turned, place)).writes).toBe(0);
});

/** The catalog with other content of one topic. */
function withTopic(name: string, change: object): CatalogSource {
  const topics = SOURCE.topics.map((topic) =>
    topic.name === name ? { ...topic, content: { ...topic.content, ...change } } : topic,
  );
  return { ...SOURCE, topics };
}

const STEPS = SOURCE.topics.find(({ name }) => name === "windows-hello-pin")?.content.steps ?? {};
const TURNED_OFF = { risk: "none" as const, who: "user" as const, en: ["Switch it off."] };

const changes: [why: string, source: CatalogSource, changed: string[], writes: string[]][] = [
  [
    "the meaning of a code",
    reworded("0x80090029", "Another meaning."),
    ["windows-hello-pin 0x80090029"],
    ["shard"],
  ],
  [
    "a step of a code",
    withTopic("windows-hello-pin", { steps: { ...STEPS, "remove-duplicate": TURNED_OFF } }),
    ["windows-hello-pin 0x801C03F2"],
    ["shard"],
  ],
  [
    "a first step that codes have, too",
    withTopic("windows-hello-pin", { steps: { ...STEPS, "try-again": TURNED_OFF } }),
    ["windows-hello-pin 0x80090029", "windows-hello-pin 0x801C000F"],
    ["shard", "topics"],
  ],
  ["a title", withTopic("windows-hello-pin", { title: { en: "PIN" } }), [], ["topics"]],
  ["a sign", withTopic("network-shares", { signs: { strong: { en: ["nas"] } } }), [], ["topics"]],
  ["the name of the folder", { ...SOURCE, folders: [{ name: "catalog", topics: [] }] }, [], []],
];

test.each(changes)("a change of %s writes what holds it, then the manifest", async (...row) => {
  const [, source, changed, writes] = row;
  const place = namespace();
  const { version } = await upload(SOURCE, place);
  place.done.length = 0;
  const report = await upload(source, place);
  expect(report).toMatchObject({ before: version, added: [], changed, removed: [] });
  expect(report.version).not.toBe(version);
  expect(place.done.map((each) => each.replace(/:.*/, ""))).toEqual(
    [...writes, "manifest"].map((each) => `put ${each}`),
  );
  expect(report.writes).toBe(writes.length + 1);
  expect(await read(place)).toMatchObject({ entries: ENTRIES });
});

test("an entry that goes and one that comes are told", async () => {
  const place = namespace();
  await upload(without("0x80070005"), place);
  expect(await upload(without("0xC1900101+0x20017"), place)).toMatchObject({
    added: ["network-shares 0x80070005", "windows-general 0x80070005", "windows-update 0x80070005"],
    changed: [],
    removed: ["windows-update 0xC1900101+0x20017"],
  });
});

test("a dry run tells the same and writes nothing", async () => {
  const place = namespace();
  const { added, writes } = await upload(SOURCE, place, { dryRun: true });
  expect(added.toSorted()).toEqual(ENTRIES);
  expect(writes).toBe(0);
  expect(place.done).toEqual([]);
});

test("an upload that stops half-way leaves the old catalog whole, and the next one ends it", async () => {
  const next = reworded("0xC1900101", "y", reworded("0x80090029", "Another meaning."));
  const whole = namespace();
  await upload(SOURCE, whole);
  const old = await read(whole);
  const { writes } = await upload(next, whole);
  expect(writes).toBe(3);

  for (let left = 0; left < writes; left++) {
    const place = namespace();
    await upload(SOURCE, place);
    place.left = left;
    await expect(upload(next, place)).rejects.toThrow("the connection broke");
    expect(await read(place), `after ${left} writes`).toEqual(old);
    place.left = Number.POSITIVE_INFINITY;
    await upload(next, place);
    expect(await read(place)).toMatchObject({ entries: ENTRIES, meaning: "Another meaning." });
  }
});

test("a first upload that stops half-way leaves no catalog", async () => {
  const place = namespace();
  place.left = 3;
  await expect(upload(SOURCE, place)).rejects.toThrow("the connection broke");
  expect(place.values.has("manifest")).toBe(false);
});

const shrinks: [from: number, to: number, refused: boolean, why: string][] = [
  [50, 24, true, "fewer than half"],
  [50, 25, false, "half"],
  [50, 49, false, "one less"],
  [2, 1, false, "half of few"],
  [3, 1, true, "fewer than half of few"],
  [0, 1, false, "from nothing"],
];

test.each(shrinks)(
  "an upload from %i entries to %i is refused: %s: %s",
  async (from, to, refused) => {
    const place = namespace();
    if (from > 0) await upload(testCatalogOfSize(from), place);
    place.done.length = 0;
    const shrinking = upload(testCatalogOfSize(to), place);
    if (refused) {
      await expect(shrinking).rejects.toThrow(
        `memory holds ${from} entries and the folders ${to}. If that is meant, run `,
      );
      expect(place.done).toEqual([]);
      await upload(testCatalogOfSize(to), place, { allowShrink: true });
    } else {
      await shrinking;
    }
    expect((await read(place)).entries).toHaveLength(to);
  },
);

test("of two uploads at once one wins whole, and the other is told", async () => {
  const place = namespace();
  await upload(SOURCE, place);
  const both = await Promise.allSettled([
    upload(reworded("0x80090029", "One."), place),
    upload(reworded("0x80090029", "Two."), place),
  ]);
  const failed = both.filter((each) => each.status === "rejected");
  expect(failed).toHaveLength(1);
  expect(String(failed[0]?.reason)).toContain(
    "another upload to memory came first; run this one again",
  );
  const won = both.findIndex((each) => each.status === "fulfilled");
  expect(await read(place)).toMatchObject({ entries: ENTRIES, meaning: ["One.", "Two."][won] });
});

test("an upload that is overtaken while it writes leaves the other's manifest in place", async () => {
  const place = namespace();
  await upload(SOURCE, place);
  const other = reworded("0x80090029", "The other.");
  const slow: KvTarget = {
    ...place,
    async put(values) {
      await place.put(values);
      if (!("manifest" in values)) await upload(other, place);
    },
  };
  const late = upload(reworded("0x80090029", "Late."), slow);
  await expect(late).rejects.toThrow("another upload to memory came first");
  expect(await read(place)).toMatchObject({ meaning: "The other." });
});

test("values of the two versions before are kept for slow readers, and then deleted", async () => {
  const place = namespace();
  const keysOf = async () => Object.values((await manifestOf(place)).shards);
  await upload(SOURCE, place);
  const generations = [await keysOf()];
  for (const words of ["v2", "v3", "v4"]) {
    await upload(reworded("0x80090029", words), place);
    generations.push(await keysOf());
  }
  const only = (index: number) =>
    generations[index]?.filter(
      (key) => !generations.some((all, at) => at !== index && all.includes(key)),
    );
  const there = (index: number) => only(index)?.map((key) => place.values.has(key));
  expect([0, 1, 2, 3].map(there)).toEqual([[false], [true], [true], [true]]);
  expect(place.done.filter((each) => each.startsWith("delete"))).toEqual([`delete ${only(0)}`]);
  expect(await read(place)).toMatchObject({ entries: ENTRIES, meaning: "v4" });
});

test("a version that comes back is whole, whatever was deleted between", async () => {
  const place = namespace();
  const versions: string[] = [];
  for (const words of ["v1", "v2", "v1", "v3", "v4", "v5", "v1"]) {
    versions.push((await upload(reworded("0x80090029", words), place)).version);
    expect(await read(place)).toMatchObject({ entries: ENTRIES, meaning: words });
  }
  expect(new Set(versions).size).toBe(5);
});

test("a manifest of a newer form is left alone", async () => {
  const place = namespace();
  place.values.set("manifest", JSON.stringify({ schema: MANIFEST_SCHEMA + 1 }));
  await expect(upload(SOURCE, place)).rejects.toThrow(
    "memory holds a manifest of a newer form; nothing was changed",
  );
  expect(place.done).toEqual([]);
});

/** What version 0.1.0 left in a namespace, with the shard of an earlier upload of its own. */
const VERSION_0_1_0 = {
  "shard:0a": '{"entries":[]}',
  "shard:0b": '{"entries":[]}',
  "names:0c": "{}",
  manifest: JSON.stringify({
    schema: 1,
    version: "0123456789ab",
    uploadedAt: "2026-11-01T00:00:00.000Z",
    shards: { "8009": "shard:0b" },
    names: { "3": "names:0c" },
    facilities: { hresult: {}, ntstatus: {} },
    topics: {},
    steps: {},
    retired: [["shard:0a"]],
  }),
};

test("the catalog of version 0.1.0 is replaced, and its values go two versions later", async () => {
  const place = namespace();
  for (const [key, value] of Object.entries(VERSION_0_1_0)) place.values.set(key, value);
  const oldKeys = ["shard:0a", "shard:0b", "names:0c"];
  const stillThere = () => oldKeys.filter((key) => place.values.has(key));

  expect(await upload(SOURCE, place)).toMatchObject({ before: "0123456789ab", removed: [] });
  expect(await read(place)).toMatchObject({ entries: ENTRIES });
  const left = [stillThere()];
  for (const words of ["v2", "v3"]) {
    await upload(reworded("0x80090029", words), place);
    left.push(stillThere());
  }
  expect(left).toEqual([oldKeys, ["shard:0b", "names:0c"], []]);
});

/** The catalog of the tests, in which one topic came from a folder of somebody's own. */
const WITH_OWN: CatalogSource = {
  ...SOURCE,
  folders: [
    { name: "catalog", topics: ["windows-hello-pin"] },
    { name: "our-catalog", topics: ["network-shares"] },
  ],
};
/** The same without that folder: 1 of 14 entries is gone. */
const WITHOUT_OWN = without("0x80070035");

test("an upload stops when it does not read a folder of the catalog in place", async () => {
  const place = namespace();
  await upload(WITH_OWN, place);
  place.done.length = 0;
  for (const allowShrink of [false, true]) {
    await expect(upload(WITHOUT_OWN, place, { allowShrink })).rejects.toThrow(
      "memory holds entries of the folder our-catalog, which is not read now. " +
        "Name it with --catalog DIR, or remove its entries with `npm run catalog -- upload` and --allow-shrink.",
    );
  }
  expect(place.done).toEqual([]);
  expect(await read(place)).toMatchObject({ entries: ENTRIES });
});

test("the entries of a folder that is not read go when that is asked for", async () => {
  const place = namespace();
  await upload(WITH_OWN, place);
  const removed = ["network-shares 0x80070035"];
  expect(await upload(WITHOUT_OWN, place, { allowMissingFolders: true })).toMatchObject({
    removed,
  });
  expect((await upload(WITHOUT_OWN, place)).writes).toBe(0);
});

test("a folder that comes along stops nothing", async () => {
  const place = namespace();
  await upload(SOURCE, place);
  expect(await upload(WITH_OWN, place)).toMatchObject({ added: [], changed: [], removed: [] });
  expect((await manifestOf(place)).folders).toEqual({ catalog: 1, "our-catalog": 1 });
});

const broken: [why: string, breakIt: (values: Map<string, string>, shard: string) => void][] = [
  ["a manifest that is no JSON", (values) => values.set("manifest", "{")],
  ["a manifest of an older form", (values) => values.set("manifest", '{"schema":1,"shards":{}}')],
  ["a lost shard", (values, shard) => values.delete(shard)],
  ["a shard that is no JSON", (values, shard) => values.set(shard, "{")],
  ["a shard with other content", (values, shard) => values.set(shard, '{"entries":{}}')],
];

test.each(broken)("%s is mended by the next upload", async (_, breakIt) => {
  const place = namespace();
  await upload(SOURCE, place);
  breakIt(place.values, (await manifestOf(place)).shards["8"] ?? "");
  await upload(SOURCE, place);
  expect(await read(place)).toMatchObject({ entries: ENTRIES });
});

test("a place that shows the old manifest for a while is asked again", async () => {
  const place = namespace();
  await upload(SOURCE, place);
  const old = place.values.get("manifest") ?? "";
  let stale = 4;
  const slow: KvTarget = {
    ...place,
    showsWithinMs: 100,
    async get(keys) {
      const there = new Map(await place.get(keys));
      if (there.has("manifest") && stale-- > 0) there.set("manifest", old);
      return there;
    },
  };
  expect(await upload(reworded("0x80090029", "Another meaning."), slow)).toMatchObject({
    writes: 2,
  });
  expect(stale).toBe(-1);
});

test("a place that does not give back what was written is told", async () => {
  const place = namespace();
  const deaf: KvTarget = {
    ...place,
    get: async (keys) => place.get(keys.filter((key) => key === "manifest")),
  };
  await expect(upload(SOURCE, deaf)).rejects.toThrow("memory does not give back what was written");
});

test("more keys than a bulk read takes are read by several", async () => {
  const keys = Array.from({ length: 250 }, (_, index) => `key:${index}`);
  const sizes: number[] = [];
  const found = await readInBulk(keys, async (some) => {
    sizes.push(some.length);
    return some.map((key) => [key, key === "key:3" ? null : key] as const);
  });
  expect(sizes).toEqual([100, 100, 50]);
  expect([...found.keys()]).toEqual(keys.filter((key) => key !== "key:3"));
});

let state: string;

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "catalog-upload-"));
});

afterEach(() => {
  rmSync(state, { recursive: true, force: true });
});

test("a state folder on this machine keeps the catalog", async () => {
  const name = `local state in ${state}`;
  const { version } = await withLocalPlace(state, (place) => {
    expect(place.name).toBe(name);
    return upload(SOURCE, place);
  });
  await withLocalPlace(state, async (place) => {
    expect((await upload(SOURCE, place)).writes).toBe(0);
    expect(await read(place)).toMatchObject({ version, entries: ENTRIES });
    expect((await upload(reworded("0x80090029", "Other."), place)).writes).toBe(2);
  });
});
