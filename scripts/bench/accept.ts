import { type Desk, startDesk } from "./desk.ts";
import { type Load, load, type Percentiles } from "./load.ts";
import { memory } from "./process.ts";
import { nodeRed } from "./rivals/node-red.ts";
import { probot } from "./rivals/probot.ts";
import type { Running, System } from "./system.ts";
import { type Section, table } from "./table.ts";
import { SYSTEMS } from "./worker.ts";

const CONNECTIONS = [1, 8, 32] as const;
const ALL: readonly System[] = [...Object.values(SYSTEMS), nodeRed, probot];

interface Options {
  /** How often everything is measured; the medians are shown. */
  readonly rounds: number;
  /** How long one load takes. */
  readonly seconds: number;
}

/** How many deliveries a second each system takes, how fast it answers, and when it comments. */
export async function benchAccept({ rounds, seconds }: Options): Promise<Section> {
  await using endings = new AsyncDisposableStack();
  const desk = await startDesk();
  endings.defer(async () => desk.close());
  const rows: Measured[] = [];
  for (const system of ALL) {
    const running = await system.start(desk.url);
    endings.defer(running.stop);
    rows.push({ system, running, loads: new Map(), memory: 0 });
  }
  // Round by round, so that a machine which gets slower does so for all.
  for (let round = 0; round < rounds; round++) {
    for (const connections of CONNECTIONS) {
      for (const row of rows) {
        const run = 1 + round * 10 + CONNECTIONS.indexOf(connections);
        await measure(row, { connections, seconds, run, desk });
      }
    }
  }
  return describe(rows);
}

interface Measured {
  readonly system: System;
  readonly running: Running;
  readonly loads: Map<number, Load[]>;
  memory: number;
}

interface LoadOptions {
  readonly connections: number;
  readonly seconds: number;
  readonly run: number;
  readonly desk: Desk;
}

async function measure(row: Measured, { desk, ...options }: LoadOptions) {
  const { system, running, loads } = row;
  const result = await load(running, { ...options, desk: system.comments ? desk : null });
  loads.set(options.connections, [...(loads.get(options.connections) ?? []), result]);
  row.memory = Math.max(row.memory, memory(running.pids()));
}

function describe(rows: readonly Measured[]): Section {
  const of = (row: Measured, connections: number, what: (load: Load) => number) =>
    median((row.loads.get(connections) ?? []).map(what));
  const each = (tell: (connections: number) => string) => CONNECTIONS.map(tell);
  const base = rows.find(({ system }) => system === SYSTEMS.verifyOnly);
  return {
    title: "Taking deliveries, at 1, 8 and 32 connections",
    lines: table(
      [
        "System",
        "Deliveries a second",
        "Beside verify and scan only",
        "Answer p50 / p99, ms",
        "Delivery to comment p50 / p99, ms",
        "CPU a delivery, ms",
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
        row.system.comments
          ? each((n) =>
              pair((name) => of(row, n, ({ comment }) => comment?.[name] ?? Number.NaN)),
            ).join(", ")
          : "none is posted",
        each((n) => of(row, n, ({ cpu }) => cpu).toFixed(2)).join(" / "),
        `${(row.memory / 1024 / 1024).toFixed(0)} MiB`,
      ]),
    ),
  };
}

function pair(get: (name: keyof Percentiles) => number) {
  return `${milliseconds(get("p50"))} / ${milliseconds(get("p99"))}`;
}

function milliseconds(value: number) {
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

function ratio(value: number, base: number) {
  return (value / base).toFixed(2);
}

function median(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
