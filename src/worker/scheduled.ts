import { connect, connectedNames } from "../connectors/index.ts";
import type { Env } from "../env.ts";
import { toFailure } from "../failure.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { log } from "../log.ts";
import { callLedger } from "./ledger-client.ts";

/** The trigger of `wrangler.toml` for what is done once an hour; the other one polls. */
const HOURLY = "17 * * * *";

/** Does what the schedule asks for. */
export function runSchedule(cron: string, env: Env<Ledger>): Promise<void> {
  return cron === HOURLY ? maintainLedgers(env) : pollTicketSystems(env);
}

/** Lets the ledger of every connection forget what is old. */
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

/** Asks every ticket system that sends no webhooks for new tickets. */
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
