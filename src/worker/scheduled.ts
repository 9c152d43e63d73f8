import { connect, connectedNames } from "../connectors/index.ts";
import type { Env } from "../env.ts";
import { toFailure } from "../failure.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { log } from "../log.ts";
import { askLedger } from "./ledger-client.ts";

/** Looks for new tickets in every ticket system that does not tell of them by itself. */
export async function lookForTickets(env: Env<Ledger>): Promise<void> {
  await Promise.all(connectedNames(env).map((connector) => look(env, connector)));
}

async function look(env: Env<Ledger>, connector: string) {
  try {
    if (connect(connector, env).poll === null) return;
    await askLedger(env, connector, (ledger) => ledger.poll(connector));
  } catch (error) {
    const { code, message } = toFailure(error);
    log({ event: "poll_failed", connector, code, detail: message });
  }
}
