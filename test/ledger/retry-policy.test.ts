import { expect, test } from "vitest";
import { Failure, type FailureCode } from "../../src/failure.ts";
import { breakerOpenDelay, crashDelay, retryDelay } from "../../src/ledger/retry-policy.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function delay(
  code: FailureCode,
  attemptNumber: number,
  ageMs = 0,
  random = 1,
  retryAfterMs?: number,
) {
  const failure = new Failure(code, "", { retryAfterMs });
  const context = { isRecentlyAnnounced: false, isBreakerOpen: false };
  return retryDelay(failure, { attemptNumber, ageMs, random, ...context });
}

const growing: [attempts: number, ms: number][] = [
  [1, 1_000],
  [2, 2_000],
  [3, 4_000],
  [10, 512_000],
  [12, 2_048_000],
  [13, HOUR],
  [1_000_000, HOUR],
];

test.each(growing)(
  "after attempt %i the ticket waits %i ms, minus up to half as jitter",
  (attempts, ms) => {
    expect(delay("ticket_system_unavailable", attempts)).toBe(ms);
    expect(delay("ticket_system_unavailable", attempts, 0, 0)).toBe(ms / 2);
    expect(delay("ticket_system_unavailable", attempts, 0, 0.5)).toBe(ms * 0.75);
  },
);

const asked: [retryAfterMs: number, ms: number, why: string][] = [
  [0, 1_000, "zero: our own delay counts"],
  [500, 1_000, "shorter than our own delay"],
  [90_000, 90_000, "longer than our own delay"],
  [HOUR, HOUR, "the limit"],
  [HOUR + 1, HOUR, "above the limit"],
  [Number.MAX_VALUE, HOUR, "far above the limit"],
];

test.each(asked)(
  "with a Retry-After of %i ms, ticket and circuit breaker wait %i ms: %s",
  (retryAfterMs, ms) => {
    expect(delay("ticket_system_busy", 1, 0, 1, retryAfterMs)).toBe(ms);
    const failure = new Failure("ticket_system_busy", "", { retryAfterMs });
    expect(breakerOpenDelay(failure, 1, 1)).toBe(ms);
  },
);

const ends: [code: FailureCode, attempts: number, ageMs: number, again: boolean, why: string][] = [
  ["ticket_system_refused", 1, 0, false, "it would be refused again"],
  ["ticket_unknown", 1, 0, false, "the ticket cannot be read"],
  ["ticket_system_unavailable", 500, 3 * DAY - 1, true, "three days are not over"],
  ["ticket_system_unavailable", 1, 3 * DAY, false, "three days are over"],
  ["ticket_system_answer_invalid", 1, 3 * DAY, false, "three days are over"],
  ["catalog_unavailable", 1, 3 * DAY, false, "three days are over"],
  ["ticket_system_denied", 500, 30 * DAY - 1, true, "a person can correct a token"],
  ["ticket_system_busy", 500, 30 * DAY - 1, true, "not the ticket's fault"],
  ["settings_invalid", 500, 30 * DAY - 1, true, "a person can correct a setting"],
  ["settings_invalid", 1, 30 * DAY, false, "a month is over"],
  ["unexpected", 5, 0, true, "up to five attempts"],
  ["unexpected", 6, 0, false, "a bug does not correct itself"],
  ["picture_unread", 5, 0, true, "up to five attempts"],
  ["picture_unread", 6, 0, false, "the picture may be gone"],
];

test.each(ends)(
  "%s at attempt %i after %i ms is tried again: %s: %s",
  (code, attempts, ageMs, again) => {
    expect(delay(code, attempts, ageMs) !== null).toBe(again);
  },
);

const missing: [
  circuit: "closed" | "open",
  ticket: "new" | "old",
  attempts: number,
  ageMs: number,
  ms: number | null,
  why: string,
][] = [
  ["closed", "new", 1, 0, 1_000, "it may become visible soon"],
  ["closed", "new", 6, 31_000, 32_000, "the delays double"],
  ["closed", "new", 7, 63_000, 60_000, "up to a minute"],
  ["closed", "new", 1_000, 599_999, 60_000, "however often it was tried"],
  ["closed", "old", 1, 0, null, "it should be visible by now"],
  ["closed", "old", 16, 603_000, null, "ten minutes are over"],
  ["open", "old", 1, 0, 1_000, "the ticket system is the cause"],
  ["open", "old", 12, 30 * DAY - 1, 2_048_000, "a person can restore the right to see tickets"],
  ["open", "old", 12, 30 * DAY, null, "a month is over"],
  ["open", "new", 7, 63_000, 64_000, "the ticket system is the cause"],
];

test.each(missing)(
  "while the circuit is %s, a %s ticket that is not found at attempt %i after %i ms waits %s ms: %s",
  (circuit, ticket, attemptNumber, ageMs, ms) => {
    const failure = new Failure("ticket_system_not_found", "");
    const context = {
      attemptNumber,
      ageMs,
      isRecentlyAnnounced: ticket === "new",
      isBreakerOpen: circuit === "open",
    };
    expect(retryDelay(failure, { ...context, random: 1 })).toBe(ms);
    const half = retryDelay(failure, { ...context, random: 0 });
    expect(half).toBe(ms === null ? null : ms / 2);
  },
);

test("a new ticket that is not found waits as long as Retry-After asks", () => {
  const failure = new Failure("ticket_system_not_found", "", { retryAfterMs: 120_000 });
  const context = { attemptNumber: 1, ageMs: 0, isRecentlyAnnounced: true, isBreakerOpen: false };
  expect(retryDelay(failure, { ...context, random: 1 })).toBe(120_000);
});

const openings: [failures: number, ms: number][] = [
  [1, 1_000],
  [2, 2_000],
  [6, 32_000],
  [7, 60_000],
  [1_000, 60_000],
];

test.each(openings)(
  "after failure %i in a row the circuit breaker stays open for %i ms",
  (failures, ms) => {
    const failure = new Failure("ticket_system_denied", "");
    expect(breakerOpenDelay(failure, failures, 1)).toBe(ms);
    expect(breakerOpenDelay(failure, failures, 0)).toBe(ms / 2);
  },
);

const crashes: [crashes: number, ms: number | null][] = [
  [1, 1_000],
  [2, 2_000],
  [4, 8_000],
  [5, null],
  [6, null],
];

test.each(crashes)("after %i crashes on a ticket it waits %s ms", (count, ms) => {
  expect(crashDelay(count, 1)).toBe(ms);
});
