import type { Failure } from "../failure.ts";

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** The first delay after a failure; each further one is twice as long, up to `MAX_DELAY_MS`. */
const FIRST_DELAY_MS = SECOND_MS;
const MAX_DELAY_MS = HOUR_MS;
/** A ticket system that answers again should soon be noticed; one call a minute harms nobody. */
const MAX_PAUSE_MS = 60 * SECOND_MS;
/** A ticket system may ask for more patience than this, and does not get it. */
const MAX_RETRY_AFTER_MS = HOUR_MS;
/** A ticket is tried for this long: over a weekend, so that nobody comes back to lost comments. */
const GIVE_UP_AFTER_MS = 72 * HOUR_MS;
/** A token or a setting that is wrong is not the tickets' fault: they wait until it is mended. */
export const GIVE_UP_MENDING_AFTER_MS = 30 * 24 * HOUR_MS;
/** A ticket system may tell of a ticket before it shows it: for so long that is waited for. */
export const SHOWN_AFTER_MS = 600 * SECOND_MS;
const MAX_BRIEF_DELAY_MS = 60 * SECOND_MS;
/** A bug does not mend itself: it is tried a few times, and then shown to a person. */
const MAX_UNEXPECTED_ATTEMPTS = 6;
/** Nor does a ticket under which the process ends. */
const MAX_CRASHES = 5;

/** What the delay depends on. */
interface Tries {
  /** How often the ticket was tried, this time included. */
  readonly attempts: number;
  /** Since the job was accepted. */
  readonly ageMs: number;
  /** The ticket system told of the ticket within `SHOWN_AFTER_MS`. */
  readonly isNew: boolean;
  /** The circuit is open: the trouble is the ticket system's, whatever it says of a ticket. */
  readonly isOpen: boolean;
  /** 0 to 1: spreads tickets which failed together. */
  readonly random: number;
}

type Trouble = Pick<Failure, "code" | "retry" | "opensBreaker" | "retryAfterMs">;

/**
 * When to try a ticket again.
 *
 * @returns Milliseconds from now; null when the ticket has failed for good.
 */
export function retryDelay(failure: Trouble, tries: Tries): number | null {
  const { attempts, ageMs, random, isNew, isOpen } = tries;
  if (!failure.retry) return null;
  if (failure.code === "unexpected" && attempts >= MAX_UNEXPECTED_ATTEMPTS) return null;
  const isBrief = failure.retry === "briefly";
  if (isBrief && !isOpen) return isNew ? growing(attempts, MAX_BRIEF_DELAY_MS, random) : null;
  const isMended = isBrief || failure.opensBreaker === "at_once";
  if (ageMs >= (isMended ? GIVE_UP_MENDING_AFTER_MS : GIVE_UP_AFTER_MS)) return null;
  return Math.max(growing(attempts, MAX_DELAY_MS, random), askedDelay(failure));
}

/** How long a whole ticket system is left alone after so many failures in a row. */
export function pauseDelay(failure: Trouble, strikes: number, random: number): number {
  return Math.max(growing(strikes, MAX_PAUSE_MS, random), askedDelay(failure));
}

/** How long a ticket rests under which the process ended; null when it did so too often. */
export function crashDelay(crashes: number, random: number): number | null {
  return crashes >= MAX_CRASHES ? null : growing(crashes, MAX_DELAY_MS, random);
}

/** How long the ticket system asked us to wait, as far as it gets it. */
export function askedDelay({ retryAfterMs }: Pick<Failure, "retryAfterMs">): number {
  return Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
}

function growing(count: number, most: number, random: number) {
  const full = Math.min(most, FIRST_DELAY_MS * 2 ** Math.min(count - 1, 30));
  return Math.round(full * (0.5 + random / 2));
}
