import { type Env, readLedgerPlacement } from "../env.ts";
import { Failure } from "../failure.ts";
import type { Ledger } from "../ledger/ledger.ts";

/**
 * Asks the ledger of a connection. The platform creates it with the first question, in the place
 * that the settings name.
 *
 * @throws {Failure} `ledger_unavailable`; `settings_invalid` when that place is none.
 */
export async function askLedger<T>(
  env: Env<Ledger>,
  connector: string,
  question: (ledger: DurableObjectStub<Ledger>) => Promise<T>,
): Promise<T> {
  const { jurisdiction, location } = readLedgerPlacement(env);
  try {
    // In another jurisdiction the same name is another ledger.
    const ledgers = jurisdiction ? env.LEDGER.jurisdiction(jurisdiction) : env.LEDGER;
    const options = location ? { locationHint: location } : {};
    return await question(ledgers.get(ledgers.idFromName(connector), options));
  } catch (error) {
    const name = error instanceof Error ? error.name : typeof error;
    throw new Failure("ledger_unavailable", `the ledger does not answer (${name})`, {
      cause: error,
    });
  }
}
