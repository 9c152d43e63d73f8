import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PROJECT_CATALOG } from "../../scripts/catalog/folders.ts";
import type { KvTarget } from "../../scripts/catalog/kv-target.ts";
import { readCatalog } from "../../scripts/catalog/read.ts";
import { upload } from "../../scripts/catalog/upload.ts";

// What must hold of the whole catalog of the project, whatever it says. The reader checks each
// file:
// both languages, steps, cautions, lengths. No test of the program may depend on what it holds.

const PROJECT = PROJECT_CATALOG;
const LOCALES = ["en", "ja"];

const before = process.cpuUsage();
const CATALOG = await readCatalog([PROJECT]);
const used = process.cpuUsage(before);

test("the catalog is read and checked in less than ten seconds of CPU time", () => {
  expect((used.user + used.system) / 1_000_000).toBeLessThan(10);
});

test("every topic has a title and an escalation in both languages", () => {
  for (const { name, content } of CATALOG.topics) {
    expect(Object.keys(content.title ?? {}), name).toEqual(expect.arrayContaining(LOCALES));
    expect(Object.keys(content.escalate ?? {}), name).toEqual(expect.arrayContaining(LOCALES));
  }
});

test("at least 1,200 codes have steps, in at least 30 topics", () => {
  const rows = CATALOG.topics.flatMap(({ name, content: { codes = {} } }) =>
    Object.entries(codes).flatMap(([key, entry]) => {
      const { cases = [] } = codes[entry.same_as ?? key] ?? {};
      const [code] = key.split("+");
      return cases.some(({ steps }) => steps.length > 0) ? [{ topic: name, code }] : [];
    }),
  );
  expect(new Set(rows.map(({ code }) => code)).size).toBeGreaterThanOrEqual(1_200);
  expect(new Set(rows.map(({ topic }) => topic)).size).toBeGreaterThanOrEqual(30);
});

test("no strong sign of a topic is a strong sign of another one", () => {
  // A blank in a sign stands for a dash, an underscore or nothing, too.
  const signs = CATALOG.topics.flatMap(({ name, content }) =>
    Object.values(content.signs?.strong ?? {})
      .flat()
      .map((sign) => ({ name, sign: sign.replace(/[\s_-]/g, "") })),
  );
  const topicsOf = Map.groupBy(signs, ({ sign }) => sign);
  const shared = [...topicsOf].flatMap(([sign, all]) => {
    const names = [...new Set(all.map(({ name }) => name))];
    return names.length > 1 ? [`${sign}: ${names.join(", ")}`] : [];
  });
  expect(shared).toEqual([]);
});

test("only one topic is general", () => {
  const general = CATALOG.topics.filter(({ content }) => content.general);
  expect(general.map(({ name }) => name)).toEqual(["windows-general"]);
});

test("no file contains curly quotes", () => {
  const lines = readdirSync(PROJECT)
    .filter((name) => name.endsWith(".yaml"))
    .flatMap((name) =>
      readFileSync(join(PROJECT, name), "utf8")
        .split("\n")
        .flatMap((line, index) => (/[\u201c-\u201f]/.test(line) ? [`${name}:${index + 1}`] : [])),
    );
  expect(lines).toEqual([]);
});

test("a first upload writes fewer than 300 of the 1,000 values a day, and a second one none", async () => {
  const values = new Map<string, string>();
  const place: KvTarget = {
    name: "memory",
    showsWithinMs: 0,
    get: async (keys) => new Map([...values].filter(([key]) => keys.includes(key))),
    put: async (added) => {
      for (const [key, value] of Object.entries(added)) values.set(key, value);
    },
    delete: async (keys) => {
      for (const key of keys) values.delete(key);
    },
  };
  const { writes } = await upload(CATALOG, place);
  expect(writes).toBe(values.size);
  expect(writes).toBeLessThan(300);
  expect((await upload(CATALOG, place)).writes).toBe(0);
});
