import type { Outcome } from "../enrichment/enrich.ts";
import type { Failure } from "../failure.ts";
import { log } from "../log.ts";
import { GIVE_UP_MENDING_AFTER_MS } from "./backoff.ts";
import { type CircuitBreaker, succeed } from "./circuit-breaker.ts";
import type { Counters } from "./counters.ts";
import { decide, type FailedAttempt } from "./decide.ts";
import type { Written } from "./group-commit.ts";
import { bringForward, giveBack } from "./leases.ts";
import { takeBack, type WantedAgain, writeDone, writeFailed, writeWaiting } from "./outcomes.ts";
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
export interface EndedAttempt extends FailedAttempt {
  readonly connector: string;
  readonly row: TicketRow;
}

/** Writes what became of a ticket. The result says how it is wanted once more. */
export function settleDone(
  { sql, breaker, counters }: LedgerParts,
  { connector, row, openings, now }: EndedAttempt,
  outcome: Outcome,
): Written<WantedAgain> {
  // Only an answer tells something of the ticket system, and some tickets need none.
  const answered =
    outcome.visibility !== null || outcome.outcome === "tagged" || row.scanned === null;
  const { decision, showCircuit } = breaker.change((before) => {
    const circuit = answered ? succeed(before, { openings, now }) : before;
    return { circuit, closed: before.failure !== null && circuit.failure === null };
  });
  if (decision.closed) bringForward(sql);
  return {
    result: writeDone(sql, row.id, outcome, now),
    afterCommit() {
      showCircuit();
      counters.add("attempts", "done");
      counters.add("tickets", outcome.outcome);
      for (const code of outcome.unlisted) counters.add("unlisted", code);
      log({ event: "ticket_done", connector, ticketId: row.id, outcome: outcome.outcome });
    },
  };
}

/**
 * Writes that an attempt failed, and when the next one is due, if any. The result says how the
 * ticket is wanted once more.
 */
export function settleFailure(
  { sql, breaker, counters }: LedgerParts,
  attempt: EndedAttempt,
  failure: Failure,
  knowsRepeats: boolean,
): Written<WantedAgain> {
  const { connector, row, now } = attempt;
  const { id, attempts } = row;
  const { code, message: detail } = failure;
  if (code === "calls_spent") {
    giveBack(sql, id, now);
    return { result: null };
  }
  const { decision, showCircuit } = breaker.change((circuit) =>
    decide(row, failure, circuit, attempt),
  );
  const { delayMs, opened, alike } = decision;
  if (alike.length > 0) takeBack(sql, alike, { code, now, since: now - GIVE_UP_MENDING_AFTER_MS });
  const unsureUntil = failure.outcomeUnknown && !knowsRepeats ? now + UNSURE_MS : 0;
  return {
    result:
      delayMs === null
        ? writeFailed(sql, id, code, now)
        : writeWaiting(sql, id, { code, due: now + delayMs, unsureUntil, offence: opened }),
    afterCommit() {
      showCircuit();
      counters.add("attempts", code);
      if (delayMs === null) counters.add("tickets", "failed");
      if (opened) log({ event: "circuit_breaker_opened", connector, code });
      const event = delayMs === null ? "ticket_failed" : "ticket_retry_scheduled";
      log({ event, connector, ticketId: id, code, detail, attempts });
    },
  };
}
