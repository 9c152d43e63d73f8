import * as z from "zod/mini";
import { metaJson } from "./schema.ts";
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
  /** Tickets by outcome: posted, updated, unchanged, no_code, skipped, withheld, tagged, failed. */
  tickets: Counts,
  /** Attempts by result: done, or the failure. */
  attempts: Counts,
  /** Tickets with a code that the catalog does not list, by code. */
  unlisted: UnlistedCodes,
});
/** What a ledger has counted since it began. */
export type Counted = z.infer<typeof Counted>;
export type CountedGroup = Exclude<keyof Counted, "unlisted">;

/** What a ledger has counted, and how it is now. */
export interface LedgerStats {
  readonly counted: Counted;
  /** Tickets which are not done yet. */
  readonly waiting: number;
  /** For how long the oldest of them has been waiting, in seconds; 0 when there is none. */
  readonly oldestWaitingS: number;
  /** The circuit breaker is not closed: the ticket system is being left alone. */
  readonly paused: boolean;
}

/** More codes than that are counted together: their names come from tickets. */
const MAX_NAMES = 200;
const OTHER = "other";

const stored = metaJson("counters", Counted);

/** Counts in memory, and writes now and then: what a process counted last is lost with it. */
export class Counters {
  readonly #sql: SqlStorage;
  #counted: Counted;
  #isSaved = true;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#counted = stored.read(sql) ?? { deliveries: {}, tickets: {}, attempts: {}, unlisted: {} };
  }

  get counted(): Counted {
    return this.#counted;
  }

  add(group: CountedGroup, name: string, by = 1): void {
    addTo(this.#counted[group], name, by);
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

  /**
   * Writes what was counted since the last time: one row, or none.
   *
   * @param deliveries More deliveries, by answer. They count only if they can be written.
   */
  save(deliveries: Counts = {}): void {
    const more = Object.entries(deliveries);
    if (this.#isSaved && more.length === 0) return;
    const next = structuredClone(this.#counted);
    for (const [answer, count] of more) addTo(next.deliveries, answer, count);
    stored.write(this.#sql, next);
    this.#counted = next;
    this.#isSaved = true;
  }
}

function addTo(counts: Counts, name: string, by: number) {
  const isNew = !Object.hasOwn(counts, name);
  const key = isNew && Object.keys(counts).length >= MAX_NAMES ? OTHER : name;
  counts[key] = (counts[key] ?? 0) + by;
}
