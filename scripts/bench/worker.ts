import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { loadCatalog } from "../catalog/load.ts";
import { ROOT } from "../local-worker/root.ts";
import { startWorker } from "../local-worker/runtime.ts";
import { type Delivery, type System, TICKET_TEXT } from "./system.ts";

export const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
export const TOKEN = "token-of-the-benchmark";

/** Nobody listens there: the ticket system is down. */
const NO_DESK = "http://127.0.0.1:9";

/** The Worker as it is, and what it is measured beside. */
export const SYSTEMS = {
  bare: workerSystem("bare Hono route", { main: "bare-route.ts", comments: false }),
  verifyOnly: workerSystem("this Worker, verify and scan only", {
    main: "verify-only.ts",
    comments: false,
  }),
  deskDown: workerSystem("this Worker, ticket system down", { comments: false, desk: NO_DESK }),
  worker: workerSystem("this Worker", { comments: true }),
} as const;

interface Options {
  /** Another Worker than the project's, from this folder. */
  readonly main?: string;
  readonly comments: boolean;
  readonly desk?: string;
}

export function workerSystem(name: string, { main, comments, desk }: Options): System {
  return {
    name,
    comments,
    async start(deskUrl) {
      const state = await mkdtemp(join(tmpdir(), "hresult-bench-"));
      const variables = {
        API_TOKENS: TOKEN,
        STANDARD_SECRETS: SECRET,
        STANDARD_COMMENT_URL: `${desk ?? deskUrl}/tickets/{id}/comments`,
      };
      const start = async (port: number) => {
        const before = new Set(runtimes());
        await loadCatalog(state);
        const worker = await startWorker({
          port,
          state,
          variables,
          onLog: () => {},
          ...(main && { main: join(ROOT, "scripts", "bench", main) }),
        });
        await fetch(new URL("/readyz", worker.url));
        return { ...worker, pids: runtimes().filter((pid) => !before.has(pid)) };
      };
      let running = await start(0);
      const { origin } = running.url;
      return {
        origin,
        pids: () => running.pids,
        deliver: (id) => signTicket(id),
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

/** The processes of the runtime which this process has started. */
function runtimes(): number[] {
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
