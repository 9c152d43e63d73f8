import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../scripts/child.ts";

// docs/operations.md says where the figures and prices come from.

const DAYS = 30;
const MINUTES_PER_DAY = 24 * 60;
/** Counted by test/ledger/cost.test.ts: until it is done, and to forget it. */
const ROWS_PER_TICKET = 6 + 1;
const OBJECT_REQUESTS_PER_TICKET = 2;
const GB_S_PER_TICKET = (2 * 128) / 1_000;
const CPU_MS_PER_TICKET = 2;
const CPU_MS_PER_RUN = 1;

/** What the paid plan includes in a month, and what a million more costs in dollars. */
const PAID = {
  requests: [10_000_000, 0.3],
  objectRequests: [1_000_000, 0.15],
  rows: [50_000_000, 1],
  gbSeconds: [400_000, 12.5],
  cpuMs: [30_000_000, 0.02],
} as const;
const PAID_PLAN = 5;
/** What the free plan allows in a day. */
const FREE = { requests: 100_000, objectRequests: 100_000, rows: 100_000, gbSeconds: 13_000 };

function usageOf(ticketsPerDay: number) {
  const runs = MINUTES_PER_DAY + 24;
  return {
    requests: ticketsPerDay + runs,
    objectRequests: OBJECT_REQUESTS_PER_TICKET * ticketsPerDay + 24,
    rows: ROWS_PER_TICKET * ticketsPerDay,
    gbSeconds: GB_S_PER_TICKET * ticketsPerDay,
    cpuMs: CPU_MS_PER_TICKET * ticketsPerDay + CPU_MS_PER_RUN * runs,
  };
}

function paidPerMonth(ticketsPerDay: number) {
  const usage = usageOf(ticketsPerDay);
  const extra = Object.entries(PAID).map(([name, [included, price]]) => {
    const used = usage[name as keyof typeof usage] * DAYS;
    return (Math.max(0, used - included) / 1_000_000) * price;
  });
  return PAID_PLAN + extra.reduce((sum, each) => sum + each, 0);
}

function fitsFreePlan(ticketsPerDay: number) {
  const usage = usageOf(ticketsPerDay);
  return Object.entries(FREE).every(([name, most]) => usage[name as keyof typeof usage] <= most);
}

const ROWS = readFileSync(join(ROOT, "docs/operations.md"), "utf8").split("\n");

/** The three figures of the row that begins so. */
function figuresOf(row: string) {
  const line = ROWS.find((each) => each.startsWith(`| ${row} |`)) ?? "";
  const cells = line.replaceAll("*", "").split("|").slice(2, 5);
  return cells.map((cell) => Number(cell.replaceAll(/[,$]/g, "")));
}

const TICKETS = [100, 1_000, 10_000];

const rows: [row: string, figureOf: (ticketsPerDay: number) => number][] = [
  ["requests of the Worker, a day", (tickets) => usageOf(tickets).requests],
  ["requests of Durable Objects, a day", (tickets) => usageOf(tickets).objectRequests],
  ["rows written, a day", (tickets) => usageOf(tickets).rows],
  ["duration of Durable Objects, GB-s a day", (tickets) => Math.round(usageOf(tickets).gbSeconds)],
  ["CPU time, ms a month", (tickets) => Math.round((usageOf(tickets).cpuMs * DAYS) / 1000) * 1000],
  ["**costs a month, free plan**", (tickets) => (fitsFreePlan(tickets) ? 0 : Number.NaN)],
  ["**costs a month, paid plan**", paidPerMonth],
];

test.each(rows)("docs/operations.md computes its row %s", (row, figureOf) => {
  expect(figuresOf("Tickets a day")).toEqual(TICKETS);
  expect(figuresOf(row)).toEqual(TICKETS.map(figureOf));
});

test("the limits that docs/operations.md tells are where the plans end", () => {
  expect([fitsFreePlan(14_000), fitsFreePlan(15_000)]).toEqual([true, false]);
  expect([paidPerMonth(16_000), paidPerMonth(17_000) > PAID_PLAN]).toEqual([PAID_PLAN, true]);
});
