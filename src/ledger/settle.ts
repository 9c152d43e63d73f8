import type { Outcome } from "../enrich.ts";
import type { Failure } from "../errors.ts";
import { log } from "../log.ts";
import { retryDelay } from "./backoff.ts";
import { type CircuitBreaker, fail, succeed } from "./circuit-breaker.ts";
import type { Counters } from "./counters.ts";
import type { Written } from "./group-commit.ts";
import { bringForward, giveBack } from "./leases.ts";
import { type WantedAgain, writeDone, writeFailed, writeWaiting } from "./outcomes.ts";
import type { TicketRow } from "./schema.ts";

/** How long a comment whose answer was lost may take to show up: some ticket systems are slow. */
export const UNSURE_MS = 60_000;

/** The parts of a ledger that change when an attempt ends. */
export interface LedgerParts {
  readonly sql: SqlStorage;
  readonly breaker: CircuitBreaker;
  readonly counters: Counters;
}

/** An attempt that has ended. */
export interface EndedAttempt {
  readonly connector: string;
  readonly row: TicketRow;
  /** `openings` of the circuit when the attempt began. */
  readonly openings: number;
  /** When it ended, in milliseconds since 1970. */
  readonly now: number;
  /** 0 to 1: spreads the next tries of tickets that failed together. */
  readonly random: number;
}

/** Writes what became of a ticket. The result says how it is wanted once more. */
export function settleDone(
  { sql, breaker, counters }: LedgerParts,
  { connector, row, openings, now }: EndedAttempt,
  outcome: Outcome,
): Written<WantedAgain> {
  // Only an answer tells something of the ticket system, and some tickets need none.
  const answered = outcome.visibility !== null || row.scanned === null;
  const change = breaker.change((circuit) =>
    answered ? succeed(circuit, { openings, now }) : circuit,
  );
  if (change.before.failure !== null && change.after.failure === null) bringForward(sql);
  return {
    result: writeDone(sql, row.id, outcome, now),
    afterCommit() {
      change.afterCommit();
      counters.add("attempts", "done");
      counters.add("tickets", outcome.outcome);
      for (const code of outcome.unlisted) counters.add("unlisted", code);
      log({ event: "ticket_done", connector, id: row.id, outcome: outcome.outcome });
    },
  };
}

/**
 * Writes that an attempt failed, and when the next one is due, if any. The result says how the
 * ticket is wanted once more.
 */
export function settleFailure(
  { sql, breaker, counters }: LedgerParts,
  { connector, row, openings, now, random }: EndedAttempt,
  failure: Failure,
  knowsRepeats: boolean,
): Written<WantedAgain> {
  const { id, attempts } = row;
  const { code, message: detail } = failure;
  if (code === "calls_spent") {
    giveBack(sql, id, now);
    return { result: null };
  }
  const change = breaker.change((circuit) =>
    fail(circuit, failure, { ticketId: id, openings, now, random }),
  );
  const opened = change.before.failure === null && change.after.failure !== null;
  const delay = retryDelay(failure, { attempts, ageMs: now - row.queued_at, random });
  const unsureUntil = failure.unsure && !knowsRepeats ? now + UNSURE_MS : 0;
  return {
    result:
      delay === null
        ? writeFailed(sql, id, code, now)
        : writeWaiting(sql, id, { code, due: now + delay, unsureUntil, offence: opened }),
    afterCommit() {
      change.afterCommit();
      counters.add("attempts", code);
      if (delay === null) counters.add("tickets", "failed");
      if (opened) log({ event: "ticket_system_paused", connector, code });
      const event = delay === null ? "ticket_failed" : "ticket_waits";
      log({ event, connector, id, code, detail, attempts });
    },
  };
}
