import type { Counted } from "./counters.ts";
import type { LedgerParts } from "./settle.ts";

/** What a ledger has counted, and how it is now. */
export interface Figures {
  readonly counted: Counted;
  /** Tickets which are not done yet. */
  readonly waiting: number;
  /** For how long the oldest of them has been waiting, in seconds; 0 when there is none. */
  readonly oldestWaitingS: number;
  /** The ticket system is being left alone. */
  readonly paused: boolean;
}

/** Reads only what waits, whatever the size of the ledger. */
export function toFigures({ sql, counters, breaker }: LedgerParts, now: number): Figures {
  const [row] = sql.exec<{ waiting: number; oldest: number | null }>(
    "SELECT COUNT(*) AS waiting, MIN(queued_at) AS oldest FROM ticket WHERE due_at IS NOT NULL",
  );
  return {
    counted: counters.counted,
    waiting: row?.waiting ?? 0,
    oldestWaitingS: row?.oldest == null ? 0 : Math.max(0, now - row.oldest) / 1_000,
    paused: breaker.circuit.failure !== null,
  };
}
