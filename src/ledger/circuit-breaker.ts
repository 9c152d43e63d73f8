import * as z from "zod/mini";
import { type Failure, type FailureCode, isFailureCode } from "../failure.ts";
import { askedDelay, openDelay } from "./retry-policy.ts";
import { metaJson } from "./schema.ts";

/**
 * The highest number of tickets in work at once. It spares the ticket system, and Workers allow at
 * most six open connections that wait for a response.
 */
export const MAX_CONCURRENCY = 6;
/** After the circuit closes, concurrency grows by one each time this interval has passed. */
const RAMP_STEP_MS = 5_000;
/** After so many tickets in a row with the same failure, the ticket system is the cause. */
const TICKETS_UNTIL_OPEN = 3;

const Code = z.custom<FailureCode>((value) => typeof value === "string" && isFailureCode(value));

/**
 * The state of the circuit breaker of one ticket system. Times are milliseconds since 1970.
 *
 *     closed     every due ticket is tried
 *     open       no ticket is tried until `until`
 *     half-open  after `until` one ticket at a time is tried: an answer closes the circuit, a
 *                failure opens it again
 */
const Circuit = z.object({
  /** Why it is open or half-open; null while it is closed. */
  failure: z.nullable(z.catch(Code, "unexpected")),
  /** 0 while it is closed. */
  until: z.int(),
  /** Failures in a row since it opened, the one that opened it included. */
  failures: z.int(),
  /**
   * How often it has opened while it was closed. An attempt that began with a lower count began
   * before the last opening, so its result is outdated: an answer does not close the circuit, and a
   * failure does not count as a further one.
   */
  openings: z.int(),
  closedAt: z.int(),
  /**
   * While it is closed: tickets that failed since the last answer, with the code of their failure.
   */
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

/** The end of an attempt. */
export interface Ended {
  readonly ticketId: string;
  /** `openings` of the circuit when the attempt began. */
  readonly openings: number;
  readonly now: number;
  /** 0 to 1: spreads the retries of tickets that failed together. */
  readonly random: number;
}

/** How many tickets may be in work at once now. */
export function concurrency({ failure, until, closedAt }: Circuit, now: number): number {
  if (failure !== null) return now >= until ? 1 : 0;
  const steps = Math.floor(Math.max(0, now - closedAt) / RAMP_STEP_MS);
  return Math.min(MAX_CONCURRENCY, 1 + steps);
}

/** When `concurrency` will rise next with time alone; null when it will not. */
export function growsAt({ failure, until, closedAt }: Circuit, now: number): number | null {
  if (failure !== null) return now < until ? until : null;
  const steps = Math.floor(Math.max(0, now - closedAt) / RAMP_STEP_MS) + 1;
  return steps < MAX_CONCURRENCY ? closedAt + steps * RAMP_STEP_MS : null;
}

/** The circuit after the ticket system answered. */
export function afterAnswer(
  circuit: Circuit,
  { openings, now }: Pick<Ended, "openings" | "now">,
): Circuit {
  if (openings !== circuit.openings) return circuit;
  if (circuit.failure !== null) return { ...CLOSED, openings, closedAt: now };
  return Object.keys(circuit.failing).length === 0 ? circuit : { ...circuit, failing: {} };
}

/** The circuit after an attempt failed. */
export function afterFailure(circuit: Circuit, failure: Failure, ended: Ended): Circuit {
  if (failure.opensBreaker === null) return circuit;
  return circuit.failure === null
    ? failClosed(circuit, failure, ended)
    : failOpen(circuit, failure, ended);
}

function failClosed(circuit: Circuit, failure: Failure, ended: Ended): Circuit {
  const { ticketId, openings, now, random } = ended;
  // The ticket system has answered since the attempt began, so the failure is not one in a row. One
  // that opens the circuit at once still does: it may carry a Retry-After.
  if (failure.opensBreaker === "in_a_row" && openings !== circuit.openings) return circuit;
  const failing = { ...circuit.failing, [ticketId]: failure.code };
  const sameFailure = Object.values(failing).filter((code) => code === failure.code);
  if (failure.opensBreaker === "in_a_row" && sameFailure.length < TICKETS_UNTIL_OPEN) {
    return { ...circuit, failing };
  }
  return {
    ...CLOSED,
    failure: failure.code,
    until: now + openDelay(failure, 1, random),
    failures: 1,
    openings: circuit.openings + 1,
  };
}

function failOpen(circuit: Circuit, failure: Failure, { openings, now, random }: Ended): Circuit {
  // The attempt began before the circuit opened, so it does not count as a further failure. Its
  // Retry-After still counts.
  if (openings !== circuit.openings) {
    return { ...circuit, until: Math.max(circuit.until, now + askedDelay(failure)) };
  }
  const failures = circuit.failures + 1;
  const until = Math.max(circuit.until, now + openDelay(failure, failures, random));
  return { ...circuit, failure: failure.code, failures, until };
}

/** The circuit after the clock was set back. */
export function shifted(circuit: Circuit, byMs: number): Circuit {
  const until = circuit.failure === null ? 0 : circuit.until + byMs;
  return { ...circuit, until, closedAt: circuit.closedAt + byMs };
}

const stored = metaJson("circuit", Circuit);

/** Stores the circuit of a ledger, on disk and in memory. */
export class CircuitBreaker {
  readonly #sql: SqlStorage;
  #circuit: Circuit;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#circuit = this.read();
  }

  /** The last committed state. */
  get circuit(): Circuit {
    return this.#circuit;
  }

  /** Reads it from disk, with earlier writes of the current transaction. */
  read(): Circuit {
    return stored.read(this.#sql) ?? CLOSED;
  }

  /**
   * Writes it in the caller's transaction.
   *
   * @returns A function to call after the commit: it updates `circuit`.
   */
  write(circuit: Circuit): () => void {
    stored.write(this.#sql, circuit);
    return () => {
      this.#circuit = circuit;
    };
  }
}
