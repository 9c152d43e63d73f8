import type { Env } from "../env.ts";
import { Failure } from "../failure.ts";
import type { Ledger } from "../ledger/ledger.ts";

/**
 * Asks the ledger of a connection.
 *
 * @throws {Failure} `ledger_unavailable`.
 */
export async function askLedger<T>(
  env: Env<Ledger>,
  connector: string,
  question: (ledger: DurableObjectStub<Ledger>) => Promise<T>,
): Promise<T> {
  try {
    return await question(env.LEDGER.get(env.LEDGER.idFromName(connector)));
  } catch (error) {
    const name = error instanceof Error ? error.name : typeof error;
    throw new Failure("ledger_unavailable", `the ledger does not answer (${name})`, {
      cause: error,
    });
  }
}
