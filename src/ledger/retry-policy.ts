import type { Failure, FailureCode } from "../failure.ts";

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** The delay after the first attempt. Each further one is twice as long, up to `MAX_BACKOFF_MS`. */
const FIRST_DELAY_MS = SECOND_MS;
const MAX_BACKOFF_MS = HOUR_MS;
/** The longest `Retry-After` that is honoured. */
const MAX_RETRY_AFTER_MS = HOUR_MS;
/**
 * The longest backoff of the circuit breaker. Short, to notice soon that a ticket system answers
 * again: one request a minute does no harm. A `Retry-After` may ask for more.
 */
const MAX_OPEN_BACKOFF_MS = 60 * SECOND_MS;

/**
 * How long a ticket is tried: longer than a weekend, so that an outage on Friday loses no comment.
 */
const GIVE_UP_AFTER_MS = 72 * HOUR_MS;
/**
 * The same for failures that last until a person acts: a wrong token or setting, a lost right, a
 * rate limit that is too low.
 */
export const LONG_GIVE_UP_AFTER_MS = 30 * 24 * HOUR_MS;
/**
 * From this attempt on the failure is final: a bug does not correct itself, and a picture may be
 * gone for good.
 */
const MAX_ATTEMPTS: Partial<Readonly<Record<FailureCode, number>>> = {
  unexpected: 6,
  picture_unread: 6,
};
/** A ticket is given up when the process has crashed so often in a row during its attempts. */
const MAX_CRASHES = 5;

/**
 * How long a ticket may be missing in the API after the ticket system announced it. Later a ticket
 * that is not found counts as deleted.
 */
export const MAY_BE_MISSING_MS = 600 * SECOND_MS;
/** The longest backoff while a ticket may be missing. A `Retry-After` may ask for more. */
const MAX_BACKOFF_WHILE_MISSING_MS = 60 * SECOND_MS;
/**
 * How long a comment may take to appear after its answer was lost: some ticket systems are slow.
 */
export const COMMENT_MAY_APPEAR_MS = 60 * SECOND_MS;

/** What the delay depends on besides the failure. */
interface RetryContext {
  /** 1 for the first attempt. */
  readonly attemptNumber: number;
  /** The time since the job was accepted. */
  readonly ageMs: number;
  /** The ticket system announced the ticket less than `MAY_BE_MISSING_MS` ago. */
  readonly isRecentlyAnnounced: boolean;
  /** The circuit breaker is open or half-open, so the ticket system is the cause of the failure. */
  readonly isBreakerOpen: boolean;
  /** 0 to 1: spreads the retries of tickets that failed together. */
  readonly random: number;
}

type Cause = Pick<Failure, "code" | "retry" | "opensBreaker" | "retryAfterMs">;

/**
 * When to try a ticket again after a failure.
 *
 * @returns Milliseconds from now; null when the ticket is given up.
 */
export function retryDelay(failure: Cause, context: RetryContext): number | null {
  const { attemptNumber, ageMs, isRecentlyAnnounced, isBreakerOpen, random } = context;
  if (!failure.retry) return null;
  if (attemptNumber >= (MAX_ATTEMPTS[failure.code] ?? Number.POSITIVE_INFINITY)) return null;
  if (ageMs >= giveUpAfter(failure)) return null;
  // The ticket system works and does not find the ticket: it is too new, or it was deleted.
  const isMissing = failure.retry === "briefly" && !isBreakerOpen;
  if (isMissing && !isRecentlyAnnounced) return null;
  const maxMs = isMissing ? MAX_BACKOFF_WHILE_MISSING_MS : MAX_BACKOFF_MS;
  return Math.max(backoff(attemptNumber, maxMs, random), askedDelay(failure));
}

function giveUpAfter({ retry, opensBreaker }: Cause) {
  const lastsUntilPersonActs = retry === "briefly" || opensBreaker === "at_once";
  return lastsUntilPersonActs ? LONG_GIVE_UP_AFTER_MS : GIVE_UP_AFTER_MS;
}

/**
 * How long the circuit breaker stays open, in milliseconds.
 *
 * @param failures Failures in a row since it opened, the one that opened it included.
 */
export function breakerOpenDelay(failure: Cause, failures: number, random: number): number {
  return Math.max(backoff(failures, MAX_OPEN_BACKOFF_MS, random), askedDelay(failure));
}

/**
 * When to try a ticket again after the process crashed during an attempt at it.
 *
 * @param crashes Crashes in a row, this one included.
 * @returns Milliseconds from now; null when the ticket is given up.
 */
export function crashDelay(crashes: number, random: number): number | null {
  return crashes >= MAX_CRASHES ? null : backoff(crashes, MAX_BACKOFF_MS, random);
}

/** The delay that the ticket system asked for, in milliseconds, at most `MAX_RETRY_AFTER_MS`. */
export function askedDelay({ retryAfterMs }: Pick<Failure, "retryAfterMs">): number {
  return Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
}

/** Exponential backoff with jitter: half of the delay is random. @param count 1 for the first. */
function backoff(count: number, maxMs: number, random: number) {
  const full = Math.min(maxMs, FIRST_DELAY_MS * 2 ** Math.min(count - 1, 30));
  return Math.round(full * (0.5 + random / 2));
}
