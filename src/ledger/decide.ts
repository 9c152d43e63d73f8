import type { Failure } from "../failure.ts";
import { retryDelay, SHOWN_AFTER_MS } from "./backoff.ts";
import { type Circuit, fail } from "./circuit-breaker.ts";
import type { TicketRow } from "./schema.ts";

/** What a decision needs to know of a ticket. */
export type FailedTicket = Pick<
  TicketRow,
  "id" | "attempts" | "queued_at" | "announced_at" | "offences"
>;

/** The attempt that failed. */
export interface FailedAttempt {
  /** `openings` of the circuit when it began. */
  readonly openings: number;
  /** When it ended, in milliseconds since 1970. */
  readonly now: number;
  /** 0 to 1: spreads the next tries of tickets that failed together. */
  readonly random: number;
}

/** What follows a failure. */
export interface Decision {
  readonly circuit: Circuit;
  /** The failure opened the circuit. */
  readonly opened: boolean;
  /** Milliseconds until the ticket is tried again; null when it has failed for good. */
  readonly delayMs: number | null;
  /** Other tickets whose failures opened the circuit with this one, though they seemed their own. */
  readonly alike: readonly string[];
}

/** Decides what follows a failure, for the ticket and for its ticket system. */
export function decide(
  ticket: FailedTicket,
  failure: Failure,
  circuit: Circuit,
  { openings, now, random }: FailedAttempt,
): Decision {
  const { id, attempts, queued_at, announced_at } = ticket;
  const after = isEvidence(ticket, failure, circuit)
    ? fail(circuit, failure, { ticketId: id, openings, now, random })
    : circuit;
  const isOpen = after.failure !== null;
  const opened = circuit.failure === null && isOpen;
  const isNew = announced_at !== null && now - announced_at < SHOWN_AFTER_MS;
  const ageMs = now - queued_at;
  return {
    circuit: after,
    opened,
    delayMs: retryDelay(failure, { attempts, ageMs, random, isNew, isOpen }),
    alike: opened && failure.retry === "briefly" ? othersAlike(circuit, failure, id) : [],
  };
}

/** Whether a failure may be the ticket system's. */
function isEvidence(
  { queued_at, announced_at, offences }: FailedTicket,
  failure: Failure,
  { failure: openFor }: Circuit,
) {
  if (failure.retry !== "briefly") return true;
  // A person may ask for a ticket that never was, or for many that are gone by now.
  const isAnnounced = announced_at !== null && announced_at >= queued_at;
  // One that opened the circuit before, and fails since others were answered, is gone itself.
  const isGone = openFor === null && offences > 0;
  return isAnnounced && !isGone;
}

function othersAlike({ failing }: Circuit, { code }: Failure, ticketId: string) {
  const alike = Object.entries(failing).filter(([id, each]) => each === code && id !== ticketId);
  return alike.map(([id]) => id);
}
