import * as z from "zod/mini";
import type { Failure } from "../failure.ts";
import { askedDelay, pauseDelay } from "./backoff.ts";
import { readState, writeState } from "./schema.ts";

/**
 * How many tickets are worked on at once: the ticket system is someone's only one. The platform
 * lets no more than six calls wait for an answer.
 */
export const LANES = 6;
/** After it has closed they open one by one, so that what has piled up comes at a steady rate. */
const LANE_OPENS_MS = 5_000;
/** After so many tickets in a row with one failure, it is the ticket system's, not the ticket's. */
const TICKETS_UNTIL_OPEN = 3;

/**
 * The state of the circuit breaker of one ticket system. Times are milliseconds since 1970.
 *
 *     closed     every ticket that is due is tried
 *     open       until `until` no ticket is tried
 *     half-open  from then on one at a time is tried: an answer closes it, a failure opens it again
 */
const Circuit = z.object({
  /** Why it is open or half-open; null while it is closed. */
  failure: z.nullable(z.string()),
  /** 0 while it is closed. */
  until: z.int(),
  /** The failures in a row that keep it open, the one that opened it included. */
  failures: z.int(),
  /** How often it has opened. An attempt that began before the last time tells nothing of now. */
  openings: z.int(),
  closedAt: z.int(),
  /** While it is closed: the tickets that failed since one was answered, with their last failure. */
  failing: z._default(z.record(z.string(), z.string()), {}),
});
export type Circuit = Readonly<z.infer<typeof Circuit>>;

export const CLOSED: Circuit = {
  failure: null,
  until: 0,
  failures: 0,
  openings: 0,
  closedAt: 0,
  failing: {},
};

/** A try at a ticket, and when it ended. */
export interface Ended {
  readonly ticketId: string;
  /** `openings` of the circuit when the try began. */
  readonly openings: number;
  readonly now: number;
  /** 0 to 1: spreads what failed together. */
  readonly random: number;
}

/** How many tickets may be worked on now. */
export function lanes({ failure, until, closedAt }: Circuit, now: number): number {
  if (failure !== null) return now >= until ? 1 : 0;
  return Math.min(LANES, 1 + Math.floor(Math.max(0, now - closedAt) / LANE_OPENS_MS));
}

/** The circuit after the ticket system answered. */
export function succeed(circuit: Circuit, { openings, now }: Pick<Ended, "openings" | "now">) {
  if (openings !== circuit.openings) return circuit;
  if (circuit.failure !== null) return { ...CLOSED, openings, closedAt: now };
  return Object.keys(circuit.failing).length === 0 ? circuit : { ...circuit, failing: {} };
}

/** The circuit after a try failed. */
export function fail(circuit: Circuit, failure: Failure, ended: Ended): Circuit {
  if (failure.opensBreaker === null) return circuit;
  return circuit.failure === null
    ? failClosed(circuit, failure, ended)
    : failOpen(circuit, failure, ended);
}

function failClosed(circuit: Circuit, failure: Failure, { ticketId, now, random }: Ended): Circuit {
  const failing = { ...circuit.failing, [ticketId]: failure.code };
  const alike = Object.values(failing).filter((code) => code === failure.code);
  if (failure.opensBreaker === "in_a_row" && alike.length < TICKETS_UNTIL_OPEN) {
    return { ...circuit, failing };
  }
  return {
    ...CLOSED,
    failure: failure.code,
    until: now + pauseDelay(failure, 1, random),
    failures: 1,
    openings: circuit.openings + 1,
  };
}

function failOpen(circuit: Circuit, failure: Failure, { openings, now, random }: Ended): Circuit {
  // It began while the circuit was closed, so it is no further failure; its Retry-After counts.
  if (openings !== circuit.openings) {
    return { ...circuit, until: Math.max(circuit.until, now + askedDelay(failure)) };
  }
  const failures = circuit.failures + 1;
  const until = Math.max(circuit.until, now + pauseDelay(failure, failures, random));
  return { ...circuit, failure: failure.code, failures, until };
}

/** The circuit after the clock was set back. */
export function shift(circuit: Circuit, byMs: number): Circuit {
  const until = circuit.failure === null ? 0 : circuit.until + byMs;
  return { ...circuit, until, closedAt: circuit.closedAt + byMs };
}

/** A change of the circuit, written inside a transaction. */
export interface Change<Decision> {
  readonly decision: Decision;
  /** Shows it to everyone; to be called after the commit. */
  readonly showCircuit: () => void;
}

/** Keeps the circuit of a ledger, on the disk and in memory. */
export interface CircuitBreaker {
  /** As it was committed last. */
  readonly circuit: Circuit;
  /**
   * Changes it inside the transaction of the caller. It is read from the disk, where it is as
   * earlier writes of the same transaction left it.
   */
  change<Decision extends { readonly circuit: Circuit }>(
    decide: (circuit: Circuit) => Decision,
  ): Change<Decision>;
}

const KEY = "circuit";

export function openCircuitBreaker(sql: SqlStorage): CircuitBreaker {
  const read = (): Circuit => readState(sql, KEY, Circuit) ?? CLOSED;
  let committed = read();
  return {
    get circuit() {
      return committed;
    },

    change(decide) {
      const before = read();
      const decision = decide(before);
      const { circuit } = decision;
      if (circuit !== before) writeState(sql, KEY, circuit);
      return {
        decision,
        showCircuit() {
          committed = circuit;
        },
      };
    },
  };
}
