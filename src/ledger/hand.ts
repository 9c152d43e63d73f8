import type { CircuitBreaker } from "./circuit-breaker.ts";
import { giveBack, lease } from "./leases.ts";
import type { TicketRow } from "./schema.ts";

/** How long a ticket belongs to one attempt: longer than all its calls can take. */
export const LEASE_MS = 120_000;
/** How many tickets are leased at once: each lease is on disk before its comment leaves. */
const HAND = 12;

/** The tickets that are leased and not yet begun: one transaction for several. */
export interface Hand {
  /** When the ticket was due that was taken last. */
  readonly dueAt: number;
  /** The next ticket that was due by then; null when there is none. */
  take(lanes: number, dueBy: number, now: number): TicketRow | null;
  /** What is in hand when the ticket system needs rest was not tried. */
  putBack(now: number): void;
}

export function openHand(sql: SqlStorage, breaker: CircuitBreaker): Hand {
  let rows: TicketRow[] = [];
  let dueAt = 0;
  return {
    get dueAt() {
      return dueAt;
    },

    take(lanes, dueBy, now) {
      if (rows.length === 0) {
        rows = lease(sql, {
          order: breaker.circuit.failure === null ? "oldest" : "leastTried",
          count: lanes > 1 ? HAND : 1,
          dueBy: Math.min(dueBy, now),
          until: now + LEASE_MS,
        });
      }
      const row = rows.shift();
      if (row === undefined) return null;
      dueAt = row.due_at ?? now;
      return row;
    },

    putBack(now) {
      for (const { id, due_at } of rows) giveBack(sql, id, due_at ?? now);
      rows = [];
    },
  };
}
