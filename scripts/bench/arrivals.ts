import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import {
  median,
  type Percentiles,
  percentiles,
  sendDelivery,
  waitForComments,
  waitsFor,
} from "./load.ts";
import { type StubTicketSystem, startStubTicketSystem } from "./stub-ticket-system.ts";
import type { RunningSystem } from "./system.ts";
import { milliseconds, type Section, table } from "./table.ts";
import { SYSTEMS } from "./worker.ts";

/** Deliveries per second. With the last one comments are posted more slowly than deliveries come. */
const RATES = [100, 300, 600] as const;

interface Options {
  /** How many times each rate is measured. The result shows the medians. */
  readonly rounds: number;
  /** How long deliveries arrive, in seconds. */
  readonly seconds: number;
}

/** The figures of one run, in milliseconds. */
interface Run {
  /** From a delivery to its answer. */
  readonly answer: Percentiles;
  /** From a delivery to its comment. */
  readonly comment: Percentiles;
  /** From the first delivery to the last comment. */
  readonly tookMs: number;
}

/**
 * Measures deliveries that arrive at a fixed rate, as from people: a delivery is sent whether the
 * one before was answered or not.
 */
export async function benchArrivals({ rounds, seconds }: Options): Promise<Section> {
  const ticketSystem = await startStubTicketSystem();
  const system = await SYSTEMS.worker.start(ticketSystem.url);
  const runs = new Map<number, Run[]>(RATES.map((rate) => [rate, []]));
  try {
    let firstId = 1_000_000;
    const measure = async (rate: number) => {
      const ids = Array.from({ length: rate * seconds }, () => String(firstId++));
      return arrive(system, ticketSystem, ids, rate);
    };
    // Compiles the code of the Worker.
    await measure(RATES[0]);
    for (let round = 0; round < rounds; round++) {
      for (const rate of RATES) runs.get(rate)?.push(await measure(rate));
    }
  } finally {
    await system.stop();
    ticketSystem.close();
  }
  const rows = [...runs].map(([rate, all]) => [
    String(rate),
    pair(all.map(({ answer }) => answer)),
    pair(all.map(({ comment }) => comment)),
    milliseconds(median(all.map(({ tookMs }) => tookMs))),
  ]);
  const heads = [
    "Deliveries per second",
    "Answer p50 / p99, ms",
    "Delivery to comment p50 / p99, ms",
    "First delivery to last comment, ms",
  ];
  return { title: `Deliveries at a fixed rate, for ${seconds} s`, lines: table(heads, rows) };
}

async function arrive(
  { origin, createDelivery }: RunningSystem,
  ticketSystem: StubTicketSystem,
  ids: readonly string[],
  perSecond: number,
): Promise<Run> {
  ticketSystem.reset();
  const deliveries = ids.map((id) => [id, createDelivery(id)] as const);
  const agent = new Agent({ keepAlive: true });
  const sentAt = new Map<string, number>();
  const start = performance.now();
  const answers: Promise<number>[] = [];
  for (const [id, delivery] of deliveries) {
    const dueAt = start + (answers.length / perSecond) * 1_000;
    while (performance.now() < dueAt) await sleep(1);
    sentAt.set(id, performance.now());
    answers.push(sendDelivery(origin, delivery, agent));
  }
  const answered = await Promise.all(answers);
  await waitForComments(ticketSystem, ids.length);
  agent.destroy();
  const waits = waitsFor(ticketSystem, sentAt);
  if (waits.length < ids.length) throw new Error("some comments did not come");
  return {
    answer: percentiles(answered),
    comment: percentiles(waits),
    tookMs: Math.max(...ticketSystem.commentedAt.values()) - start,
  };
}

/** The medians of all runs. */
function pair(runs: readonly Percentiles[]) {
  const [p50, p99] = [median(runs.map((run) => run.p50)), median(runs.map((run) => run.p99))];
  return `${milliseconds(p50)} / ${milliseconds(p99)}`;
}
