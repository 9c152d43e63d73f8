import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import autocannon from "autocannon";
import { Webhook } from "standardwebhooks";
import { loadCatalog } from "../load-catalog.ts";
import { ROOT, startWorker } from "../runtime.ts";
import type { Row } from "./scan.ts";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const SECONDS = 5;
const CONNECTIONS = [1, 8, 32] as const;
/** More than can be accepted in one round, signed beforehand: signing must not be measured. */
const DELIVERIES = 40_000;

interface Delivery {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** How many deliveries a second are put on disk, beside a bare route on the same runtime. */
export async function benchAccept(): Promise<Row[]> {
  const desk = await startDesk();
  const state = await mkdtemp(join(tmpdir(), "hresult-bench-"));
  const variables = { STANDARD_SECRETS: SECRET, STANDARD_COMMENT_URL: `${desk.url}/tickets/{id}` };
  const options = { port: 0, state, variables, onLog: () => {} };
  const bare = await startWorker({
    ...options,
    state: join(state, "bare"),
    main: join(ROOT, "scripts", "bench", "bare-route.ts"),
  });
  const worker = await startWorker({ ...options, state: join(state, "worker") });
  try {
    await loadCatalog(worker, state);
    const rows: Row[] = [];
    for (const connections of CONNECTIONS) {
      const idle = await load(bare.url, connections, `bare-${connections}`);
      const accepted = await load(worker.url, connections, `run-${connections}`);
      rows.push(
        [`bare Hono route, ${connections} connections`, describe(idle), "1.00"],
        [
          `accepted on disk, ${connections} connections`,
          describe(accepted),
          (accepted.perSecond / idle.perSecond).toFixed(2),
        ],
      );
    }
    return rows;
  } finally {
    await Promise.all([bare.stop(), worker.stop()]);
    await desk.stop();
    await rm(state, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Load {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

function describe({ perSecond, p50, p99 }: Load) {
  return `${perSecond.toFixed(0)} /s, p50 ${milliseconds(p50)}, p99 ${milliseconds(p99)}`;
}

/** The load generator counts whole milliseconds. */
function milliseconds(value: number) {
  return value < 1 ? "under 1 ms" : `${value} ms`;
}

async function load(url: URL, connections: number, run: string): Promise<Load> {
  const deliveries = signDeliveries(run);
  let next = 0;
  const result = await autocannon({
    url: new URL("/webhooks/standard", url).href,
    connections,
    duration: SECONDS,
    requests: [
      {
        method: "POST",
        setupRequest: (request) => {
          const delivery = deliveries[next++ % deliveries.length];
          return { ...request, ...delivery };
        },
      },
    ],
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${run}: ${result.non2xx} refused, ${result.errors} failed`);
  }
  return {
    perSecond: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
  };
}

function signDeliveries(run: string): Delivery[] {
  const webhook = new Webhook(SECRET);
  const at = new Date();
  return Array.from({ length: DELIVERIES }, (_, index) => {
    const id = `${run}-${index}`;
    const body = JSON.stringify({
      type: "ticket.created",
      timestamp: at.toISOString(),
      data: {
        ticket: { id, subject: "PIN", body: "エラー0x80090029 と表示されます。", locale: "ja" },
      },
    });
    const headers = {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
      "webhook-signature": webhook.sign(id, at, body),
    };
    return { headers, body };
  });
}

/** A ticket system that takes every comment and keeps none. */
async function startDesk() {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.writeHead(204).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the desk has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
