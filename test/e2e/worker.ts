import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import type { TicketRecord } from "../../src/ledger/record.ts";
import { type RunningProgram, run, start, until } from "./process.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const START_LIMIT_MS = 60_000;
/** Long enough for a retry: the circuit breaker stays open for some seconds after a failure. */
const TICKET_LIMIT_MS = 30_000;

/** A Worker that `npm run serve` runs. */
export interface ServedWorker {
  readonly url: string;
  /** Everything that it has printed since its first start. */
  log(): string;
  start(variables: Readonly<Record<string, string>>): Promise<void>;
  stop(signal: NodeJS.Signals): Promise<void>;
  /** Runs the set-up check with the settings of the last start. Returns what it printed. */
  checkSetUp(connector: string): Promise<string>;
  /** Deletes its state, catalog and ledgers. */
  deleteState(): Promise<void>;
  request(path: string, init?: RequestInit): Promise<{ status: number; body: unknown }>;
  /** Sends a delivery, signed with the library of Standard Webhooks. */
  deliver(connector: string, secret: string, id: string, payload: unknown): Promise<unknown>;
  record(connector: string, ticketId: string): Promise<TicketRecord | null>;
  /** Waits until the record of a ticket matches. Returns the record. */
  untilRecord(
    connector: string,
    ticketId: string,
    matches: (record: TicketRecord) => boolean,
  ): Promise<TicketRecord>;
}

/** Prepares a Worker with its state and settings in a folder. `start` starts it. */
export function prepareWorker(folder: string, port: number, token: string): ServedWorker {
  const state = join(folder, "state");
  const vars = join(folder, "vars");
  const url = `http://127.0.0.1:${port}`;
  let running: RunningProgram | null = null;
  let earlier = "";

  async function request(path: string, init: RequestInit = {}) {
    const headers = { authorization: `Bearer ${token}`, ...init.headers };
    const response = await fetch(url + path, { ...init, headers });
    return { status: response.status, body: await response.json() };
  }

  async function record(connector: string, ticketId: string) {
    const { status, body } = await request(`/tickets/${connector}/${ticketId}`);
    if (status === 404) return null;
    if (status === 200) return body as TicketRecord;
    throw new Error(`the Worker answers ${status}`);
  }

  return {
    url,
    request,
    record,
    log: () => earlier + (running?.output() ?? ""),

    async start(variables) {
      const all = { ...variables, API_TOKENS: token };
      await writeFile(
        vars,
        Object.entries(all)
          .map((each) => `${each.join("=")}\n`)
          .join(""),
      );
      const args = ["run", "--silent", "serve", "--", "--port", String(port), "--poll", "1"];
      const program = start("npm", [...args, "--state", state, "--vars", vars], { cwd: ROOT });
      running = program;
      await until("the Worker is ready", START_LIMIT_MS, async () => {
        if (/^ready /m.test(program.output())) return true;
        if (!program.alive) return false;
        return undefined;
      });
      if (!program.alive) throw new Error(`the Worker ended:\n${program.output()}`);
    },

    async stop(signal) {
      const program = running;
      if (program === null) return;
      await program.end(signal);
      earlier += program.output();
      running = null;
    },

    async checkSetUp(connector) {
      const args = ["run", "--silent", "connect", "--", connector, "--vars", vars, "--worker", url];
      return run("npm", args, { cwd: ROOT }).catch((error) => String(error.stdout));
    },

    async deleteState() {
      await rm(state, { recursive: true, force: true });
    },

    async deliver(connector, secret, id, payload) {
      const body = JSON.stringify(payload);
      const at = new Date();
      const headers = {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
        "webhook-signature": new Webhook(secret).sign(id, at, body),
      };
      const answer = await request(`/webhooks/${connector}`, { method: "POST", headers, body });
      return answer.body;
    },

    untilRecord(connector, ticketId, matches) {
      return until(`the record of ticket ${ticketId} matches`, TICKET_LIMIT_MS, async () => {
        const found = await record(connector, ticketId);
        return found !== null && matches(found) ? found : undefined;
      });
    },
  };
}
