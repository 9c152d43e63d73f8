import type { Outcome } from "../enrichment/enrich.ts";
import type { Failure, FailureCode } from "../failure.ts";
import { afterAnswer, afterFailure, type Circuit } from "./circuit-breaker.ts";
import { retryDelay, VISIBLE_AFTER_MS } from "./retry-policy.ts";

/** How long a comment whose answer was lost may take to show up: some ticket systems are slow. */
export const UNKNOWN_MS = 60_000;

/** What a decision needs to know of a ticket, as it was when the attempt began. */
export interface AttemptedTicket {
  readonly id: string;
  /** Without this one. */
  readonly attempts: number;
  readonly queuedAt: number;
  /** When the ticket system told of it last; null when only a person did. */
  readonly announcedAt: number | null;
  /** How often it opened the circuit breaker. */
  readonly breakerTrips: number;
  /** It has its comment, which was to be edited. */
  readonly editOnly: boolean;
}

/** What came of an attempt. */
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
  /** The ticket system was asked something; not every ticket needs that. */
  readonly wasAnswered: boolean;
}

interface Failed {
  readonly kind: "failed";
  readonly failure: Failure;
  /** The receiver itself recognises a comment that it got before. */
  readonly receiverDeduplicates: boolean;
}

/** What becomes of the ticket. Times are milliseconds since 1970. */
export type Next =
  | { readonly kind: "done"; readonly outcome: Outcome }
  | {
      readonly kind: "retry";
      readonly code: FailureCode;
      readonly dueAt: number;
      /** Until then a comment that was sent may show up; 0 when none was. */
      readonly unknownUntil: number;
      /** It was this ticket that opened the circuit breaker. */
      readonly trippedBreaker: boolean;
    }
  | { readonly kind: "failed"; readonly code: FailureCode }
  /** Its comment stays as it is. */
  | { readonly kind: "kept"; readonly code: FailureCode }
  /** The platform allowed no call: this was no attempt. */
  | { readonly kind: "untried" }
  /** The ticket is no longer the attempt's. */
  | { readonly kind: "superseded" };

/** What follows an attempt. */
export interface Decision {
  readonly next: Next;
  /** The same object when nothing changes. */
  readonly circuit: Circuit;
  /** What the attempt did to the circuit breaker. */
  readonly breaker: "opened" | "closed" | null;
  /** Other tickets whose failures opened it with this one, though they seemed their own. */
  readonly alike: readonly string[];
}

/** Decides what follows an attempt, for the ticket and for its ticket system. */
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
    alike: [],
  };
}

function afterFailed(ticket: AttemptedTicket, result: Ended & Failed, before: Circuit): Decision {
  const { failure, openings, endedAt: now, random } = result;
  if (failure.code === "calls_spent") return unchanged({ kind: "untried" }, before);
  if (failure.code === "lease_lost") return unchanged({ kind: "superseded" }, before);
  const ended = { ticketId: ticket.id, openings, now, random };
  const circuit = saysSomething(ticket, failure, before)
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
    alike: isShared ? othersAlike(before, failure, ticket.id) : [],
  };
}

function unchanged(next: Next, circuit: Circuit): Decision {
  return { next, circuit, breaker: null, alike: [] };
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

/** Whether a failure may be the ticket system's. */
function saysSomething(
  { queuedAt, announcedAt, breakerTrips }: AttemptedTicket,
  failure: Failure,
  { failure: openFor }: Circuit,
) {
  if (failure.retry !== "briefly") return true;
  // A person may ask for a ticket that never was, or for many that are gone by now.
  const isAnnounced = announcedAt !== null && announcedAt >= queuedAt;
  // One that opened the breaker before, and fails since others were answered, is gone itself.
  const isGone = openFor === null && breakerTrips > 0;
  return isAnnounced && !isGone;
}

function othersAlike({ failing }: Circuit, { code }: Failure, ticketId: string) {
  const alike = Object.entries(failing).filter(([id, each]) => each === code && id !== ticketId);
  return alike.map(([id]) => id);
}
