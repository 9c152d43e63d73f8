import * as z from "zod/mini";
import { Failure } from "../failure.ts";
import { Decoded, decode } from "../hresult/decode.ts";
import { Hresult, toHresult } from "../hresult/hresult.ts";
import { symbolKey } from "../hresult/symbol-hash.ts";
import { scan } from "../scanner/scan.ts";
import { Status } from "./look-up.ts";
import type { Catalog, Knowledge } from "./store.ts";
import { type Entry, LocalText, Source, Step } from "./stored.ts";

/** The entry of one topic for a code, with its steps in full. */
export const CodeEntry = z.object({
  topic: z.string(),
  title: LocalText,
  /** The second number of a pair; null for the code alone. */
  second: z.nullable(z.string()),
  meaning: LocalText,
  cases: z.array(z.object({ cause: z.nullable(LocalText), steps: z.array(Step) })),
  contactMicrosoft: z.boolean(),
  escalate: z.nullable(LocalText),
  source: z.nullable(Source),
});
export type CodeEntry = Readonly<z.infer<typeof CodeEntry>>;

/** Everything known about one code. */
export const CodeDescription = z.object({
  code: Hresult,
  status: Status,
  symbol: z.nullable(z.string()),
  meaning: z.nullable(LocalText),
  product: z.nullable(LocalText),
  /** The fields of the number itself. */
  decoded: Decoded,
  /** The entries of all topics, for the code alone and for its pairs. */
  entries: z.array(CodeEntry),
});
export type CodeDescription = Readonly<z.infer<typeof CodeDescription>>;

/** Win32 errors have 16 bits. */
const MAX_WIN32 = 0xffff;

/**
 * Reads a code in any notation: `0x80070035`, `80070035`, `-2147024843`, `0x00000035`, `53`,
 * `ERROR_BAD_NETPATH`.
 *
 * @throws {Failure} `code_invalid` when the text is not a code.
 */
export async function parseCode(text: string, catalog: Catalog): Promise<Hresult> {
  const typed = text.trim();
  const plain = Hresult.safeParse(`0x${typed.replace(/^0x/i, "").toUpperCase()}`);
  if (plain.success) return plain.data;
  if (/^(?:0x[0-9a-f]{1,8}|\d{1,5})$/i.test(typed)) {
    const number = Number(typed);
    if (number > 0 && number <= MAX_WIN32) return toHresult(0x80070000 + number);
  }
  const found = scan(`error code ${typed}`).findings[0]?.code;
  if (found !== undefined) return found;
  const key = symbolKey(typed.toUpperCase());
  const named = (await catalog.codesOfSymbols([key])).get(key);
  if (named !== undefined) return named;
  throw new Failure("code_invalid", "no notation of an error code");
}

/** Collects everything that the catalog holds about a code. */
export async function describeCode(code: Hresult, catalog: Catalog): Promise<CodeDescription> {
  const known = (await catalog.know([code])).get(code);
  const entries = known === undefined ? [] : entriesOf(known, catalog);
  const { symbol, meaning } = known?.naming ?? {};
  const isNamed = symbol !== undefined || meaning !== undefined;
  const ownSymbol = [...(known?.entries.get("")?.values() ?? [])].find((each) => each.symbol);
  return {
    code,
    status: entries.length > 0 ? "listed" : isNamed ? "named" : "unlisted",
    symbol: symbol ?? ownSymbol?.symbol ?? null,
    meaning: meaning ?? entries[0]?.meaning ?? null,
    product: catalog.productOf(code),
    decoded: decode(code),
    entries,
  };
}

function entriesOf({ entries, shard }: Knowledge, catalog: Catalog): CodeEntry[] {
  return [...entries].flatMap(([second, byTopic]) =>
    [...byTopic].flatMap(([topic, entry]) => {
      const title = catalog.topics[topic]?.title;
      if (title === undefined) return [];
      return [toCodeEntry({ topic, title, second: second === "" ? null : second }, entry, shard)];
    }),
  );
}

function toCodeEntry(
  about: Pick<CodeEntry, "topic" | "title" | "second">,
  entry: Entry,
  { steps, sources }: Knowledge["shard"],
): CodeEntry {
  return {
    ...about,
    meaning: entry.meaning,
    cases: entry.cases.map((each) => ({
      cause: each.cause ?? null,
      steps: each.steps.flatMap((name) => steps[`${about.topic}/${name}`] ?? []),
    })),
    contactMicrosoft: entry.contactMicrosoft,
    escalate: entry.escalate ?? null,
    source: (entry.source && sources[`${about.topic}/${entry.source}`]) || null,
  };
}
