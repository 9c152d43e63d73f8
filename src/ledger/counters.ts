import * as z from "zod/mini";
import { readState, writeState } from "./schema.ts";

const Counts = z.record(z.string(), z.int());
export type Counts = z.infer<typeof Counts>;

const Counted = z.object({
  /** Deliveries by answer: accepted, duplicate, ignored, polled, or the failure. */
  deliveries: Counts,
  /** Tickets by outcome: posted, updated, unchanged, no_code, failed. */
  tickets: Counts,
  /** Attempts by result: answered, or the failure. */
  attempts: Counts,
  /** How many tickets held a code that the catalog does not list, by code. */
  unlisted: Counts,
});
/** What a ledger has counted since it began. */
export type Counted = z.infer<typeof Counted>;
export type Group = keyof Counted;

/** More codes than that are counted together: their names come from tickets. */
const MAX_NAMES = 200;
const OTHER = "other";

/** Counts in memory and writes now and then: the last few are lost with a process that is killed. */
export interface Counters {
  readonly counted: Counted;
  add(group: Group, name: string, by?: number): void;
  /**
   * Writes what was counted since the last time.
   *
   * @param deliveries More deliveries, by answer. They count only if they can be written.
   */
  save(deliveries?: Counts): void;
}

export function openCounters(sql: SqlStorage): Counters {
  let counted = readState(sql, "counters", Counted) ?? {
    deliveries: {},
    tickets: {},
    attempts: {},
    unlisted: {},
  };
  let isSaved = true;
  return {
    get counted() {
      return counted;
    },

    add(group, name, by = 1) {
      addTo(counted[group], name, by);
      isSaved = false;
    },

    save(deliveries = {}) {
      const more = Object.entries(deliveries);
      if (isSaved && more.length === 0) return;
      const next = structuredClone(counted);
      for (const [answer, count] of more) addTo(next.deliveries, answer, count);
      writeState(sql, "counters", next);
      counted = next;
      isSaved = true;
    },
  };
}

function addTo(counts: Counts, name: string, by: number) {
  const isNew = !Object.hasOwn(counts, name);
  const key = isNew && Object.keys(counts).length >= MAX_NAMES ? OTHER : name;
  counts[key] = (counts[key] ?? 0) + by;
}
