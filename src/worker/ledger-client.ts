import { type Env, readLedgerPlacement } from "../env.ts";
import { Failure } from "../failure.ts";
import type { Ledger } from "../ledger/ledger.ts";

/**
 * Calls the ledger of one connection, by RPC. The platform creates it with the first call, in the
 * place that the settings name.
 *
 * @throws {Failure} `ledger_unavailable`, whatever the ledger threw; `settings_invalid` when the
 *   settings name a place that does not exist.
 * @example
 * const record = await callLedger(env, "zendesk", (ledger) => ledger.report("17"));
 */
export async function callLedger<T>(
  env: Env<Ledger>,
  connector: string,
  call: (ledger: DurableObjectStub<Ledger>) => Promise<T>,
): Promise<T> {
  const { jurisdiction, location } = readLedgerPlacement(env);
  try {
    // In another jurisdiction the same name is another ledger.
    const ledgers = jurisdiction ? env.LEDGER.jurisdiction(jurisdiction) : env.LEDGER;
    const options = location ? { locationHint: location } : {};
    return await call(ledgers.get(ledgers.idFromName(connector), options));
  } catch (error) {
    const name = error instanceof Error ? error.name : typeof error;
    throw new Failure("ledger_unavailable", `the ledger did not answer (${name})`, {
      cause: error,
    });
  }
}
