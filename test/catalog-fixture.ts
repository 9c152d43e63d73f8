/// <reference types="vite/types/importMeta.d.ts" />

import type { Folder } from "../scripts/catalog/read.ts";
import { Entry, Steps, Topic } from "../src/catalog/entry.ts";
import { type Hresult, toHresult } from "../src/hresult/hresult.ts";

const FILES = import.meta.glob<unknown>("./fixtures/catalog/*/*.json", {
  eager: true,
  import: "default",
});

/** One code that only a header names, and the facilities that the tests mention. */
const TABLES: Folder["tables"] = {
  symbols: new Map([[toHresult(0x80240016), "WU_E_INSTALL_NOT_ALLOWED"]]),
  names: new Map([["WU_E_INSTALL_NOT_ALLOWED", toHresult(0x80240016)]]),
  facilities: { hresult: { 9: "SECURITY", 36: "WINDOWSUPDATE" }, ntstatus: {} },
};

/**
 * The catalog of the tests, `test/fixtures/catalog`, as `readFolder` would read it. It works inside
 * workerd, too, where there are no files. Each call returns a new copy, so a test may change it.
 *
 * | Code | What is special about it |
 * | --- | --- |
 * | 0x80090010 | no mitigation: contact Microsoft |
 * | 0x80090029 | one cause, one step |
 * | 0x801C000F | reports a success |
 * | 0x801C03E9 | its only step is one of the topic's first steps |
 * | 0x801C03ED | one case with five causes |
 * | 0x801C03F2 | a step with code formatting |
 * | 0x801C044D | two cases |
 */
export function testCatalog(): Folder {
  const topics: Record<string, Topic> = {};
  const steps: Record<string, Steps> = {};
  const entries: Folder["entries"][number][] = [];
  for (const [path, content] of Object.entries(FILES)) {
    const [topic = "", name = ""] = path.split("/").slice(-2);
    if (name === "topic.json") topics[topic] = Topic.parse(content);
    else if (name === "steps.json") steps[topic] = Steps.parse(content);
    else entries.push({ ...Entry.parse(content), topic });
  }
  return { topics, steps, entries, tables: TABLES };
}

/** The catalog of the tests with none but these of its entries. */
export function testCatalogOf(...codes: readonly string[]): Folder {
  const folder = testCatalog();
  return { ...folder, entries: folder.entries.filter(({ code }) => codes.includes(code)) };
}

/**
 * The catalog of the tests, and for each of these codes a copy of the entry of 0x80090029 without
 * its symbol.
 */
export function testCatalogWith(...codes: readonly Hresult[]): Folder {
  const folder = testCatalog();
  const copied = folder.entries.filter(({ code }) => code === "0x80090029");
  const copies = codes.flatMap((code) => copied.map((entry) => ({ ...entry, code, symbol: null })));
  return { ...folder, entries: [...folder.entries, ...copies] };
}

/** The catalog of the tests with exactly so many entries, copies of one. */
export function testCatalogOfSize(count: number): Folder {
  const codes = Array.from({ length: count }, (_, index) => toHresult(0x80090100 + index));
  const { entries, ...folder } = testCatalogWith(...codes);
  return { ...folder, entries: entries.filter(({ code }) => codes.includes(code)) };
}
