import { nodeRed } from "./alternatives/node-red.ts";
import { probot } from "./alternatives/probot.ts";
import { type Load, load, median, type Percentiles } from "./load.ts";
import { memoryBytes } from "./process-usage.ts";
import { type StubTicketSystem, startStubTicketSystem } from "./stub-ticket-system.ts";
import type { MeasuredSystem, RunningSystem } from "./system.ts";
import { milliseconds, type Section, table } from "./table.ts";
import { SYSTEMS } from "./worker.ts";

const CONNECTIONS = [1, 8, 32] as const;
const ALL: readonly MeasuredSystem[] = [...Object.values(SYSTEMS), nodeRed, probot];

interface Options {
  /** How many times each system is measured. The result shows the medians. */
  readonly rounds: number;
  /** The duration of one load, in seconds. */
  readonly seconds: number;
}

/** Measures deliveries per second, answer times, times to the comment, CPU time and memory. */
export async function benchAccept({ rounds, seconds }: Options): Promise<Section> {
  await using cleanUps = new AsyncDisposableStack();
  const ticketSystem = await startStubTicketSystem();
  cleanUps.defer(async () => ticketSystem.close());
  const rows: Measured[] = [];
  for (const system of ALL) {
    const running = await system.start(ticketSystem.url);
    cleanUps.defer(running.stop);
    rows.push({ system, running, loads: new Map(), memoryBytes: 0 });
  }
  // Round by round, so that a machine that gets slower affects all systems alike.
  for (let round = 0; round < rounds; round++) {
    for (const connections of CONNECTIONS) {
      for (const row of rows) {
        const run = 1 + round * 10 + CONNECTIONS.indexOf(connections);
        await measure(row, { connections, seconds, run, ticketSystem });
      }
    }
  }
  return describe(rows);
}

interface Measured {
  readonly system: MeasuredSystem;
  readonly running: RunningSystem;
  readonly loads: Map<number, Load[]>;
  /** The highest resident memory so far. */
  memoryBytes: number;
}

interface LoadOptions {
  readonly connections: number;
  readonly seconds: number;
  readonly run: number;
  readonly ticketSystem: StubTicketSystem;
}

async function measure(row: Measured, { ticketSystem, ...options }: LoadOptions) {
  const { system, running, loads } = row;
  const result = await load(running, {
    ...options,
    ticketSystem: system.postsComments ? ticketSystem : null,
  });
  loads.set(options.connections, [...(loads.get(options.connections) ?? []), result]);
  row.memoryBytes = Math.max(row.memoryBytes, memoryBytes(running.pids()));
}

function describe(rows: readonly Measured[]): Section {
  const of = (row: Measured, connections: number, what: (load: Load) => number) =>
    median((row.loads.get(connections) ?? []).map(what));
  const each = (format: (connections: number) => string) => CONNECTIONS.map(format);
  const base = rows.find(({ system }) => system === SYSTEMS.verifyOnly);
  return {
    title: "Deliveries, at 1, 8 and 32 connections",
    lines: table(
      [
        "System",
        "Deliveries per second",
        "Relative to verify and scan only",
        "Answer p50 / p99, ms",
        "Delivery to comment p50 / p99, ms",
        "CPU per delivery, ms",
        "Memory",
      ],
      rows.map((row) => [
        row.system.name,
        each((n) => of(row, n, ({ perSecond }) => perSecond).toFixed(0)).join(" / "),
        each((n) =>
          base === undefined
            ? ""
            : ratio(
                of(row, n, ({ perSecond }) => perSecond),
                of(base, n, ({ perSecond }) => perSecond),
              ),
        ).join(" / "),
        each((n) => pair((name) => of(row, n, ({ answer }) => answer[name]))).join(", "),
        row.system.postsComments
          ? each((n) =>
              pair((name) => of(row, n, ({ comment }) => comment?.[name] ?? Number.NaN)),
            ).join(", ")
          : "none is posted",
        each((n) => of(row, n, ({ cpu }) => cpu).toFixed(2)).join(" / "),
        `${(row.memoryBytes / 1024 / 1024).toFixed(0)} MiB`,
      ]),
    ),
  };
}

function pair(get: (name: keyof Percentiles) => number) {
  return `${milliseconds(get("p50"))} / ${milliseconds(get("p99"))}`;
}

function ratio(value: number, base: number) {
  return (value / base).toFixed(2);
}
