/// <reference types="vite/types/importMeta.d.ts" />

import { type MergedTopic, mergeTopic } from "../scripts/catalog/merge.ts";
import { parseTopicFile } from "../scripts/catalog/parse-topic-file.ts";
import type { CatalogSource } from "../scripts/catalog/read.ts";
import type { EntryFile } from "../scripts/catalog/topic-file.ts";
import { type Hresult, toHresult } from "../src/hresult/hresult.ts";

const FILES = import.meta.glob<string>("./fixtures/catalog/*.yaml", {
  eager: true,
  import: "default",
  query: "?raw",
});

/** One code that only a header names, and the products that the tests mention. */
const TABLES: CatalogSource["tables"] = {
  names: new Map([
    ["0x80240016", { symbol: "WU_E_INSTALL_NOT_ALLOWED" }],
    ["0xC0000022", { symbol: "STATUS_ACCESS_DENIED", meaning: { en: "Access was denied." } }],
  ]),
  otherSymbols: new Map([["WU_E_INSTALL_NOT_ALLOWED", "0x80240016"]]),
  products: { "0x8018": { en: "enrolment", ja: "登録" } },
};

/**
 * The catalog of the tests, `test/fixtures/catalog`, as `readCatalog` would read it. It works inside
 * workerd, too, where there are no files. Each call returns a new copy, so a test may change it.
 *
 * | Topic | Code | What is special about it |
 * | --- | --- | --- |
 * | windows-hello-pin | 0x80090010 | no step: contact Microsoft |
 * | | 0x80090029 | two steps, no cause |
 * | | 0x801C000F | reports a success |
 * | | 0x801C03ED | two causes; a risky step |
 * | | 0x801C03F2 | code formatting |
 * | | 0x801C044D | nothing but a risky step |
 * | network-shares, windows-update, windows-general | 0x80070005 | three topics list it |
 * | windows-update | 0xC1900101 | pairs, one with wildcards |
 */
export function testCatalog(): CatalogSource {
  const topics = Object.entries(FILES).map(([path, text]) => {
    const name = path.replace(/^.*\/|\.yaml$/g, "");
    const parsed = parseTopicFile(`catalog/${name}.yaml`, name, new TextEncoder().encode(text));
    if (!("content" in parsed)) throw new Error(JSON.stringify(parsed));
    return mergeTopic(name, [parsed]).topic;
  });
  const names = topics.map(({ name }) => name);
  return {
    topics,
    folders: [{ name: "catalog", topics: names }],
    overrides: [],
    tables: TABLES,
  };
}

/** A catalog whose topics keep, or get, the entries that `change` returns. */
export function withCodes(
  catalog: CatalogSource,
  change: (codes: Record<string, EntryFile>, topic: string) => Record<string, EntryFile>,
): CatalogSource {
  const topics = catalog.topics.map((topic): MergedTopic => {
    const codes = change({ ...topic.content.codes }, topic.name);
    return { ...topic, content: { ...topic.content, codes } };
  });
  return { ...catalog, topics };
}

/** The catalog of the tests with none but the entries of these codes. */
export function testCatalogOf(...codes: readonly string[]): CatalogSource {
  return withCodes(testCatalog(), (all) =>
    Object.fromEntries(Object.entries(all).filter(([code]) => codes.includes(code))),
  );
}

const COPIED = { topic: "windows-hello-pin", code: "0x80090029" } as const;

/** The catalog of the tests, and for each of these codes a copy of the entry of 0x80090029. */
export function testCatalogWith(...codes: readonly Hresult[]): CatalogSource {
  return withCodes(testCatalog(), (all, topic) => {
    const entry = all[COPIED.code];
    if (topic !== COPIED.topic || entry === undefined) return all;
    const { symbol: _, ...copy } = entry;
    return { ...all, ...Object.fromEntries(codes.map((code) => [code, copy])) };
  });
}

/** The catalog of the tests with exactly so many entries, copies of one. */
export function testCatalogOfSize(count: number): CatalogSource {
  const codes = Array.from({ length: count }, (_, index) => toHresult(0x80090100 + index));
  return withCodes(testCatalogWith(...codes), (all) =>
    Object.fromEntries(Object.entries(all).filter(([code]) => codes.some((each) => each === code))),
  );
}

/** The catalog of the tests, in which 0x80070035 has six steps in the topic network-shares. */
export function testCatalogWithSixSteps(): CatalogSource {
  const source = testCatalog();
  const topic = source.topics.find(({ name }) => name === "network-shares");
  const names = Array.from({ length: 5 }, (_, index) => `step-${index}`);
  const step = { risk: "none" as const, who: "agent" as const };
  Object.assign(topic?.content.steps ?? {}, {
    ...Object.fromEntries(names.map((name) => [name, { ...step, en: [`Do ${name}.`] }])),
  });
  Object.assign(topic?.content.codes?.["0x80070035"] ?? {}, {
    cases: [{ steps: names }, { steps: ["check-name"] }],
  });
  return source;
}
