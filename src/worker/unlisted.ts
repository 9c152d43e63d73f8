import * as z from "zod/mini";
import { type Knowledge, openCatalog } from "../catalog/store.ts";
import { connectedNames } from "../connectors/index.ts";
import type { Env } from "../env.ts";
import { toFailure } from "../failure.ts";
import { Hresult } from "../hresult/hresult.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { UnlistedCode } from "../ledger/unlisted-codes.ts";
import { Time } from "../ticket.ts";
import { callLedger } from "./ledger-client.ts";

/** A code that the catalog does not list: one line of its backlog. */
export const BacklogCode = z.object({
  code: Hresult,
  /** Null when no public header names the code, or while the catalog cannot be read. */
  symbol: z.nullable(z.string()),
  /** How many tickets had it. */
  tickets: z.int(),
  lastSeen: Time,
});
export type BacklogCode = Readonly<z.infer<typeof BacklogCode>>;

/**
 * The codes of the last 90 days that the catalog does not list, of all connections, the most
 * frequent first. Those that it has learned since are left out.
 *
 * @throws {Failure} `ledger_unavailable`.
 */
export async function listUnlisted(env: Env<Ledger>): Promise<BacklogCode[]> {
  const names = connectedNames(env);
  const counted = await Promise.all(
    names.map((name) => callLedger(env, name, (ledger) => ledger.unlisted())),
  );
  const codes = sum(counted.flat());
  const known = await know(env, [...codes.keys()]);
  return [...codes]
    .filter(([code]) => !known.get(code)?.entries.has(""))
    .map(([code, { tickets, lastSeen }]) => {
      return { code, symbol: known.get(code)?.naming.symbol ?? null, tickets, lastSeen };
    })
    .sort((a, b) => b.tickets - a.tickets || Date.parse(b.lastSeen) - Date.parse(a.lastSeen));
}

function sum(counted: readonly UnlistedCode[]): Map<Hresult, Omit<UnlistedCode, "code">> {
  const codes = new Map<Hresult, Omit<UnlistedCode, "code">>();
  for (const each of counted) {
    const code = Hresult.safeParse(each.code).data;
    if (code === undefined) continue;
    const before = codes.get(code);
    codes.set(code, {
      tickets: each.tickets + (before?.tickets ?? 0),
      lastSeen: before && before.lastSeen > each.lastSeen ? before.lastSeen : each.lastSeen,
    });
  }
  return codes;
}

/** Nothing while the catalog cannot be read: the list is worth having all the same. */
async function know(
  { CATALOG }: Env<Ledger>,
  codes: readonly Hresult[],
): Promise<Map<Hresult, Knowledge>> {
  try {
    return await (await openCatalog(CATALOG, Date.now())).know(codes);
  } catch (error) {
    if (toFailure(error).code !== "catalog_unavailable") throw error;
    return new Map();
  }
}
