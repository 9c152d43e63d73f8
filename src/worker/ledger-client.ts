import type { Env } from "../env.ts";
import { Failure } from "../failure.ts";
import type { Ledger } from "../ledger/ledger.ts";

/**
 * Calls the ledger of one connection, by RPC.
 *
 * @throws {Failure} `ledger_unavailable`, whatever the ledger threw.
 * @example
 * const record = await callLedger(env, "zendesk", (ledger) => ledger.report("zendesk", "17"));
 */
export async function callLedger<T>(
  env: Env<Ledger>,
  connector: string,
  call: (ledger: DurableObjectStub<Ledger>) => Promise<T>,
): Promise<T> {
  try {
    return await call(env.LEDGER.get(env.LEDGER.idFromName(connector)));
  } catch (error) {
    const name = error instanceof Error ? error.name : typeof error;
    throw new Failure("ledger_unavailable", `the ledger did not answer (${name})`, {
      cause: error,
    });
  }
}
