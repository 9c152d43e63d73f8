import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Place, readInBulk } from "../../scripts/catalog/kv-target.ts";
import { withLocalPlace } from "../../scripts/catalog/local-target.ts";
import type { Folder } from "../../scripts/catalog/read.ts";
import { upload } from "../../scripts/catalog/upload.ts";
import { emptyMemory, openCatalog } from "../../src/catalog/store.ts";
import { Manifest } from "../../src/catalog/stored.ts";
import type { Hresult } from "../../src/hresult/hresult.ts";
import { testCatalog, testCatalogOfSize } from "../catalog-fixture.ts";

const FOLDER = testCatalog();

/** A namespace in memory, which writes down what is done to it. */
interface Namespace extends Place {
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

/** The folder with other words for the cause of one code. */
function reworded(code: string, words: string, folder = FOLDER): Folder {
  const entries = structuredClone(folder.entries).map((entry) => {
    if (entry.code !== code) return entry;
    return { ...entry, cases: entry.cases.map((each) => ({ ...each, causes: [{ en: words }] })) };
  });
  return { ...folder, entries };
}

/** What a reader finds who has no memory: the version, and every entry. */
async function read(place: Pick<Place, "get">) {
  const get = async (key: string) => (await place.get([key])).get(key) ?? null;
  const catalog = await openCatalog({ get }, 0, emptyMemory());
  const codes = await catalog.codes();
  const listed = await catalog.lookUp(codes);
  return { version: catalog.version, codes, cause: causeOf("0x80090029" as Hresult) };

  function causeOf(code: Hresult) {
    return listed.get(code)?.entry.cases[0]?.causes[0]?.en;
  }
}

async function manifestOf(place: Place) {
  return Manifest.parse(JSON.parse((await place.get(["manifest"])).get("manifest") ?? "null"));
}

const CODES = FOLDER.entries.map(({ code }) => code).sort();

test("a first upload writes the values, then the manifest, and tells what it added", async () => {
  const place = namespace();
  const report = await upload(FOLDER, place);
  expect(report).toEqual({
    version: expect.stringMatching(/^[0-9a-f]{12}$/),
    before: null,
    added: CODES,
    changed: [],
    removed: [],
    writes: place.done.length,
  });
  expect(place.done.at(-1)).toBe("put manifest");
  expect(place.done.filter((each) => each === "put manifest")).toHaveLength(1);
  expect(
    place.done.slice(0, -1).every((each) => /^put (?:shard|names):[0-9a-f]{64}$/.test(each)),
  ).toBe(true);
  expect(await read(place)).toMatchObject({ version: report.version, codes: CODES });
});

test("a second upload writes nothing", async () => {
  const place = namespace();
  const { version } = await upload(FOLDER, place);
  place.done.length = 0;
  expect(await upload(FOLDER, place)).toEqual({
    version,
    before: version,
    added: [],
    changed: [],
    removed: [],
    writes: 0,
  });
  expect(place.done).toEqual([]);
});

test("the order of the files does not matter", async () => {
  const place = namespace();
  await upload(FOLDER, place);
  const turned = { ...FOLDER, entries: FOLDER.entries.toReversed() };
  expect((await upload(turned, place)).writes).toBe(0);
});

test("a changed entry writes one shard and the manifest", async () => {
  const place = namespace();
  const { version } = await upload(FOLDER, place);
  place.done.length = 0;
  const report = await upload(reworded("0x80090029", "Another cause."), place);
  expect(report).toMatchObject({ added: [], changed: ["0x80090029"], removed: [], writes: 2 });
  expect(report.version).not.toBe(version);
  expect(place.done).toEqual([expect.stringMatching(/^put shard:/), "put manifest"]);
  expect(await read(place)).toMatchObject({ codes: CODES, cause: "Another cause." });
});

test("a changed step or title writes the manifest alone", async () => {
  const place = namespace();
  await upload(FOLDER, place);
  place.done.length = 0;
  const steps = structuredClone(FOLDER.steps) as Record<string, Record<string, object>>;
  Object.assign(steps["windows-hello-pin"] ?? {}, { restart: { en: ["Switch it off and on."] } });
  expect(await upload({ ...FOLDER, steps } as Folder, place)).toMatchObject({
    changed: [],
    writes: 1,
  });
  expect(place.done).toEqual(["put manifest"]);
});

test("an entry that goes and one that comes are told", async () => {
  const place = namespace();
  await upload({ ...FOLDER, entries: FOLDER.entries.slice(1) }, place);
  expect(await upload({ ...FOLDER, entries: FOLDER.entries.slice(0, -1) }, place)).toMatchObject({
    added: [FOLDER.entries[0]?.code],
    changed: [],
    removed: [FOLDER.entries.at(-1)?.code],
  });
});

test("a dry run tells the same and writes nothing", async () => {
  const place = namespace();
  expect(await upload(FOLDER, place, { dryRun: true })).toMatchObject({ added: CODES, writes: 0 });
  expect(place.done).toEqual([]);
});

test("an upload that stops half-way leaves the old catalog whole, and the next one ends it", async () => {
  const next = reworded("0x801C03ED", "y", reworded("0x80090029", "Another cause."));
  const whole = namespace();
  await upload(FOLDER, whole);
  const old = await read(whole);
  const { writes } = await upload(next, whole);
  expect(writes).toBe(3);

  for (let left = 0; left < writes; left++) {
    const place = namespace();
    await upload(FOLDER, place);
    place.left = left;
    await expect(upload(next, place)).rejects.toThrow("the connection broke");
    expect(await read(place), `after ${left} writes`).toEqual(old);
    place.left = Number.POSITIVE_INFINITY;
    await upload(next, place);
    expect(await read(place)).toMatchObject({ codes: CODES, cause: "Another cause." });
  }
});

test("a first upload that stops half-way leaves no catalog", async () => {
  const place = namespace();
  place.left = 3;
  await expect(upload(FOLDER, place)).rejects.toThrow("the connection broke");
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
  "an upload from %i codes to %i is refused: %s: %s",
  async (from, to, refused) => {
    const place = namespace();
    if (from > 0) await upload(testCatalogOfSize(from), place);
    place.done.length = 0;
    const shrinking = upload(testCatalogOfSize(to), place);
    if (refused) {
      await expect(shrinking).rejects.toThrow(
        `memory holds ${from} codes and the folder ${to}. If that is meant, run `,
      );
      expect(place.done).toEqual([]);
      await upload(testCatalogOfSize(to), place, { allowShrink: true });
    } else {
      await shrinking;
    }
    expect((await read(place)).codes).toHaveLength(to);
  },
);

test("of two uploads at once one wins whole, and the other is told", async () => {
  const place = namespace();
  await upload(FOLDER, place);
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
  expect(await read(place)).toMatchObject({ codes: CODES, cause: ["One.", "Two."][won] });
});

test("an upload that is overtaken while it writes leaves the other's manifest in place", async () => {
  const place = namespace();
  await upload(FOLDER, place);
  const other = reworded("0x80090029", "The other.");
  const slow: Place = {
    ...place,
    async put(values) {
      await place.put(values);
      if (!("manifest" in values)) await upload(other, place);
    },
  };
  const late = upload(reworded("0x80090029", "Late."), slow);
  await expect(late).rejects.toThrow("another upload to memory came first");
  expect(await read(place)).toMatchObject({ cause: "The other." });
});

test("values of the two versions before are kept for slow readers, and then deleted", async () => {
  const place = namespace();
  const keysOf = async () => Object.values((await manifestOf(place)).shards);
  await upload(FOLDER, place);
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
  expect(await read(place)).toMatchObject({ codes: CODES, cause: "v4" });
});

test("a version that comes back is whole, whatever was deleted between", async () => {
  const place = namespace();
  const versions: string[] = [];
  for (const words of ["v1", "v2", "v1", "v3", "v4", "v5", "v1"]) {
    versions.push((await upload(reworded("0x80090029", words), place)).version);
    expect(await read(place)).toMatchObject({ codes: CODES, cause: words });
  }
  expect(new Set(versions).size).toBe(5);
});

test("a manifest of a newer form is left alone", async () => {
  const place = namespace();
  place.values.set("manifest", '{"schema":2}');
  await expect(upload(FOLDER, place)).rejects.toThrow(
    "memory holds a manifest of a newer form; nothing was changed",
  );
  expect(place.done).toEqual([]);
});

const broken: [why: string, breakIt: (values: Map<string, string>, shard: string) => void][] = [
  ["a manifest that is no JSON", (values) => values.set("manifest", "{")],
  ["a manifest of an older form", (values) => values.set("manifest", '{"schema":1,"shards":{}}')],
  ["a lost shard", (values, shard) => values.delete(shard)],
  ["a shard that is no JSON", (values, shard) => values.set(shard, "{")],
  ["a shard with other content", (values, shard) => values.set(shard, '{"entries":[]}')],
];

test.each(broken)("%s is mended by the next upload", async (_, breakIt) => {
  const place = namespace();
  await upload(FOLDER, place);
  breakIt(place.values, (await manifestOf(place)).shards["8009"] ?? "");
  await upload(FOLDER, place);
  expect(await read(place)).toMatchObject({ codes: CODES });
});

test("a place that shows the old manifest for a while is asked again", async () => {
  const place = namespace();
  await upload(FOLDER, place);
  const old = place.values.get("manifest") ?? "";
  let stale = 4;
  const slow: Place = {
    ...place,
    showsWithinMs: 100,
    async get(keys) {
      const there = new Map(await place.get(keys));
      if (there.has("manifest") && stale-- > 0) there.set("manifest", old);
      return there;
    },
  };
  expect(await upload(reworded("0x80090029", "Another cause."), slow)).toMatchObject({ writes: 2 });
  expect(stale).toBe(-1);
});

test("a place that does not give back what was written is told", async () => {
  const place = namespace();
  const deaf: Place = {
    ...place,
    get: async (keys) => place.get(keys.filter((key) => key === "manifest")),
  };
  await expect(upload(FOLDER, deaf)).rejects.toThrow("memory does not give back what was written");
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
    return upload(FOLDER, place);
  });
  await withLocalPlace(state, async (place) => {
    expect((await upload(FOLDER, place)).writes).toBe(0);
    expect(await read(place)).toMatchObject({ version, codes: CODES });
    expect((await upload(reworded("0x80090029", "Other."), place)).writes).toBe(2);
  });
});
