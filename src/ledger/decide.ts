import type { Outcome } from "../enrichment/enrich.ts";
import type { Failure, FailureCode } from "../failure.ts";
import { afterAnswer, afterFailure, type Circuit } from "./circuit-breaker.ts";
import { retryDelay, VISIBLE_AFTER_MS } from "./retry-policy.ts";

/**
 * How long a comment may take to appear after its answer was lost: some ticket systems are slow.
 */
export const UNKNOWN_MS = 60_000;

/** The ticket as it was when the attempt began. */
export interface AttemptedTicket {
  readonly id: string;
  /** Earlier attempts, this one not included. */
  readonly attempts: number;
  readonly queuedAt: number;
  /** When the ticket system last reported the ticket; null when only a person asked for it. */
  readonly announcedAt: number | null;
  /** How often it opened the circuit breaker. */
  readonly breakerTrips: number;
  /** Only the comment that it already has may be edited. */
  readonly editOnly: boolean;
}

/** The result of an attempt. */
export type AttemptResult = Ended & (Enriched | Failed);

interface Ended {
  /** `openings` of the circuit when the attempt began. */
  readonly openings: number;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  /** 0 to 1: spreads the next attempts of tickets that failed together. */
  readonly random: number;
}

interface Enriched {
  readonly kind: "enriched";
  readonly outcome: Outcome;
  /** The ticket system answered a request. Not every attempt sends one. */
  readonly wasAnswered: boolean;
}

interface Failed {
  readonly kind: "failed";
  readonly failure: Failure;
  /** The receiver recognises a comment that it already has. */
  readonly receiverDeduplicates: boolean;
}

/** The next state of the ticket. Times are milliseconds since 1970. */
export type Next =
  | { readonly kind: "done"; readonly outcome: Outcome }
  | {
      readonly kind: "retry";
      readonly code: FailureCode;
      readonly dueAt: number;
      /** Until then a comment that was sent may still appear; 0 when none was sent. */
      readonly unknownUntil: number;
      /** This ticket opened the circuit breaker. */
      readonly trippedBreaker: boolean;
    }
  | { readonly kind: "failed"; readonly code: FailureCode }
  /** The edit failed for good: the existing comment stays as it is. */
  | { readonly kind: "kept"; readonly code: FailureCode }
  /** The platform allowed no more requests, so this does not count as an attempt. */
  | { readonly kind: "untried" }
  /** Another attempt has taken over the ticket. */
  | { readonly kind: "superseded" };

/** What happens after an attempt. */
export interface Decision {
  readonly next: Next;
  /** The new state; the same object when nothing changes. */
  readonly circuit: Circuit;
  /** Whether the attempt opened or closed the circuit breaker. */
  readonly breaker: "opened" | "closed" | null;
  /**
   * Other tickets with the same failure. It had looked like a fault of each ticket, until it opened
   * the circuit breaker.
   */
  readonly sameFailure: readonly string[];
}

/** Decides what happens after an attempt to the ticket and to the circuit breaker. Pure. */
export function decide(ticket: AttemptedTicket, result: AttemptResult, circuit: Circuit): Decision {
  return result.kind === "enriched"
    ? afterOutcome(result, circuit)
    : afterFailed(ticket, result, circuit);
}

function afterOutcome(result: Ended & Enriched, before: Circuit): Decision {
  const { outcome, wasAnswered, openings, endedAt } = result;
  const circuit = wasAnswered ? afterAnswer(before, { openings, now: endedAt }) : before;
  const isClosed = before.failure !== null && circuit.failure === null;
  return {
    next: { kind: "done", outcome },
    circuit,
    breaker: isClosed ? "closed" : null,
    sameFailure: [],
  };
}

function afterFailed(ticket: AttemptedTicket, result: Ended & Failed, before: Circuit): Decision {
  const { failure, openings, endedAt: now, random } = result;
  if (failure.code === "calls_spent") return unchanged({ kind: "untried" }, before);
  if (failure.code === "lease_lost") return unchanged({ kind: "superseded" }, before);
  const ended = { ticketId: ticket.id, openings, now, random };
  const circuit = mayConcernSystem(ticket, failure, before)
    ? afterFailure(before, failure, ended)
    : before;
  const isOpened = before.failure === null && circuit.failure !== null;
  const delayMs = delayAfter(ticket, result, circuit);
  const next: Next =
    delayMs === null
      ? { kind: ticket.editOnly ? "kept" : "failed", code: failure.code }
      : {
          kind: "retry",
          code: failure.code,
          dueAt: now + delayMs,
          unknownUntil:
            failure.outcomeUnknown && !result.receiverDeduplicates ? now + UNKNOWN_MS : 0,
          trippedBreaker: isOpened,
        };
  const isShared = isOpened && failure.retry === "briefly";
  return {
    next,
    circuit,
    breaker: isOpened ? "opened" : null,
    sameFailure: isShared ? othersWithFailure(before, failure, ticket.id) : [],
  };
}

function unchanged(next: Next, circuit: Circuit): Decision {
  return { next, circuit, breaker: null, sameFailure: [] };
}

function delayAfter(
  { attempts, queuedAt, announcedAt }: AttemptedTicket,
  { failure, endedAt, random }: Ended & Failed,
  circuit: Circuit,
) {
  return retryDelay(failure, {
    attempts: attempts + 1,
    ageMs: endedAt - queuedAt,
    random,
    isNew: announcedAt !== null && endedAt - announcedAt < VISIBLE_AFTER_MS,
    isOpen: circuit.failure !== null,
  });
}

/** Whether the ticket system may be the cause of a failure, and not the ticket. */
function mayConcernSystem(
  { queuedAt, announcedAt, breakerTrips }: AttemptedTicket,
  failure: Failure,
  { failure: openFor }: Circuit,
) {
  if (failure.retry !== "briefly") return true;
  // A person may ask for tickets that never existed or have been deleted.
  const isAnnounced = announcedAt !== null && announcedAt >= queuedAt;
  // The ticket opened the breaker before, others were answered since, and it still fails: it is
  // gone.
  const isGone = openFor === null && breakerTrips > 0;
  return isAnnounced && !isGone;
}

function othersWithFailure({ failing }: Circuit, { code }: Failure, ticketId: string) {
  const alike = Object.entries(failing).filter(([id, each]) => each === code && id !== ticketId);
  return alike.map(([id]) => id);
}
