import * as z from "zod/mini";

const DAY_MS = 24 * 3_600_000;
/** Tickets are counted in nine periods of ten days: together 90 days. */
const PERIOD_MS = 10 * DAY_MS;
const PERIODS = 9;
/** How many codes are kept: those that most tickets had. */
const MAX_CODES = 200;
/**
 * So many codes over the limit are kept until the least frequent are dropped. A new code begins with
 * one ticket, and would else be dropped at once.
 */
const CODES_OVER_LIMIT = 100;

const CodeCount = z.object({
  /** How many tickets had the code since it was first counted. */
  total: z.int(),
  /** Milliseconds since 1970. */
  lastSeen: z.int(),
  /** How many tickets had it in each period, by the number of the period since 1970. */
  periods: z.record(z.string(), z.int()),
});

/** What a ledger counts of codes that the catalog does not list, by code. */
export const UnlistedCodes = z.record(
  z.string(),
  z.union([
    CodeCount,
    // An earlier version counted tickets without a time. They count as if they were done now.
    z.pipe(
      z.int(),
      z.transform((total) => {
        const now = Date.now();
        return { total, lastSeen: now, periods: { [periodOf(now)]: total } };
      }),
    ),
  ]),
);
export type UnlistedCodes = z.infer<typeof UnlistedCodes>;

/** A code that the catalog does not list. */
export interface UnlistedCode {
  readonly code: string;
  /** How many tickets had it in the last 90 days. */
  readonly tickets: number;
  /** When the last of them was done; ISO 8601. */
  readonly lastSeen: string;
}

/** Counts a ticket that had the code. */
export function countUnlisted(codes: UnlistedCodes, code: string, now: number): void {
  const period = periodOf(now);
  const { total = 0, periods = {} } = codes[code] ?? {};
  const recent = Object.entries(periods).filter(([each]) => Number(each) > period - PERIODS);
  const count = (periods[period] ?? 0) + 1;
  codes[code] = {
    total: total + 1,
    lastSeen: now,
    periods: { ...Object.fromEntries(recent), [period]: count },
  };
  if (Object.keys(codes).length > MAX_CODES + CODES_OVER_LIMIT) dropSeldom(codes, now);
}

/** The codes of the last 90 days, the most frequent first. */
export function recentUnlisted(codes: UnlistedCodes, now: number): UnlistedCode[] {
  const oldest = periodOf(now) - PERIODS;
  return Object.entries(codes)
    .map(([code, { lastSeen, periods }]) => ({
      code,
      tickets: Object.entries(periods).reduce(
        (sum, [period, count]) => sum + (Number(period) > oldest ? count : 0),
        0,
      ),
      lastSeen: new Date(lastSeen).toISOString(),
    }))
    .filter(({ tickets }) => tickets > 0)
    .sort(byFrequency);
}

function byFrequency(a: UnlistedCode, b: UnlistedCode) {
  return b.tickets - a.tickets || Number(b.lastSeen > a.lastSeen) - Number(b.lastSeen < a.lastSeen);
}

function dropSeldom(codes: UnlistedCodes, now: number) {
  const kept = new Set(
    recentUnlisted(codes, now)
      .slice(0, MAX_CODES)
      .map(({ code }) => code),
  );
  for (const code of Object.keys(codes)) {
    if (!kept.has(code)) delete codes[code];
  }
}

function periodOf(ms: number) {
  return Math.floor(ms / PERIOD_MS);
}
