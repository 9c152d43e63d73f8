import * as z from "zod/mini";
import type { Written } from "./group-commit.ts";
import { readState, writeState } from "./schema.ts";

const DAY_MS = 24 * 3_600_000;
/** A sender that comes again does so within days. */
export const DELIVERY_KEPT_MS = 7 * DAY_MS;
/**
 * How long it can be asked what became of a ticket. One that was enriched more than once stays: its
 * comment bears a later marker, by which a ledger that begins anew would not find it.
 */
export const TICKET_KEPT_MS = 90 * DAY_MS;
const SWEEP_EVERY_MS = DAY_MS;
/** How many tickets are looked at in one transaction. */
const PAGE = 1_000;

/** Forgets what is old, once a day and a page at a time. What is still to be done stays. */
export interface Retention {
  /** When the next page is to be looked at; null when the ledger is empty. */
  nextAt(): number | null;
  /** Prunes one page, in a transaction. After the last page, the next is due tomorrow. */
  prune(now: number): Written<void>;
}

const Sweep = z.object({
  /** The last ticket id that was looked at. */
  after: z.string(),
  endedAt: z.int(),
});

export function openRetention(sql: SqlStorage): Retention {
  let sweep = readState(sql, "sweep", Sweep) ?? { after: "", endedAt: 0 };

  return {
    nextAt() {
      const isEmpty = [...sql.exec("SELECT 1 FROM ticket LIMIT 1")].length === 0;
      return isEmpty ? null : sweep.endedAt + SWEEP_EVERY_MS;
    },

    prune(now) {
      const last = endOfPage(sql, sweep.after);
      const before = now - TICKET_KEPT_MS;
      // Two statements: with an OR for the end, every page would be read up to the last ticket.
      const page = "DELETE FROM ticket WHERE finished_at < ? AND revision = 1 AND id > ?";
      if (last === null) sql.exec(page, before, sweep.after);
      else sql.exec(`${page} AND id <= ?`, before, sweep.after, last);
      if (last === null) {
        sql.exec("DELETE FROM delivery WHERE received_at < ?", now - DELIVERY_KEPT_MS);
      }
      const next = last === null ? { after: "", endedAt: now } : { ...sweep, after: last };
      writeState(sql, "sweep", next);
      return {
        result: undefined,
        afterCommit() {
          sweep = next;
        },
      };
    },
  };
}

/** The id of the last ticket of a full page; null when the page is not full. */
function endOfPage(sql: SqlStorage, after: string): string | null {
  const [row] = sql.exec<{ id: string }>(
    "SELECT id FROM ticket WHERE id > ? ORDER BY id LIMIT 1 OFFSET ?",
    after,
    PAGE - 1,
  );
  return row?.id ?? null;
}
