import { connect, connectedNames } from "../connectors/index.ts";
import type { Env } from "../env.ts";
import { toFailure } from "../failure.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { log } from "../log.ts";
import { callLedger } from "./ledger-client.ts";

/** The hourly trigger of `wrangler.toml`. The other trigger runs every minute. */
const HOURLY = "17 * * * *";

/**
 * Runs the job of a trigger: maintenance every hour, polling every minute. Never throws: failures
 * are logged, and one connection does not stop another.
 *
 * @param cron The expression of the trigger, as in `wrangler.toml`.
 */
export function runSchedule(cron: string, env: Env<Ledger>): Promise<void> {
  return cron === HOURLY ? maintainLedgers(env) : pollTicketSystems(env);
}

/** Deletes old tickets and deliveries in the ledger of every connection. */
async function maintainLedgers(env: Env<Ledger>): Promise<void> {
  await Promise.all(connectedNames(env).map((connector) => maintain(env, connector)));
}

async function maintain(env: Env<Ledger>, connector: string) {
  try {
    await callLedger(env, connector, (ledger) => ledger.maintain());
  } catch (error) {
    const { code, message } = toFailure(error);
    log({ event: "maintenance_failed", connector, code, detail: message });
  }
}

/** Polls every connected ticket system that sends no webhook for new tickets. */
export async function pollTicketSystems(env: Env<Ledger>): Promise<void> {
  await Promise.all(connectedNames(env).map((connector) => poll(env, connector)));
}

async function poll(env: Env<Ledger>, connector: string) {
  try {
    if (connect(connector, env).poll === null) return;
    await callLedger(env, connector, (ledger) => ledger.poll());
  } catch (error) {
    const { code, message } = toFailure(error);
    log({ event: "poll_failed", connector, code, detail: message });
  }
}
