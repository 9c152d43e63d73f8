import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { loadCatalog } from "../catalog/load.ts";
import { ROOT } from "../local-worker/root.ts";
import { startWorker } from "../local-worker/runtime.ts";
import { type Delivery, type MeasuredSystem, TICKET_TEXT } from "./system.ts";

/** The webhook secret of every measured Worker. */
export const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
/** The API token of every measured Worker. */
export const TOKEN = "token-of-the-benchmark";

/** Nothing listens on this port, as if the ticket system were down. */
const CLOSED_PORT_URL = "http://127.0.0.1:9";

/** The Worker, and the baselines that it is compared with. */
export const SYSTEMS = {
  bare: workerSystem("bare Hono route", { main: "bare-route.ts", postsComments: false }),
  verifyOnly: workerSystem("this Worker, verify and scan only", {
    main: "verify-only.ts",
    postsComments: false,
  }),
  ticketSystemDown: workerSystem("this Worker, ticket system down", {
    postsComments: false,
    ticketSystemUrl: CLOSED_PORT_URL,
  }),
  worker: workerSystem("this Worker", { postsComments: true }),
} as const;

interface Options {
  /** The entry file of another Worker, in this folder. Default: the project's own. */
  readonly main?: string;
  readonly postsComments: boolean;
  /** Where comments are posted. Default: the stub ticket system. */
  readonly ticketSystemUrl?: string;
}

/** Describes a Worker that is measured. `start` runs it as `npm run serve` does. */
export function workerSystem(name: string, options: Options): MeasuredSystem {
  const { main, postsComments, ticketSystemUrl } = options;
  return {
    name,
    postsComments,
    async start(stubUrl) {
      const state = await mkdtemp(join(tmpdir(), "hresult-bench-"));
      const variables = {
        API_TOKENS: TOKEN,
        STANDARD_SECRETS: SECRET,
        STANDARD_COMMENT_URL: `${ticketSystemUrl ?? stubUrl}/tickets/{id}/comments`,
      };
      const start = async (port: number) => {
        const before = new Set(workerdPids());
        await loadCatalog(state);
        const worker = await startWorker({
          port,
          state,
          variables,
          onLog: () => {},
          ...(main && { main: join(ROOT, "scripts", "bench", main) }),
        });
        await fetch(new URL("/readyz", worker.url));
        return { ...worker, pids: workerdPids().filter((pid) => !before.has(pid)) };
      };
      let running = await start(0);
      const { origin } = running.url;
      return {
        origin,
        pids: () => running.pids,
        createDelivery: (id) => signTicket(id),
        async kill() {
          for (const pid of running.pids) process.kill(pid, "SIGKILL");
        },
        async restart() {
          await running.stop();
          running = await start(Number(new URL(origin).port));
        },
        async stop() {
          await running.stop();
          await rm(state, { recursive: true, force: true, maxRetries: 5 });
        },
      };
    },
  };
}

/** The ids of the workerd processes that this process started. */
export function workerdPids(): number[] {
  const lines = execFileSync("ps", ["-eo", "pid=,ppid=,comm="], { encoding: "utf8" }).split("\n");
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, name]) => name === "workerd" && Number(parent) === process.pid)
    .map(([pid]) => Number(pid));
}

const webhook = new Webhook(SECRET);

/** A delivery as the connector `standard` takes it. */
export function signTicket(id: string, text = TICKET_TEXT): Delivery {
  const at = new Date();
  const ticket = { id, subject: "PIN", body: text, locale: "ja" };
  const body = JSON.stringify({ type: "ticket.created", timestamp: at, data: { ticket } });
  return {
    path: "/webhooks/standard",
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
      "webhook-signature": webhook.sign(id, at, body),
    },
    body,
  };
}
