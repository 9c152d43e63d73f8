import * as z from "zod/mini";
import { type Failure, type FailureCode, isFailureCode } from "../failure.ts";
import { askedDelay, openDelay } from "./retry-policy.ts";
import { metaJson } from "./schema.ts";

/**
 * How many tickets are worked on at once. A ticket system is not to be flooded, and the platform
 * lets no more than six calls wait for an answer.
 */
export const MAX_CONCURRENCY = 6;
/** After it has closed, one more ticket at a time is allowed whenever so much time has passed. */
const RAMP_STEP_MS = 5_000;
/** After so many tickets in a row with one failure, it is the ticket system's, not the ticket's. */
const TICKETS_UNTIL_OPEN = 3;

const Code = z.custom<FailureCode>((value) => typeof value === "string" && isFailureCode(value));

/**
 * The state of the circuit breaker of one ticket system. Times are milliseconds since 1970.
 *
 *     closed     every ticket that is due is tried
 *     open       until `until` no ticket is tried
 *     half-open  from then on one at a time is tried: an answer closes it, a failure opens it again
 */
const Circuit = z.object({
  /** Why it is open or half-open; null while it is closed. */
  failure: z.nullable(z.catch(Code, "unexpected")),
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

/** An attempt that has ended. */
export interface Ended {
  readonly ticketId: string;
  /** `openings` of the circuit when the attempt began. */
  readonly openings: number;
  readonly now: number;
  /** 0 to 1: spreads what failed together. */
  readonly random: number;
}

/** How many tickets may be worked on at once now. */
export function concurrency({ failure, until, closedAt }: Circuit, now: number): number {
  if (failure !== null) return now >= until ? 1 : 0;
  const steps = Math.floor(Math.max(0, now - closedAt) / RAMP_STEP_MS);
  return Math.min(MAX_CONCURRENCY, 1 + steps);
}

/** When more tickets may be worked on at once, if only time passes; null: no more than now. */
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

function failClosed(circuit: Circuit, failure: Failure, { ticketId, now, random }: Ended): Circuit {
  const failing = { ...circuit.failing, [ticketId]: failure.code };
  const alike = Object.values(failing).filter((code) => code === failure.code);
  if (failure.opensBreaker === "in_a_row" && alike.length < TICKETS_UNTIL_OPEN) {
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
  // It began while the circuit was closed, so it is no further failure; its Retry-After counts.
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

/** Keeps the circuit of a ledger, on disk and in memory. */
export class CircuitBreaker {
  readonly #sql: SqlStorage;
  #circuit: Circuit;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#circuit = this.read();
  }

  /** As it was committed last. */
  get circuit(): Circuit {
    return this.#circuit;
  }

  /** As earlier writes of the transaction that is under way left it. */
  read(): Circuit {
    return stored.read(this.#sql) ?? CLOSED;
  }

  /**
   * Writes it inside the transaction of the caller.
   *
   * @returns What shows it to everyone; to be called after the commit.
   */
  write(circuit: Circuit): () => void {
    stored.write(this.#sql, circuit);
    return () => {
      this.#circuit = circuit;
    };
  }
}
