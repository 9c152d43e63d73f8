import type { Failure, FailureCode } from "../failure.ts";

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** The first delay after a failure. Each further one is twice as long, up to `MAX_DELAY_MS`. */
const FIRST_DELAY_MS = SECOND_MS;
const MAX_DELAY_MS = HOUR_MS;
/** Short, to notice soon that a ticket system answers again; one request a minute does no harm. */
const MAX_OPEN_DELAY_MS = 60 * SECOND_MS;
/** The longest `Retry-After` that is honoured. */
const MAX_RETRY_AFTER_MS = HOUR_MS;
/**
 * How long a ticket is tried: longer than a weekend, so that an outage on Friday loses no comment.
 */
const GIVE_UP_AFTER_MS = 72 * HOUR_MS;
/** The same for a wrong token or setting, which a person has to correct. */
export const GIVE_UP_CORRECTABLE_AFTER_MS = 30 * 24 * HOUR_MS;
/** How long after its announcement a ticket may be missing in the API of the ticket system. */
export const VISIBLE_AFTER_MS = 600 * SECOND_MS;
/** The longest delay while a new ticket is missing. */
const MAX_BRIEF_DELAY_MS = 60 * SECOND_MS;
/**
 * After so many attempts the ticket is given up: a bug does not correct itself, and a picture may
 * be gone for good.
 */
const MAX_ATTEMPTS: Partial<Readonly<Record<FailureCode, number>>> = {
  unexpected: 6,
  picture_unread: 6,
};
/** After so many crashes of the process during an attempt, the ticket fails. */
const MAX_CRASHES = 5;

/** What the delay depends on besides the failure. */
interface Attempted {
  /** The number of attempts, this one included. */
  readonly attempts: number;
  /** Time since the job was accepted. */
  readonly ageMs: number;
  /** The ticket system announced the ticket less than `VISIBLE_AFTER_MS` ago. */
  readonly isNew: boolean;
  /** The circuit breaker is open, so the ticket system is the cause of any failure. */
  readonly isOpen: boolean;
  /** 0 to 1: spreads the retries of tickets that failed together. */
  readonly random: number;
}

type Cause = Pick<Failure, "code" | "retry" | "opensBreaker" | "retryAfterMs">;

/**
 * When to try a ticket again after a failure.
 *
 * @returns Milliseconds from now; null when the ticket has failed for good.
 */
export function retryDelay(failure: Cause, attempted: Attempted): number | null {
  const { attempts, ageMs, random, isNew, isOpen } = attempted;
  if (!failure.retry) return null;
  if (attempts >= (MAX_ATTEMPTS[failure.code] ?? Number.POSITIVE_INFINITY)) return null;
  const isBrief = failure.retry === "briefly";
  if (isBrief && !isOpen && !isNew) return null;
  const isCorrectable = isBrief || failure.opensBreaker === "at_once";
  const giveUpAfterMs = isCorrectable ? GIVE_UP_CORRECTABLE_AFTER_MS : GIVE_UP_AFTER_MS;
  if (ageMs >= giveUpAfterMs) return null;
  const maxMs = isBrief && !isOpen ? MAX_BRIEF_DELAY_MS : MAX_DELAY_MS;
  return Math.max(backoff(attempts, maxMs, random), askedDelay(failure));
}

/** How long the circuit breaker stays open after so many failures in a row, in milliseconds. */
export function openDelay(failure: Cause, failures: number, random: number): number {
  return Math.max(backoff(failures, MAX_OPEN_DELAY_MS, random), askedDelay(failure));
}

/** The delay in milliseconds after the process crashed on a ticket; null after too many crashes. */
export function crashDelay(crashes: number, random: number): number | null {
  return crashes >= MAX_CRASHES ? null : backoff(crashes, MAX_DELAY_MS, random);
}

/** The delay that the ticket system asked for, in milliseconds, at most `MAX_RETRY_AFTER_MS`. */
export function askedDelay({ retryAfterMs }: Pick<Failure, "retryAfterMs">): number {
  return Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
}

/** Exponential backoff with jitter: half of the delay is random. */
function backoff(count: number, maxMs: number, random: number) {
  const full = Math.min(maxMs, FIRST_DELAY_MS * 2 ** Math.min(count - 1, 30));
  return Math.round(full * (0.5 + random / 2));
}
