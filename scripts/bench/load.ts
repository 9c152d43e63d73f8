import { Agent, request } from "node:http";
import autocannon from "autocannon";
import { cpuSeconds } from "./process-usage.ts";
import type { StubTicketSystem } from "./stub-ticket-system.ts";
import type { Delivery, RunningSystem } from "./system.ts";

/** Deliveries that are signed before a load, for each second: more than any system accepts. */
const PREPARED_PER_SECOND = 15_000;
/** How long to wait for the last comments after a load. */
const COMMENT_LIMIT_MS = 20_000;

/** The figures of one load of one system. Times are in milliseconds. */
export interface Load {
  /** Deliveries answered per second. */
  readonly perSecond: number;
  /** From sending a delivery to its answer. */
  readonly answer: Percentiles;
  /** From sending a delivery to its comment in the ticket system; null when none is posted. */
  readonly comment: Percentiles | null;
  /** CPU time of all processes for one delivery and its comment. */
  readonly cpu: number;
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

interface LoadOptions {
  readonly connections: number;
  readonly seconds: number;
  /** A number that makes the ticket ids of this load unique. */
  readonly run: number;
  /** Null when the system posts no comments. */
  readonly ticketSystem: StubTicketSystem | null;
}

/** Sends deliveries as fast as the system answers them, then waits for the comments. */
export async function load(
  system: RunningSystem,
  { connections, seconds, run, ticketSystem }: LoadOptions,
): Promise<Load> {
  const ids = Array.from({ length: PREPARED_PER_SECOND * seconds }, (_, index) =>
    String(run * 1_000_000 + index),
  );
  const deliveries = ids.map((id) => system.createDelivery(id));
  const sentAt = new Map<string, number>();
  ticketSystem?.reset();
  let next = 0;
  const takeDelivery = () => {
    const [id, delivery] = [ids[next], deliveries[next]];
    if (id === undefined || delivery === undefined)
      throw new Error("too few deliveries were prepared");
    next++;
    sentAt.set(id, performance.now());
    return delivery;
  };
  const before = cpuSeconds(system.pids());
  const send = connections === 1 ? sendOneByOne : sendTogether;
  const { answered, tookS, answer } = await send(system.origin, takeDelivery, {
    connections,
    seconds,
  });
  await waitForComments(ticketSystem, answered);
  const cpu = ((cpuSeconds(system.pids()) - before) * 1_000) / answered;
  const waits = ticketSystem === null ? [] : waitsFor(ticketSystem, sentAt);
  const comment = waits.length > 0 ? percentiles(waits) : null;
  return { perSecond: answered / tookS, answer, comment, cpu };
}

interface Sent {
  readonly answered: number;
  /** How long the load took, in seconds. */
  readonly tookS: number;
  readonly answer: Percentiles;
}

type Send = (
  origin: string,
  takeDelivery: () => Delivery,
  options: { connections: number; seconds: number },
) => Promise<Sent>;

/** Uses a client of its own, because autocannon measures in whole milliseconds. */
const sendOneByOne: Send = async (origin, takeDelivery, { seconds }) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[] = [];
  const start = performance.now();
  while (performance.now() - start < seconds * 1_000) {
    times.push(await sendDelivery(origin, takeDelivery(), agent));
  }
  agent.destroy();
  const tookS = (performance.now() - start) / 1_000;
  return { answered: times.length, tookS, answer: percentiles(times) };
};

/**
 * Sends one delivery.
 *
 * @returns The time to its answer, in milliseconds.
 * @throws {Error} When it is not accepted.
 */
export function sendDelivery(
  origin: string,
  { path, headers, body }: Delivery,
  agent: Agent,
): Promise<number> {
  const sent = performance.now();
  const length = Buffer.byteLength(body);
  const options = { agent, method: "POST", headers: { ...headers, "content-length": length } };
  return new Promise((resolve, reject) => {
    request(`${origin}${path}`, options, (response) => {
      response.resume().on("end", () => {
        const status = response.statusCode ?? 0;
        if (status < 200 || status > 299) reject(new Error(`answered ${status}`));
        else resolve(performance.now() - sent);
      });
    })
      .on("error", reject)
      .end(body);
  });
}

const sendTogether: Send = async (origin, takeDelivery, { connections, seconds }) => {
  const result = await autocannon({
    url: origin,
    connections,
    duration: seconds,
    requests: [{ method: "POST", setupRequest: (each) => ({ ...each, ...takeDelivery() }) }],
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${result.non2xx} refused, ${result.errors} failed`);
  }
  const { p50, p99 } = result.latency;
  return { answered: result["2xx"], tookS: result.duration, answer: { p50, p99 } };
};

/** Waits until all comments have come, for 20 s at most. */
export async function waitForComments(ticketSystem: StubTicketSystem | null, expected: number) {
  if (ticketSystem === null) return;
  const limit = performance.now() + COMMENT_LIMIT_MS;
  while (ticketSystem.comments.size < expected && performance.now() < limit) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The times from the deliveries to their comments, in milliseconds. */
export function waitsFor(
  { commentedAt }: StubTicketSystem,
  sentAt: ReadonlyMap<string, number>,
): number[] {
  return [...commentedAt].flatMap(([id, at]) => {
    const sent = sentAt.get(id);
    return sent === undefined ? [] : [at - sent];
  });
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function percentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}
