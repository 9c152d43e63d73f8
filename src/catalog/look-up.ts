import type { Hresult } from "../hresult/hresult.ts";
import type { Catalog, Listed } from "./store.ts";

/** What a scan found in one place: a code, or the key of a name that may belong to one. */
export type Trace = (
  | { readonly code: Hresult; readonly weak: boolean }
  | { readonly key: string }
) & {
  /** The file in which alone it stood. */
  readonly file?: string | undefined;
};

/** A code of the ticket, with what is known of it. */
export interface Known {
  readonly code: Hresult;
  /** Null when the catalog has no entry. */
  readonly listed: Listed | null;
  /** Name in the entry or in a public header; null when it has none. */
  readonly symbol: string | null;
  /** Null when no header or document names it. */
  readonly facility: string | null;
  /** The file in which alone it stood; null when the ticket itself names it. */
  readonly file: string | null;
}

/** Facilities of device registration and of the Entra ID sign-in component. */
const REGISTRATION_CODE = /^0x(?:801C|CAA)/;

/**
 * Leaves the entries of situations that the ticket does not show: the same number means something
 * else elsewhere. A code of device registration needs one weak sign, any other a strong one.
 */
export function inSituation(known: readonly Known[], contexts: readonly string[]): Known[] {
  const shows = ({ code, topic }: Listed) =>
    contexts.includes(topic.context) ||
    (REGISTRATION_CODE.test(code) && contexts.includes("device-registration"));
  return known.map((each) =>
    each.listed === null || shows(each.listed) ? each : { ...each, listed: null },
  );
}

/** How well a code is known. */
export type Status = "listed" | "named" | "unlisted";

export function statusOf({ listed, symbol }: Known): Status {
  if (listed) return "listed";
  return symbol === null ? "unlisted" : "named";
}

/**
 * Looks up what a scan found: names become their codes, and what nothing vouches for is left out.
 *
 * @returns The codes that count, each once, in the order in which they were found. A code of which
 *   nothing can be told, since its shard cannot be used, is left out.
 * @throws {Failure} `catalog_unavailable` when nothing can be told of any of them.
 */
export async function lookUp(traces: readonly Trace[], catalog: Catalog): Promise<Known[]> {
  const keys = traces.flatMap((trace) => ("key" in trace ? [trace.key] : []));
  const named = await catalog.codesOfNames(keys);
  const codes = new Map<Hresult, { weak: boolean; file: string | null }>();
  for (const trace of traces) {
    const code = "key" in trace ? named.get(trace.key) : trace.code;
    if (!code) continue;
    const weak = "weak" in trace && trace.weak;
    const before = codes.get(code) ?? { weak: true, file: trace.file ?? null };
    codes.set(code, { weak: weak && before.weak, file: before.file });
  }
  const all = await catalog.readable([...codes.keys()]);
  const [listed, symbols] = await Promise.all([catalog.lookUp(all), catalog.symbols(all)]);
  return all
    .filter((code) => !codes.get(code)?.weak || listed.has(code) || symbols.has(code))
    .map((code) => ({
      code,
      listed: listed.get(code) ?? null,
      symbol: symbols.get(code) ?? null,
      facility: catalog.facility(code),
      file: codes.get(code)?.file ?? null,
    }));
}
