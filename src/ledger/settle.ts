import type { Outcome } from "../enrich.ts";
import type { Failure } from "../errors.ts";
import { log } from "../log.ts";
import { retryDelay } from "./backoff.ts";
import type { Counters } from "./counters.ts";
import { bringForward, giveBack } from "./leases.ts";
import { type WantedAgain, writeDone, writeFailed, writeWaiting } from "./outcomes.ts";
import type { Pause } from "./pause.ts";
import type { TicketRow } from "./schema.ts";

/** How long a comment whose answer was lost may take to show up: some ticket systems are slow. */
export const UNSURE_MS = 60_000;

/** Where it is written what became of tickets. */
export interface Books {
  readonly sql: SqlStorage;
  readonly pause: Pause;
  readonly counters: Counters;
}

/** The attempt that is settled. */
export interface Settled {
  readonly connector: string;
  readonly row: TicketRow;
  /** The pause period in which the ticket was taken. */
  readonly period: number;
  readonly now: number;
}

/** Writes what became of a ticket; returns how it is wanted once more. */
export function settleDone(
  { sql, pause, counters }: Books,
  { connector, row, period, now }: Settled,
  outcome: Outcome,
): WantedAgain {
  // Only an answer tells something of the ticket system, and some tickets need none.
  const answered = outcome.visibility !== null || row.scanned === null;
  if (answered && pause.end(period, now)) bringForward(sql);
  counters.add("attempts", "done");
  counters.add("tickets", outcome.outcome);
  for (const code of outcome.unlisted) counters.add("unlisted", code);
  log({ event: "ticket_done", connector, id: row.id, outcome: outcome.outcome });
  return writeDone(sql, row.id, outcome, now);
}

/** Writes that a try failed, and when the next one is due, if any; returns the same. */
export function settleFailure(
  { sql, pause, counters }: Books,
  { connector, row, period, now }: Settled,
  failure: Failure,
  knowsRepeats: boolean,
): WantedAgain {
  const { id, attempts } = row;
  const { code, message: detail } = failure;
  if (code === "calls_spent") {
    giveBack(sql, id, now);
    return null;
  }
  const random = Math.random();
  const offence = pause.strike(failure, { ticketId: id, period, now, random });
  if (offence) log({ event: "ticket_system_paused", connector, code });

  const delay = retryDelay(failure, { attempts, ageMs: now - row.queued_at, random });
  counters.add("attempts", code);
  if (delay === null) {
    counters.add("tickets", "failed");
    log({ event: "ticket_failed", connector, id, code, detail, attempts });
    return writeFailed(sql, id, code, now);
  }
  const unsureUntil = failure.unsure && !knowsRepeats ? now + UNSURE_MS : 0;
  log({ event: "ticket_waits", connector, id, code, detail, attempts });
  return writeWaiting(sql, id, { code, due: now + delay, unsureUntil, offence });
}
