import * as z from "zod/mini";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How many hours and days are kept, the current ones included. */
const HOURS = 24;
const DAYS = 30;
/** More situations than that are counted together in one day. */
const MAX_SITUATIONS = 50;
const OTHER = "other";

/** What is counted of one hour or one day. */
const Count = z.object({
  /** Deliveries that were verified and understood, and tickets that polling found. */
  deliveries: z.int(),
  /** Comments that were posted, updated, or kept back by COMMENT_MODE=shadow. */
  comments: z.int(),
  /** Tickets that were given up. The key is older than that word. */
  failures: z.int(),
});
type Count = z.infer<typeof Count>;

const DayCount = z.extend(Count, {
  /** New tickets, on the day on which they were announced. */
  tickets: z.int(),
  // The others count a new ticket on the day on which it is done. That may be a later one, so a day
  // may have more of them than new tickets.
  /** New tickets with at least one code that counts. */
  withCodes: z.int(),
  /** New tickets for which the catalog has steps. */
  withSteps: z.int(),
  /** New tickets whose situation is certain, by topic. */
  situations: z.record(z.string(), z.int()),
});
type DayCount = z.infer<typeof DayCount>;

/** What was counted lately, by the number of the hour or day since 1970 (UTC). */
export const RecentCounts = z.object({
  hours: z.record(z.string(), Count),
  days: z.record(z.string(), DayCount),
});
export type RecentCounts = z.infer<typeof RecentCounts>;

/** One hour or day of a chart. */
export interface ChartColumn extends Readonly<Count> {
  /** When the hour or day begins; ISO 8601. */
  readonly from: string;
}

/** What is shown of the last 24 hours and 30 days. */
export interface Recent {
  /** The oldest first; 24 of them. */
  readonly hours: readonly ChartColumn[];
  /** The oldest first; 30 of them. */
  readonly days: readonly ChartColumn[];
  /** The new tickets of these 30 days, and what they turned out to be. */
  readonly tickets: Readonly<Pick<DayCount, "tickets" | "withCodes" | "withSteps" | "situations">>;
}

/** What is known of a new ticket when it is done for the first time. */
export interface FirstResult {
  readonly hasCodes: boolean;
  readonly hasSteps: boolean;
  /** The topic of the ticket; null when it is not certain. */
  readonly situation: string | null;
}

export function emptyCounts(): RecentCounts {
  return { hours: {}, days: {} };
}

/** Counts deliveries, comments or failures. @param now Milliseconds since 1970. */
export function countRecent(counts: RecentCounts, name: keyof Count, now: number, by = 1): void {
  hourOf(counts, now)[name] += by;
  dayOf(counts, now)[name] += by;
}

/** Counts a ticket that is new to the ledger. */
export function countNewTicket(counts: RecentCounts, now: number): void {
  dayOf(counts, now).tickets++;
}

/** Counts what a new ticket turned out to be. */
export function countFirstResult(counts: RecentCounts, result: FirstResult, now: number): void {
  const { hasCodes, hasSteps, situation } = result;
  const day = dayOf(counts, now);
  if (hasCodes) day.withCodes++;
  if (hasSteps) day.withSteps++;
  if (situation === null) return;
  const { situations } = day;
  const isNew = !Object.hasOwn(situations, situation);
  const isFull = Object.keys(situations).length >= MAX_SITUATIONS;
  const name = isNew && isFull ? OTHER : situation;
  situations[name] = (situations[name] ?? 0) + 1;
}

/** What was counted in the last 24 hours and 30 days; hours and days without anything count 0. */
export function recentCounts({ hours, days }: RecentCounts, now: number): Recent {
  const lastDays = periods(now, DAY_MS, DAYS);
  const situations: Record<string, number> = {};
  const tickets = { tickets: 0, withCodes: 0, withSteps: 0, situations };
  for (const number of lastDays) {
    const day = days[number] ?? noDay();
    tickets.tickets += day.tickets;
    tickets.withCodes += day.withCodes;
    tickets.withSteps += day.withSteps;
    for (const [name, count] of Object.entries(day.situations)) {
      situations[name] = (situations[name] ?? 0) + count;
    }
  }
  const toChart = (from: Readonly<Record<string, Count>>, numbers: number[], size: number) =>
    numbers.map((number) => {
      const { deliveries, comments, failures } = from[number] ?? noCount();
      return { from: new Date(number * size).toISOString(), deliveries, comments, failures };
    });
  return {
    hours: toChart(hours, periods(now, HOUR_MS, HOURS), HOUR_MS),
    days: toChart(days, lastDays, DAY_MS),
    tickets,
  };
}

/** The numbers of the last periods since 1970, the oldest first. */
function periods(now: number, size: number, count: number) {
  const last = Math.floor(now / size);
  return Array.from({ length: count }, (_, index) => last - count + 1 + index);
}

function hourOf({ hours }: RecentCounts, now: number): Count {
  return entryOf(hours, periods(now, HOUR_MS, HOURS), noCount);
}

function dayOf({ days }: RecentCounts, now: number): DayCount {
  return entryOf(days, periods(now, DAY_MS, DAYS), noDay);
}

/** The entry of the last of these periods. A new one takes the place of those that are too old. */
function entryOf<T>(entries: Record<string, T>, numbers: number[], create: () => T): T {
  const name = String(numbers.at(-1));
  const known = entries[name];
  if (known !== undefined) return known;
  const kept = new Set(numbers.map(String));
  for (const each of Object.keys(entries)) if (!kept.has(each)) delete entries[each];
  const entry = create();
  entries[name] = entry;
  return entry;
}

function noCount(): Count {
  return { deliveries: 0, comments: 0, failures: 0 };
}

function noDay(): DayCount {
  return { ...noCount(), tickets: 0, withCodes: 0, withSteps: 0, situations: {} };
}
