import { connect, connectedNames } from "../connectors/index.ts";
import type { Env } from "../env.ts";
import { toFailure } from "../failure.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { log } from "../log.ts";
import { callLedger } from "./ledger-client.ts";

/**
 * Polls every connected ticket system that sends no webhook for new tickets. The platform calls
 * this once a minute. It never throws: a failure is logged, and does not stop the other polls.
 */
export async function pollTicketSystems(env: Env<Ledger>): Promise<void> {
  await Promise.all(connectedNames(env).map((connector) => poll(env, connector)));
}

async function poll(env: Env<Ledger>, connector: string) {
  try {
    if (connect(connector, env).poll === null) return;
    await callLedger(env, connector, (ledger) => ledger.poll(connector));
  } catch (error) {
    const { code, message } = toFailure(error);
    log({ event: "poll_failed", connector, code, detail: message });
  }
}
