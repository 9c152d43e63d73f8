import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import type { LocalText, Naming } from "../../src/catalog/stored.ts";

/** Symbols and meanings from headers and documents, and the products that report codes. */
export interface SymbolTables {
  /** Code -> its symbol and meaning. */
  readonly names: ReadonlyMap<string, Naming>;
  /** Further symbols of codes that already have one. */
  readonly otherSymbols: ReadonlyMap<string, string>;
  /** Beginning of a code -> the product. */
  readonly products: Readonly<Record<string, LocalText>>;
}

const Texts = z.record(z.string(), z.string());
const HeaderTable = z.object({ names: z.record(z.string(), z.array(z.string())) });
const DocumentedTable = z.object({
  codes: z.record(z.string(), z.tuple([z.string(), z.string(), z.number()])),
});
const MeaningTable = z.object({ codes: z.record(z.string(), Texts) });
const Products = z.record(z.string().regex(/^0x[0-9A-F]{2,8}$/), Texts);

/** Reads and merges the tables of a folder; the result is empty if it has none. */
export async function readSymbolTables(folder: string): Promise<SymbolTables> {
  const [hresult, win32, ntstatus, documented, meanings, products] = await Promise.all([
    readJson(folder, "hresult.json", HeaderTable),
    readJson(folder, "win32.json", HeaderTable),
    readJson(folder, "ntstatus.json", HeaderTable),
    readJson(folder, "documented.json", DocumentedTable),
    readJson(folder, "meanings.json", MeaningTable),
    readText(folder, "products.yaml"),
  ]);
  const symbols = new Map<string, string>();
  const otherSymbols = new Map<string, string>();
  const add = (code: string, all: readonly string[]) => {
    if (!/^0x[89A-F]/.test(code)) return;
    const [first] = all;
    if (first !== undefined && !symbols.has(code)) symbols.set(code, first);
    for (const symbol of all) if (!otherSymbols.has(symbol)) otherSymbols.set(symbol, code);
  };
  for (const [digits, all] of Object.entries(hresult?.names ?? {})) add(`0x${digits}`, all);
  for (const [digits, all] of Object.entries(win32?.names ?? {})) {
    add(`0x8007${digits.slice(4)}`, all);
  }
  for (const [digits, all] of Object.entries(ntstatus?.names ?? {})) {
    if (isOwn(digits)) add(`0x${digits}`, all);
  }
  const documentedCodes = Object.entries(documented?.codes ?? {});
  for (const [code, [symbol]] of documentedCodes) if (symbol !== "") add(code, [symbol]);

  const inEnglish = documentedCodes.filter(([, [, meaning]]) => meaning !== "");
  const texts = new Map<string, LocalText>([
    ...inEnglish.map(([code, [, meaning]]) => [code, { en: meaning }] as const),
    ...Object.entries(meanings?.codes ?? {}),
  ]);
  const codes = [...new Set([...symbols.keys(), ...texts.keys()])].sort();
  return {
    names: new Map(codes.map((code) => [code, toNaming(symbols.get(code), texts.get(code))])),
    otherSymbols,
    products: products === null ? {} : Products.parse(parse(products)),
  };
}

function toNaming(symbol: string | undefined, meaning: LocalText | undefined): Naming {
  return { ...(symbol && { symbol }), ...(meaning && { meaning }) };
}

/**
 * Whether a code can be an NTSTATUS. NTSTATUS warnings share numbers with HRESULTs: 0x801C0001 is
 * device registration, not the filter manager. Only warnings of 0x8000.... are unambiguous.
 */
function isOwn(digits: string) {
  return digits.startsWith("8000") || !digits.startsWith("8");
}

async function readJson<T>(folder: string, name: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await readText(folder, name);
  return text === null ? null : schema.parse(JSON.parse(text));
}

function readText(folder: string, name: string): Promise<string | null> {
  return readFile(join(folder, name), "utf8").catch(() => null);
}
