import { Agent, request } from "node:http";
import autocannon from "autocannon";
import type { Desk } from "./desk.ts";
import { cpuSeconds } from "./process.ts";
import type { Delivery, Running } from "./system.ts";

/** More than can be accepted in one load, signed beforehand: signing must not be measured. */
const PER_SECOND = 15_000;
/** How long the last comments may take after a load. */
const SETTLE_LIMIT_MS = 20_000;

/** What one load of one system showed. Times are milliseconds. */
export interface Load {
  readonly perSecond: number;
  readonly answer: Percentiles;
  /** From the sending of a delivery to its comment at the desk; null when none is posted. */
  readonly comment: Percentiles | null;
  /** Time of all its processors for one delivery, with its comment. */
  readonly cpu: number;
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

interface LoadOptions {
  readonly connections: number;
  readonly seconds: number;
  /** Keeps the tickets of one load apart from all others; only digits. */
  readonly run: number;
  /** Null when the system posts no comments. */
  readonly desk: Desk | null;
}

/** Sends deliveries as fast as they are answered, then waits for the comments. */
export async function load(
  system: Running,
  { connections, seconds, run, desk }: LoadOptions,
): Promise<Load> {
  const ids = Array.from({ length: PER_SECOND * seconds }, (_, index) =>
    String(run * 1_000_000 + index),
  );
  const deliveries = ids.map((id) => system.deliver(id));
  const sentAt = new Map<string, number>();
  desk?.forget();
  let next = 0;
  const take = () => {
    const [id, delivery] = [ids[next], deliveries[next]];
    if (id === undefined || delivery === undefined) throw new Error("too few deliveries");
    next++;
    sentAt.set(id, performance.now());
    return delivery;
  };
  const before = cpuSeconds(system.pids());
  const send = connections === 1 ? sendOneByOne : sendTogether;
  const { answered, took, answer } = await send(system.origin, take, { connections, seconds });
  await settle(desk, answered);
  const cpu = ((cpuSeconds(system.pids()) - before) * 1_000) / answered;
  const waits = [...(desk?.commentedAt ?? [])].flatMap(([id, at]) => {
    const sent = sentAt.get(id);
    return sent === undefined ? [] : [at - sent];
  });
  const comment = waits.length > 0 ? percentiles(waits) : null;
  return { perSecond: answered / took, answer, comment, cpu };
}

interface Sent {
  readonly answered: number;
  readonly took: number;
  readonly answer: Percentiles;
}

type Send = (
  origin: string,
  take: () => Delivery,
  options: { connections: number; seconds: number },
) => Promise<Sent>;

/** By a client of ours, since the load generator counts whole milliseconds. */
const sendOneByOne: Send = async (origin, take, { seconds }) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[] = [];
  const start = performance.now();
  while (performance.now() - start < seconds * 1_000) {
    const { path, headers, body } = take();
    const sent = performance.now();
    const status = await new Promise<number>((resolve, reject) => {
      const length = Buffer.byteLength(body);
      const options = { agent, method: "POST", headers: { ...headers, "content-length": length } };
      request(`${origin}${path}`, options, (response) => {
        response.resume().on("end", () => resolve(response.statusCode ?? 0));
      })
        .on("error", reject)
        .end(body);
    });
    times.push(performance.now() - sent);
    if (status < 200 || status > 299) throw new Error(`answered ${status}`);
  }
  agent.destroy();
  const took = (performance.now() - start) / 1_000;
  return { answered: times.length, took, answer: percentiles(times) };
};

const sendTogether: Send = async (origin, take, { connections, seconds }) => {
  const result = await autocannon({
    url: origin,
    connections,
    duration: seconds,
    requests: [{ method: "POST", setupRequest: (each) => ({ ...each, ...take() }) }],
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${result.non2xx} refused, ${result.errors} failed`);
  }
  const { p50, p99 } = result.latency;
  return { answered: result["2xx"], took: result.duration, answer: { p50, p99 } };
};

/** Until all comments are there, or no more come. */
async function settle(desk: Desk | null, expected: number) {
  if (desk === null) return;
  const limit = performance.now() + SETTLE_LIMIT_MS;
  while (desk.comments.size < expected && performance.now() < limit) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function percentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}
