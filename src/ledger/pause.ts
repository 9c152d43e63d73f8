import * as z from "zod";
import type { Failure } from "../errors.ts";
import { pauseDelay } from "./backoff.ts";
import { readMeta, writeMeta } from "./schema.ts";

/** After so many tickets in a row without an answer, the ticket system is down, not the ticket. */
const TICKETS_UNTIL_DOWN = 3;

/** Whether the ticket system of a ledger is left alone for a while, and why. Survives a restart. */
export interface Pause {
  /** Milliseconds since 1970; 0 while there is no pause. */
  readonly until: number;
  /** What led to the pause; null while there is none. */
  readonly failure: string | null;
  /** Whether a ticket may be tried now; after a pause only one at a time, to probe. */
  allows(now: number, inFlight: number): boolean;
  /** The ticket system answered. */
  end(): void;
  /** A ticket failed; true when the whole ticket system waits now. */
  strike(failure: Failure, ticketId: string, now: number, random: number): boolean;
}

const State = z.object({
  /** The tickets which got no answer since there was one. */
  unanswered: z.array(z.string()).default([]),
  strikes: z.int(),
  until: z.int(),
  failure: z.string().nullable(),
});
const NONE: z.infer<typeof State> = { unanswered: [], strikes: 0, until: 0, failure: null };

/** Reads the pause of a ledger; every change is written at once. */
export function openPause(sql: SqlStorage): Pause {
  const stored = readMeta(sql, "pause");
  let state = stored === null ? NONE : State.parse(JSON.parse(stored));
  const write = (next: typeof state) => {
    state = next;
    writeMeta(sql, "pause", JSON.stringify(state));
  };
  return {
    get until() {
      return state.until;
    },

    get failure() {
      return state.failure;
    },

    allows(now, inFlight) {
      return state.failure === null || (now >= state.until && inFlight === 0);
    },

    end() {
      if (state !== NONE) write(NONE);
    },

    strike(failure, ticketId, now, random) {
      if (failure.pause === null) return false;
      const unanswered = [...new Set([...state.unanswered, ticketId])].slice(-TICKETS_UNTIL_DOWN);
      const down = state.failure !== null || unanswered.length === TICKETS_UNTIL_DOWN;
      if (failure.pause === "in_a_row" && !down) {
        write({ ...state, unanswered });
        return false;
      }
      const strikes = state.strikes + 1;
      const until = now + pauseDelay(failure, strikes, random);
      write({ unanswered, strikes, until, failure: failure.code });
      return true;
    },
  };
}
