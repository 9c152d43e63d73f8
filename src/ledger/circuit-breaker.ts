import * as z from "zod/mini";
import { FAILURE_CODES, type Failure } from "../failure.ts";
import type { Written } from "./group-commit.ts";
import { metaJson } from "./meta.ts";
import { askedDelay, breakerOpenDelay } from "./retry-policy.ts";

/**
 * The highest number of tickets in work at once. It spares the ticket system, and Workers allow at
 * most six open connections that wait for a response.
 */
export const MAX_CONCURRENCY = 6;
/** After the circuit closes, concurrency grows by one each time this interval has passed. */
const RAMP_STEP_MS = 5_000;
/** When so many different tickets in a row have the same failure, the ticket system is the cause. */
const TICKETS_UNTIL_OPEN = 3;

/**
 * The state of the circuit breaker of one ticket system. Times are milliseconds since 1970.
 *
 *     closed     every due ticket is tried
 *     open       no ticket is tried until `until`
 *     half-open  after `until` one ticket at a time is tried: an answer closes the circuit, a
 *                failure makes it wait again, for longer
 *
 * It is stored as JSON, so released fields keep their names.
 */
const Circuit = z.object({
  /** Why it is open or half-open; null while it is closed. */
  failure: z.nullable(z.catch(z.enum(FAILURE_CODES), "unexpected")),
  /** When it becomes half-open; 0 while it is closed. */
  until: z.int(),
  /** Failures in a row since it opened, the one that opened it included; 0 while it is closed. */
  failures: z.int(),
  /**
   * How often it has gone from closed to open. An attempt that began with a lower number began
   * before the last opening, so its result is outdated: an answer does not close the circuit, and a
   * failure does not count as a further one.
   */
  openings: z.int(),
  /** When it last closed: from then on concurrency grows. 0 while it is open, or if it never was. */
  closedAt: z.int(),
  /**
   * While it is closed: the tickets that failed since the last answer. Ids, and the code of the
   * last failure of each.
   */
  failing: z._default(z.record(z.string(), z.string()), {}),
});
export type Circuit = Readonly<z.infer<typeof Circuit>>;

/** A circuit that never opened. */
export const CLOSED: Circuit = {
  failure: null,
  until: 0,
  failures: 0,
  openings: 0,
  closedAt: 0,
  failing: {},
};

/** The end of an attempt. */
export interface AttemptEnd {
  readonly ticketId: string;
  /** `openings` of the circuit when the attempt began. */
  readonly openings: number;
  readonly now: number;
  /** 0 to 1: spreads the retries of tickets that failed together. */
  readonly random: number;
}

/**
 * How many tickets may be in work at once now: none while the circuit is open, one while it is
 * half-open and when it closes, and one more after each `RAMP_STEP_MS`. A circuit that never opened
 * allows `MAX_CONCURRENCY`.
 */
export function concurrency({ failure, until, closedAt }: Circuit, now: number): number {
  if (failure !== null) return now >= until ? 1 : 0;
  const steps = Math.floor(Math.max(0, now - closedAt) / RAMP_STEP_MS);
  return Math.min(MAX_CONCURRENCY, 1 + steps);
}

/**
 * When {@link concurrency} next rises by itself: when an open circuit becomes half-open, or at the
 * next step after it closed. Null when only the result of an attempt can change it.
 */
export function concurrencyGrowsAt(
  { failure, until, closedAt }: Circuit,
  now: number,
): number | null {
  if (failure !== null) return now < until ? until : null;
  const steps = Math.floor(Math.max(0, now - closedAt) / RAMP_STEP_MS) + 1;
  return steps < MAX_CONCURRENCY ? closedAt + steps * RAMP_STEP_MS : null;
}

/** The circuit after the ticket system answered. */
export function afterAnswer(
  circuit: Circuit,
  { openings, now }: Pick<AttemptEnd, "openings" | "now">,
): Circuit {
  if (openings !== circuit.openings) return circuit;
  if (circuit.failure !== null) return { ...CLOSED, openings, closedAt: now };
  return Object.keys(circuit.failing).length === 0 ? circuit : { ...circuit, failing: {} };
}

/** The circuit after an attempt failed. */
export function afterFailure(circuit: Circuit, failure: Failure, end: AttemptEnd): Circuit {
  if (failure.opensBreaker === null) return circuit;
  return circuit.failure === null
    ? failedWhileClosed(circuit, failure, end)
    : failedWhileOpen(circuit, failure, end);
}

function failedWhileClosed(circuit: Circuit, failure: Failure, end: AttemptEnd): Circuit {
  const { ticketId, openings, now, random } = end;
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
    until: now + breakerOpenDelay(failure, 1, random),
    failures: 1,
    openings: circuit.openings + 1,
  };
}

function failedWhileOpen(circuit: Circuit, failure: Failure, end: AttemptEnd): Circuit {
  const { openings, now, random } = end;
  // The attempt began before the circuit opened, so it does not count as a further failure. Its
  // Retry-After still counts.
  if (openings !== circuit.openings) {
    return { ...circuit, until: Math.max(circuit.until, now + askedDelay(failure)) };
  }
  const failures = circuit.failures + 1;
  const until = Math.max(circuit.until, now + breakerOpenDelay(failure, failures, random));
  return { ...circuit, failure: failure.code, failures, until };
}

/** The circuit after the clock was set back by so many milliseconds. */
export function withClockSetBack(circuit: Circuit, backMs: number): Circuit {
  const until = circuit.failure === null ? 0 : circuit.until - backMs;
  return { ...circuit, until, closedAt: circuit.closedAt - backMs };
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

  /** Writes it in the caller's transaction. `circuit` changes after the commit. */
  write(circuit: Circuit): Required<Written<void>> {
    stored.write(this.#sql, circuit);
    return {
      result: undefined,
      afterCommit: () => {
        this.#circuit = circuit;
      },
    };
  }
}
