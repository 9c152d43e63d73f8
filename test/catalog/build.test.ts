import { expect, test } from "vitest";
import { build, catalogOf, MAX_SHARD_LENGTH } from "../../scripts/catalog/build.ts";
import type { CatalogSource } from "../../scripts/catalog/read.ts";
import type { EntryFile } from "../../scripts/catalog/topic-file.ts";
import { toHresult } from "../../src/hresult/hresult.ts";
import { symbolKey } from "../../src/hresult/symbol-hash.ts";
import { testCatalog, testCatalogOfSize, withCodes } from "../catalog-fixture.ts";

/** A shard is split where it is longer, in UTF-16 units. */

/** Beginnings of codes, such as `8009`, and how long their shards are. */
function shardsOf(source: CatalogSource): Map<string, number> {
  const { manifest, values } = build(source);
  return new Map(
    Object.entries(manifest.shards).map(([start, key]) => [start, values[key]?.length ?? 0]),
  );
}

/** So many codes that no single shard may hold them. */
const MANY = testCatalogOfSize(1_000);
const MANY_CODES = Array.from({ length: 1_000 }, (_, index) => toHresult(0x80090100 + index));

test("few codes are stored in one shard for each first digit", () => {
  expect([...shardsOf(testCatalog()).keys()].sort()).toEqual(["8", "C"]);
});

test("many codes are split into shards below the size limit", () => {
  const shards = shardsOf(MANY);
  expect(shards.size).toBeGreaterThan(5);
  expect([...shards].filter(([, length]) => length > MAX_SHARD_LENGTH)).toEqual([]);
});

test("each code is found in the shard with the longest matching beginning", async () => {
  const catalog = await catalogOf(MANY);
  const known = await catalog.know(MANY_CODES);
  const missing = MANY_CODES.filter((code) => known.get(code)?.entries.get("")?.size !== 1);
  expect(missing).toEqual([]);
  // The shards "8" and "80090…" are both there; one who looked into the shorter one would find
  // nothing.
  const starts = [...shardsOf(MANY).keys()];
  const nested = starts.filter((start) =>
    starts.some((other) => other !== start && start.startsWith(other)),
  );
  expect(nested.length).toBeGreaterThan(0);
});

test("a code that no shard holds is unknown, while others are found", async () => {
  const catalog = await catalogOf(MANY);
  for (const code of [toHresult(0x80090fff), toHresult(0x8009ffff), toHresult(0x80000001)]) {
    expect((await catalog.know([code])).get(code)).toMatchObject({
      naming: {},
      entries: new Map(),
    });
  }
});

test("a code with more text than the size limit has a shard of its own", async () => {
  const words = "x".repeat(MAX_SHARD_LENGTH);
  const source = withCodes(testCatalog(), (codes) => {
    const entry = codes["0x80090029"];
    if (entry === undefined) return codes;
    return { ...codes, "0x80090029": { ...entry, meaning: { en: words } } };
  });
  const tooLong = [...shardsOf(source)].filter(([, length]) => length > MAX_SHARD_LENGTH);
  expect(tooLong.map(([start]) => start)).toEqual(["80090029"]);
  const code = toHresult(0x80090029);
  const { entries } = (await (await catalogOf(source)).know([code])).get(code) ?? {};
  expect(entries?.get("")?.get("windows-hello-pin")?.meaning.en).toBe(words);
});

test("adding one code to many changes one shard", () => {
  const more = withCodes(MANY, (codes, topic) => {
    const entry = codes["0x80090100"];
    if (topic !== "windows-hello-pin" || entry === undefined) return codes;
    return { ...codes, "0x80091000": entry };
  });
  const before = new Set(Object.values(build(MANY).manifest.shards));
  const changed = Object.values(build(more).manifest.shards).filter((key) => !before.has(key));
  expect(changed).toHaveLength(1);
});

test("keys are hashes of their values, and the version is a hash of all keys", () => {
  const [first, second, other] = [build(testCatalog()), build(testCatalog()), build(MANY)];
  expect(second).toEqual(first);
  expect(other.version).not.toBe(first.version);
  const keys = Object.keys(first.values);
  expect(keys.filter((key) => !/^(?:shard|symbols|topics|index):[0-9a-f]{64}$/.test(key))).toEqual(
    [],
  );
});

/** The entry that a reader finds for a code of the topic on Windows Hello. */
async function stored(file: EntryFile, code: string) {
  const source = withCodes(testCatalog(), (codes, topic) =>
    topic === "windows-hello-pin" ? { ...codes, [code]: file } : codes,
  );
  const catalog = await catalogOf(source);
  const hresult = toHresult(Number(code));
  const known = (await catalog.know([hresult])).get(hresult);
  return { catalog, known, entry: known?.entries.get("")?.get("windows-hello-pin") };
}

test("a code with same_as has the texts and steps of the other code, but not its symbol", async () => {
  const { entry, known } = await stored({ same_as: "0x80090029" }, "0x80090028");
  expect(entry).toEqual({
    meaning: { en: "The TPM is not set up.", ja: "TPM のセットアップが済んでいません。" },
    cases: [{ steps: ["try-again", "prepare-tpm"] }],
    contactMicrosoft: false,
    noFailure: false,
    source: "article",
  });
  expect(known?.shard.steps["windows-hello-pin/prepare-tpm"]).toBeDefined();
});

const sames: [code: string, why: string][] = [
  ["0x80090028", "a smaller code"],
  ["0x8009002F", "a larger code"],
];

test.each(sames)(
  "with same_as on %s, the symbol still belongs to its own code: %s",
  async (same) => {
    const { catalog } = await stored({ same_as: "0x80090029" }, same);
    const key = symbolKey("NTE_NOT_SUPPORTED");
    expect((await catalog.codesOfSymbols([key])).get(key)).toBe("0x80090029");
  },
);

test("notes for editors are not stored", () => {
  const source = withCodes(testCatalog(), (codes) =>
    Object.fromEntries(
      Object.entries(codes).map(([code, entry]) => [code, { ...entry, also: ["a note"] }]),
    ),
  );
  expect(build(source).values).toEqual(build(testCatalog()).values);
});
