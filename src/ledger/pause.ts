import * as z from "zod/mini";
import type { Failure } from "../errors.ts";
import { askedDelay, pauseDelay } from "./backoff.ts";
import { readState, writeState } from "./schema.ts";

/**
 * How many tickets are worked on at once: the ticket system is someone's only one. The platform
 * lets no more than six calls wait for an answer.
 */
export const LANES = 6;
/** After a pause they open one by one, so that what has piled up comes at a steady rate. */
const LANE_OPENS_MS = 5_000;
/** After so many tickets in a row without an answer, the ticket system is down, not the ticket. */
const TICKETS_UNTIL_DOWN = 3;

/** A ticket that failed, and the pause period in which it was taken. */
export interface Strike {
  readonly ticketId: string;
  readonly period: number;
  readonly now: number;
  readonly random: number;
}

/** Whether the ticket system of a ledger is left alone for a while, and why. Survives a restart. */
export interface Pause {
  /** Milliseconds since 1970; 0 while there is no pause. */
  readonly until: number;
  /** What led to the pause; null while there is none. */
  readonly failure: string | null;
  /** Another number since each beginning of a pause: what was taken before tells nothing of it. */
  readonly period: number;
  /** How many tickets may be worked on now; during a pause one at a time, to probe. */
  lanes(now: number): number;
  /** The ticket system answered; true when that ends a pause. */
  end(period: number, now: number): boolean;
  /** A ticket failed; true when that begins a pause. */
  strike(failure: Failure, strike: Strike): boolean;
  /** The clock was set back. */
  shift(byMs: number): void;
}

const State = z.object({
  strikes: z.int(),
  until: z.int(),
  failure: z.nullable(z.string()),
  /** When the last pause ended. */
  endedAt: z._default(z.int(), 0),
});
type State = z.infer<typeof State>;
const NONE: State = { strikes: 0, until: 0, failure: null, endedAt: 0 };

/** Reads the pause of a ledger; every change of it is written at once. */
export function openPause(sql: SqlStorage): Pause {
  let state = readState(sql, "pause", State) ?? NONE;
  let period = 0;
  /** The tickets which got no answer since there was one. */
  const unanswered = new Set<string>();
  const write = (next: State) => {
    state = next;
    writeState(sql, "pause", state);
  };
  return {
    get until() {
      return state.until;
    },

    get failure() {
      return state.failure;
    },

    get period() {
      return period;
    },

    lanes(now) {
      if (state.failure !== null) return now >= state.until ? 1 : 0;
      const opened = 1 + Math.floor(Math.max(0, now - state.endedAt) / LANE_OPENS_MS);
      return Math.min(LANES, opened);
    },

    end(since, now) {
      if (since !== period) return false;
      unanswered.clear();
      if (state.failure === null) return false;
      write({ ...NONE, endedAt: now });
      return true;
    },

    strike(failure, { ticketId, period: since, now, random }) {
      if (failure.pause === null) return false;
      if (state.failure !== null) {
        const isProbe = since === period;
        const strikes = state.strikes + Number(isProbe);
        const delay = isProbe ? pauseDelay(failure, strikes, random) : askedDelay(failure);
        const until = Math.max(state.until, now + delay);
        write({ ...state, strikes, until, ...(isProbe && { failure: failure.code }) });
        return false;
      }
      unanswered.add(ticketId);
      if (failure.pause === "in_a_row" && unanswered.size < TICKETS_UNTIL_DOWN) return false;
      period++;
      write({
        strikes: 1,
        until: now + pauseDelay(failure, 1, random),
        failure: failure.code,
        endedAt: 0,
      });
      return true;
    },

    shift(byMs) {
      if (state !== NONE) write({ ...state, until: state.until + byMs });
    },
  };
}
