import type { Failure } from "../failure.ts";

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** The first delay after a failure; each further one is twice as long, up to `MAX_DELAY_MS`. */
const FIRST_DELAY_MS = SECOND_MS;
const MAX_DELAY_MS = HOUR_MS;
/** A ticket system that answers again should soon be noticed; one call a minute harms nobody. */
const MAX_OPEN_DELAY_MS = 60 * SECOND_MS;
/** The longest `Retry-After` that is honoured. */
const MAX_RETRY_AFTER_MS = HOUR_MS;
/** How long a ticket is tried: longer than a weekend, so that nobody comes back to lost comments. */
const GIVE_UP_AFTER_MS = 72 * HOUR_MS;
/** A wrong token or setting is not the ticket's fault: it waits until a person corrects it. */
export const GIVE_UP_CORRECTABLE_AFTER_MS = 30 * 24 * HOUR_MS;
/** A ticket system may tell of a ticket before its API shows it: how long that is waited for. */
export const VISIBLE_AFTER_MS = 600 * SECOND_MS;
const MAX_BRIEF_DELAY_MS = 60 * SECOND_MS;
/** An error of ours does not correct itself: after so many attempts a person has to see it. */
const MAX_UNEXPECTED_ATTEMPTS = 6;
/** The same for a ticket under which the process ends. */
const MAX_CRASHES = 5;

/** What the delay depends on, besides the failure. */
interface Attempted {
  /** How often the ticket was tried, this time included. */
  readonly attempts: number;
  /** Since the job was accepted. */
  readonly ageMs: number;
  /** The ticket system told of the ticket within `VISIBLE_AFTER_MS`. */
  readonly isNew: boolean;
  /** The circuit breaker is open: the failure is the ticket system's, whatever it says of a ticket. */
  readonly isOpen: boolean;
  /** 0 to 1: spreads tickets that failed together. */
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
  if (failure.code === "unexpected" && attempts >= MAX_UNEXPECTED_ATTEMPTS) return null;
  const isBrief = failure.retry === "briefly";
  if (isBrief && !isOpen) return isNew ? growing(attempts, MAX_BRIEF_DELAY_MS, random) : null;
  const isCorrectable = isBrief || failure.opensBreaker === "at_once";
  const giveUpAfterMs = isCorrectable ? GIVE_UP_CORRECTABLE_AFTER_MS : GIVE_UP_AFTER_MS;
  if (ageMs >= giveUpAfterMs) return null;
  return Math.max(growing(attempts, MAX_DELAY_MS, random), askedDelay(failure));
}

/** How long the circuit breaker stays open after so many failures in a row. */
export function openDelay(failure: Cause, failures: number, random: number): number {
  return Math.max(growing(failures, MAX_OPEN_DELAY_MS, random), askedDelay(failure));
}

/** How long a ticket rests under which the process ended; null when it did so too often. */
export function crashDelay(crashes: number, random: number): number | null {
  return crashes >= MAX_CRASHES ? null : growing(crashes, MAX_DELAY_MS, random);
}

/** How long the ticket system asked us to wait, within limits. */
export function askedDelay({ retryAfterMs }: Pick<Failure, "retryAfterMs">): number {
  return Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
}

function growing(count: number, most: number, random: number) {
  const full = Math.min(most, FIRST_DELAY_MS * 2 ** Math.min(count - 1, 30));
  return Math.round(full * (0.5 + random / 2));
}
