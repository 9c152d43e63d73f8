import * as z from "zod/mini";
import { metaJson } from "./meta.ts";
import {
  countFirstResult,
  countNewTicket,
  countRecent,
  emptyCounts,
  type FirstResult,
  type Recent,
  RecentCounts,
  recentCounts,
} from "./recent-counts.ts";
import {
  countUnlisted,
  recentUnlisted,
  type UnlistedCode,
  UnlistedCodes,
} from "./unlisted-codes.ts";

const Counts = z.record(z.string(), z.int());
export type Counts = z.infer<typeof Counts>;

const Counted = z.object({
  /** Deliveries by answer: accepted, duplicate, ignored, polled, or the failure. */
  deliveries: Counts,
  /**
   * Tickets by outcome, again after each re-trigger: posted, updated, unchanged, no_code, skipped,
   * withheld, tagged, failed.
   */
  tickets: Counts,
  /** Attempts by result: done, or the failure. */
  attempts: Counts,
  /** Tickets with a code that the catalog does not list, by code. */
  unlisted: UnlistedCodes,
  /** The last hours and days. An earlier version did not count them apart. */
  recent: z._default(RecentCounts, emptyCounts),
});
type Counted = z.infer<typeof Counted>;
/** What a ledger has counted since it began. */
export type Totals = Omit<Counted, "recent">;
export type CountedGroup = Exclude<keyof Totals, "unlisted">;

/** What a ledger has counted, and how it is now. */
export interface LedgerStats {
  readonly counted: Totals;
  /** Tickets that are not finished: waiting or working. */
  readonly waiting: number;
  /** How long ago the oldest of them was queued, in seconds; 0 when there is none. */
  readonly oldestWaitingS: number;
  /** The circuit breaker is not closed: the ticket system is being left alone. */
  readonly paused: boolean;
  /** The last 24 hours and 30 days. Undefined in the answer of an earlier version. */
  readonly recent?: Recent;
}

/** Further names of a group are counted together as `other`, so that the stored value stays small. */
const MAX_NAMES = 200;
const OTHER = "other";

const stored = metaJson("counters", Counted);

/** Names that are counted by hour and day, too, and as what. `failures` are tickets given up. */
const RECENT: Readonly<
  Record<CountedGroup, Readonly<Record<string, "deliveries" | "comments" | "failures">>>
> = {
  deliveries: {
    accepted: "deliveries",
    duplicate: "deliveries",
    ignored: "deliveries",
    polled: "deliveries",
  },
  tickets: { posted: "comments", updated: "comments", withheld: "comments", failed: "failures" },
  attempts: {},
};

/**
 * Counts in memory, and writes now and then: what a process counted last is lost with it.
 * `count-tickets.ts` says when something is counted.
 */
export class Counters {
  readonly #sql: SqlStorage;
  #counted: Counted;
  #isSaved = true;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#counted = stored.read(sql) ?? {
      deliveries: {},
      tickets: {},
      attempts: {},
      unlisted: {},
      recent: emptyCounts(),
    };
  }

  get totals(): Totals {
    const { recent: _, ...totals } = this.#counted;
    return totals;
  }

  /** @param now Milliseconds since 1970. */
  add(group: CountedGroup, name: string, now: number, by = 1): void {
    addTo(this.#counted, { group, name, by }, now);
    this.#isSaved = false;
  }

  /** Counts a ticket that is new to the ledger. */
  addNewTicket(now: number): void {
    countNewTicket(this.#counted.recent, now);
    this.#isSaved = false;
  }

  /** Counts what a new ticket turned out to be. */
  addFirstResult(result: FirstResult, now: number): void {
    countFirstResult(this.#counted.recent, result, now);
    this.#isSaved = false;
  }

  /** Counts a ticket that had a code which the catalog does not list. */
  addUnlisted(code: string, now: number): void {
    countUnlisted(this.#counted.unlisted, code, now);
    this.#isSaved = false;
  }

  /** The codes of the last 90 days that the catalog did not list, the most frequent first. */
  unlisted(now: number): UnlistedCode[] {
    return recentUnlisted(this.#counted.unlisted, now);
  }

  /** What was counted in the last 24 hours and 30 days. */
  recent(now: number): Recent {
    return recentCounts(this.#counted.recent, now);
  }

  /**
   * Writes what was counted since the last time: one row, or none.
   *
   * @param now Milliseconds since 1970.
   * @param deliveries More deliveries, by answer. They count only if they can be written.
   */
  save(now: number, deliveries: Counts = {}): void {
    const more = Object.entries(deliveries);
    if (this.#isSaved && more.length === 0) return;
    const next = structuredClone(this.#counted);
    for (const [name, by] of more) addTo(next, { group: "deliveries", name, by }, now);
    stored.write(this.#sql, next);
    this.#counted = next;
    this.#isSaved = true;
  }
}

interface Addition {
  readonly group: CountedGroup;
  readonly name: string;
  readonly by: number;
}

function addTo(counted: Counted, { group, name, by }: Addition, now: number) {
  const counts = counted[group];
  const isNew = !Object.hasOwn(counts, name);
  const key = isNew && Object.keys(counts).length >= MAX_NAMES ? OTHER : name;
  counts[key] = (counts[key] ?? 0) + by;
  const recent = RECENT[group][name];
  if (recent !== undefined) countRecent(counted.recent, recent, now, by);
}
