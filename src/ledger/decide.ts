import type { Outcome } from "../enrichment/enrich.ts";
import type { Failure, FailureCode } from "../failure.ts";
import type { AttemptResult, EnrichedAttempt, FailedAttempt } from "./attempt.ts";
import { afterAnswer, afterFailure, type Circuit } from "./circuit-breaker.ts";
import { COMMENT_MAY_APPEAR_MS, MAY_BE_MISSING_MS, retryDelay } from "./retry-policy.ts";
import { type DueTicket, isAnnouncedSinceQueued } from "./ticket-row.ts";

/** The fields of a ticket on which a decision depends. */
export type AttemptedTicket = Pick<
  DueTicket,
  "id" | "earlierAttempts" | "queuedAt" | "announcedAt" | "breakerTrips" | "editOnly"
>;

/** What becomes of the ticket. Times are milliseconds since 1970. */
export type Next =
  | { readonly kind: "done"; readonly outcome: Outcome }
  | {
      readonly kind: "retry";
      readonly code: FailureCode;
      readonly dueAt: number;
      /** Until then a comment that was sent may still appear; 0 when none was sent. */
      readonly outcomeUnknownUntil: number;
      /** The failure of this ticket opened the circuit breaker. */
      readonly trippedBreaker: boolean;
    }
  | { readonly kind: "failed"; readonly code: FailureCode }
  /** The edit failed for good: the existing comment stays as it is. */
  | { readonly kind: "comment_kept"; readonly code: FailureCode }
  /** The platform allowed no more requests, so this does not count as an attempt. */
  | { readonly kind: "untried" }
  /** Another attempt has taken over the ticket, or it was deleted: its row stays as it is. */
  | { readonly kind: "superseded" };

/** What follows from an attempt. */
export interface Decision {
  readonly next: Next;
  /** The new state; the same object when nothing changes. */
  readonly circuit: Circuit;
  /** Whether the attempt opened or closed the circuit breaker. */
  readonly breaker: "opened" | "closed" | null;
  /**
   * Ids of other tickets that were not found, like this one. Only now, as the breaker opens, is it
   * clear that the ticket system is the cause, and not each ticket.
   */
  readonly ticketsToRevise: readonly string[];
}

/**
 * Decides what follows from an attempt for the ticket and for the circuit breaker. Pure.
 *
 * `retry-policy.ts` says when a failed ticket is tried again, and when it is given up.
 *
 * @param ticket As it was when the attempt began.
 * @param circuit As it is now.
 */
export function decide(ticket: AttemptedTicket, result: AttemptResult, circuit: Circuit): Decision {
  return result.kind === "enriched"
    ? afterEnriched(result, circuit)
    : afterFailed(ticket, result, circuit);
}

function afterEnriched(result: EnrichedAttempt, before: Circuit): Decision {
  const { outcome, wasAnswered, circuitOpenings: openings, endedAt: now } = result;
  const circuit = wasAnswered ? afterAnswer(before, { openings, now }) : before;
  const isClosed = before.failure !== null && circuit.failure === null;
  return {
    next: { kind: "done", outcome },
    circuit,
    breaker: isClosed ? "closed" : null,
    ticketsToRevise: [],
  };
}

function afterFailed(ticket: AttemptedTicket, result: FailedAttempt, before: Circuit): Decision {
  const { failure, circuitOpenings: openings, endedAt: now, random } = result;
  if (failure.code === "calls_spent") return circuitUnchanged({ kind: "untried" }, before);
  if (failure.code === "lease_lost") return circuitUnchanged({ kind: "superseded" }, before);
  const circuit = mayConcernSystem(ticket, failure, before)
    ? afterFailure(before, failure, { ticketId: ticket.id, openings, now, random })
    : before;
  const isOpened = before.failure === null && circuit.failure !== null;
  const delayMs = delayAfter(ticket, result, circuit);
  const mayAppear = failure.outcomeUnknown && !result.receiverDeduplicates;
  const next: Next =
    delayMs === null
      ? { kind: ticket.editOnly ? "comment_kept" : "failed", code: failure.code }
      : {
          kind: "retry",
          code: failure.code,
          dueAt: now + delayMs,
          outcomeUnknownUntil: mayAppear ? now + COMMENT_MAY_APPEAR_MS : 0,
          trippedBreaker: isOpened,
        };
  // Other failures need no revision: their tickets wait anyway.
  const isRevised = isOpened && failure.retry === "briefly";
  return {
    next,
    circuit,
    breaker: isOpened ? "opened" : null,
    ticketsToRevise: isRevised ? othersWithFailure(before, failure, ticket.id) : [],
  };
}

function circuitUnchanged(next: Next, circuit: Circuit): Decision {
  return { next, circuit, breaker: null, ticketsToRevise: [] };
}

function delayAfter(
  { earlierAttempts, queuedAt, announcedAt }: AttemptedTicket,
  { failure, endedAt, random }: FailedAttempt,
  circuit: Circuit,
) {
  return retryDelay(failure, {
    attemptNumber: earlierAttempts + 1,
    ageMs: endedAt - queuedAt,
    isRecentlyAnnounced: announcedAt !== null && endedAt - announcedAt < MAY_BE_MISSING_MS,
    isBreakerOpen: circuit.failure !== null,
    random,
  });
}

/** Whether the cause of a failure may be the ticket system, and not the ticket. */
function mayConcernSystem(ticket: AttemptedTicket, failure: Failure, circuit: Circuit) {
  if (failure.retry !== "briefly") return true;
  // The ticket was not found. A person may ask for one that never existed or was deleted.
  if (!isAnnouncedSinceQueued(ticket)) return false;
  // It opened the breaker before. Others were answered since, and it is still not found: it is gone.
  const isGone = ticket.breakerTrips > 0 && circuit.failure === null;
  return !isGone;
}

function othersWithFailure({ failing }: Circuit, { code }: Failure, ticketId: string) {
  const alike = Object.entries(failing).filter(([id, each]) => each === code && id !== ticketId);
  return alike.map(([id]) => id);
}
