import { expect, test } from "vitest";
import type { Outcome } from "../../src/enrichment/enrich.ts";
import { Failure, type FailureCode } from "../../src/failure.ts";
import type { AttemptResult } from "../../src/ledger/attempt.ts";
import { type Circuit, CLOSED } from "../../src/ledger/circuit-breaker.ts";
import { type AttemptedTicket, type Decision, decide } from "../../src/ledger/decide.ts";

const NOW = 1_900_000_000_000;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// Tickets, as they were when their attempt began.

function announced(agoMs: number, fields: Partial<AttemptedTicket> = {}): AttemptedTicket {
  const at = NOW - agoMs;
  const ticket = { id: "T-3", earlierAttempts: 0, breakerTrips: 0, editOnly: false };
  return { ...ticket, queuedAt: at, announcedAt: at, ...fields };
}

const NEW = announced(MINUTE);
const OLD = announced(HOUR);
/** A person asked for it a minute ago; the ticket system announced it an hour ago. */
const BY_HAND = announced(HOUR, { queuedAt: NOW - MINUTE });
const NEVER_ANNOUNCED = announced(MINUTE, { announcedAt: null });
const TRIPPED = announced(HOUR, { breakerTrips: 1 });

// Circuits.

const NOT_FOUND: FailureCode = "ticket_system_not_found";
const UNAVAILABLE: FailureCode = "ticket_system_unavailable";
const failing = (one: FailureCode, two: FailureCode): Circuit => ({
  ...CLOSED,
  failing: { "T-1": one, "T-2": two },
});
const TWO_NOT_FOUND = failing(NOT_FOUND, NOT_FOUND);
const TWO_DOWN = failing(UNAVAILABLE, UNAVAILABLE);
const ONE_OF_EACH = failing(NOT_FOUND, UNAVAILABLE);
const SAME_TICKET: Circuit = { ...CLOSED, failing: { "T-2": NOT_FOUND, "T-3": NOT_FOUND } };
const OPEN: Circuit = { ...CLOSED, failure: UNAVAILABLE, until: NOW, failures: 4, openings: 1 };

// Results. Jitter takes nothing away: each delay is as long as it can be.

const ENDED = { endedAt: NOW, random: 1 };

function posted(circuitOpenings = 0): AttemptResult {
  return { kind: "enriched", outcome: OUTCOME, wasAnswered: true, circuitOpenings, ...ENDED };
}

const OUTCOME: Outcome = {
  outcome: "posted",
  commentId: "c-1",
  visibility: "internal",
  digest: "d",
  codes: ["0x80090029"],
  topics: [null],
  sources: [null],
  situation: null,
  unlisted: [],
  hasSteps: true,
  contactMicrosoft: false,
  catalogVersion: "v",
  locale: "en",
};
const UNASKED: AttemptResult = {
  ...posted(),
  kind: "enriched",
  outcome: OUTCOME,
  wasAnswered: false,
};

interface FailedOptions {
  circuitOpenings?: number;
  retryAfterMs?: number;
  outcomeUnknown?: boolean;
  receiverDeduplicates?: boolean;
}

function failed(code: FailureCode, options: FailedOptions = {}): AttemptResult {
  const { circuitOpenings = 0, receiverDeduplicates = false, ...about } = options;
  const failure = new Failure(code, "", about);
  return { kind: "failed", failure, receiverDeduplicates, circuitOpenings, ...ENDED };
}

// What is expected.

interface Expected {
  readonly next: Partial<Decision["next"]>;
  readonly breaker?: Decision["breaker"];
  readonly ticketsToRevise?: readonly string[];
  readonly circuit?: Partial<Circuit>;
}

const done = { kind: "done" } as const;
const retryIn = (ms: number) => ({ kind: "retry", dueAt: NOW + ms }) as const;
const final = { kind: "failed" } as const;
const opens = { breaker: "opened" } as const;

const rows: [
  why: string,
  ticket: AttemptedTicket,
  circuit: Circuit,
  result: AttemptResult,
  expected: Expected,
][] = [
  // An outcome.
  ["a comment was posted", NEW, CLOSED, posted(), { next: done }],
  [
    "an answer ends a series of failures",
    NEW,
    TWO_DOWN,
    posted(),
    { next: done, circuit: { failing: {} } },
  ],
  [
    "an attempt without a request does not change the circuit",
    NEW,
    TWO_DOWN,
    UNASKED,
    { next: done, circuit: TWO_DOWN },
  ],
  [
    "half-open: an answer closes the circuit",
    NEW,
    OPEN,
    posted(1),
    { next: done, breaker: "closed", circuit: { failure: null, closedAt: NOW, openings: 1 } },
  ],
  [
    "an attempt that began before the breaker opened does not close it",
    NEW,
    OPEN,
    posted(0),
    { next: done, circuit: OPEN },
  ],
  ["nothing was asked while it is open", NEW, OPEN, UNASKED, { next: done, circuit: OPEN }],

  // Failures of the ticket itself: final at once, and they do not count against the system.
  ["the system refuses the comment", NEW, CLOSED, failed("ticket_system_refused"), { next: final }],
  [
    "three refusals in a row do not open the breaker",
    NEW,
    failing("ticket_system_refused", "ticket_system_refused"),
    failed("ticket_system_refused"),
    { next: final },
  ],
  ["nobody can read the ticket", NEW, CLOSED, failed("ticket_unknown"), { next: final }],
  ["the id is none of this system", NEW, CLOSED, failed("ticket_id_invalid"), { next: final }],

  // Temporary failures.
  ["no answer", NEW, CLOSED, failed(UNAVAILABLE), { next: retryIn(SECOND) }],
  [
    "a missing answer counts against the system",
    NEW,
    CLOSED,
    failed(UNAVAILABLE),
    { next: { code: UNAVAILABLE }, circuit: { failure: null, failing: { "T-3": UNAVAILABLE } } },
  ],
  [
    "an answer of an unexpected form",
    NEW,
    CLOSED,
    failed("ticket_system_answer_invalid"),
    { next: retryIn(SECOND), circuit: CLOSED },
  ],
  [
    "the catalog cannot be read",
    NEW,
    CLOSED,
    failed("catalog_unavailable"),
    { next: retryIn(SECOND), circuit: CLOSED },
  ],
  [
    "a comment may still appear",
    NEW,
    CLOSED,
    failed("comment_awaited", { retryAfterMs: 40 * SECOND }),
    { next: retryIn(40 * SECOND), circuit: CLOSED },
  ],
  [
    "an unexpected error",
    NEW,
    CLOSED,
    failed("unexpected"),
    { next: retryIn(SECOND), circuit: CLOSED },
  ],
  [
    "three unexpected errors do not open the breaker",
    NEW,
    failing("unexpected", "unexpected"),
    failed("unexpected"),
    { next: retryIn(SECOND), circuit: { failure: null } },
  ],
  [
    "the second attempt waits twice as long",
    announced(MINUTE, { earlierAttempts: 1 }),
    CLOSED,
    failed(UNAVAILABLE),
    { next: retryIn(2 * SECOND) },
  ],
  [
    "the tenth attempt",
    announced(HOUR, { earlierAttempts: 9 }),
    CLOSED,
    failed(UNAVAILABLE),
    { next: retryIn(512 * SECOND) },
  ],
  [
    "delays grow up to an hour",
    announced(DAY, { earlierAttempts: 20 }),
    CLOSED,
    failed(UNAVAILABLE),
    { next: retryIn(HOUR) },
  ],
  [
    "the system asks for more time",
    NEW,
    CLOSED,
    failed(UNAVAILABLE, { retryAfterMs: 90 * SECOND }),
    { next: retryIn(90 * SECOND) },
  ],
  [
    "the system asks for a day",
    NEW,
    CLOSED,
    failed(UNAVAILABLE, { retryAfterMs: DAY }),
    { next: retryIn(HOUR) },
  ],

  // When a ticket fails for good.
  [
    "a little less than three days",
    announced(3 * DAY - 1),
    CLOSED,
    failed(UNAVAILABLE),
    { next: { kind: "retry" } },
  ],
  [
    "three days without an answer",
    announced(3 * DAY),
    CLOSED,
    failed(UNAVAILABLE),
    { next: final },
  ],
  [
    "no catalog for three days",
    announced(3 * DAY),
    CLOSED,
    failed("catalog_unavailable"),
    { next: final },
  ],
  [
    "no answer to a comment for three days",
    announced(3 * DAY),
    CLOSED,
    failed("comment_awaited"),
    { next: final },
  ],
  [
    "a refused token, a little less than a month",
    announced(30 * DAY - 1),
    CLOSED,
    failed("ticket_system_denied"),
    { next: { kind: "retry" }, ...opens },
  ],
  [
    "a refused token for a month",
    announced(30 * DAY),
    CLOSED,
    failed("ticket_system_denied"),
    { next: final, ...opens },
  ],
  [
    "an invalid setting, a little less than a month",
    announced(30 * DAY - 1),
    CLOSED,
    failed("settings_invalid"),
    { next: { kind: "retry" }, ...opens },
  ],
  [
    "an invalid setting for a month",
    announced(30 * DAY),
    CLOSED,
    failed("settings_invalid"),
    { next: final, ...opens },
  ],
  [
    "the fifth unexpected error",
    announced(MINUTE, { earlierAttempts: 4 }),
    CLOSED,
    failed("unexpected"),
    { next: { kind: "retry" } },
  ],
  [
    "the sixth unexpected error",
    announced(MINUTE, { earlierAttempts: 5 }),
    CLOSED,
    failed("unexpected"),
    { next: final },
  ],
  [
    "the limit of six attempts is for unexpected errors only",
    announced(MINUTE, { earlierAttempts: 5 }),
    CLOSED,
    failed(UNAVAILABLE),
    { next: { kind: "retry" } },
  ],

  // The circuit breaker opens.
  [
    "a refused token opens it at once",
    NEW,
    CLOSED,
    failed("ticket_system_denied"),
    {
      next: { kind: "retry", trippedBreaker: true },
      ...opens,
      circuit: { failure: "ticket_system_denied", until: NOW + SECOND, failures: 1, openings: 1 },
    },
  ],
  [
    "a rate limit opens it for the time of Retry-After",
    NEW,
    CLOSED,
    failed("ticket_system_busy", { retryAfterMs: 90 * SECOND }),
    { next: retryIn(90 * SECOND), ...opens, circuit: { until: NOW + 90 * SECOND } },
  ],
  [
    "an invalid setting opens it at once",
    NEW,
    CLOSED,
    failed("settings_invalid"),
    { next: { kind: "retry" }, ...opens },
  ],
  [
    "the third ticket in a row without an answer opens it",
    NEW,
    TWO_DOWN,
    failed(UNAVAILABLE),
    { next: { trippedBreaker: true }, ...opens, circuit: { failure: UNAVAILABLE, failing: {} } },
  ],
  [
    "earlier tickets without an answer are not revised, because they wait anyway",
    NEW,
    TWO_DOWN,
    failed(UNAVAILABLE),
    { next: { kind: "retry" }, ...opens, ticketsToRevise: [] },
  ],
  [
    "the second ticket without an answer does not open it",
    NEW,
    { ...CLOSED, failing: { "T-1": UNAVAILABLE } },
    failed(UNAVAILABLE),
    { next: { trippedBreaker: false }, circuit: { failure: null } },
  ],
  [
    "the same ticket again and again does not open it",
    NEW,
    { ...CLOSED, failing: { "T-1": UNAVAILABLE, "T-3": UNAVAILABLE } },
    failed(UNAVAILABLE),
    { next: { kind: "retry" }, circuit: { failure: null } },
  ],
  [
    "three failures of different kinds do not open it",
    NEW,
    ONE_OF_EACH,
    failed(UNAVAILABLE),
    { next: { kind: "retry" }, circuit: { failure: null } },
  ],

  // The circuit breaker is open or half-open.
  [
    "half-open: a failure opens it again",
    NEW,
    OPEN,
    failed(UNAVAILABLE, { circuitOpenings: 1 }),
    { next: { trippedBreaker: false }, circuit: { failures: 5, until: NOW + 16 * SECOND } },
  ],
  [
    "it stays open for a minute at most",
    NEW,
    { ...OPEN, failures: 30 },
    failed(UNAVAILABLE, { circuitOpenings: 1 }),
    { next: { kind: "retry" }, circuit: { until: NOW + MINUTE } },
  ],
  [
    "half-open: another failure opens it again, too",
    NEW,
    OPEN,
    failed("ticket_system_denied", { circuitOpenings: 1 }),
    { next: { kind: "retry" }, circuit: { failure: "ticket_system_denied", failures: 5 } },
  ],
  [
    "a failure of an attempt from before it opened does not count",
    NEW,
    OPEN,
    failed(UNAVAILABLE, { circuitOpenings: 0 }),
    { next: { kind: "retry" }, circuit: { failures: 4, until: NOW } },
  ],
  [
    "but the Retry-After of such an attempt counts",
    NEW,
    OPEN,
    failed("ticket_system_busy", { circuitOpenings: 0, retryAfterMs: 10 * MINUTE }),
    { next: { kind: "retry" }, circuit: { failures: 4, until: NOW + 10 * MINUTE } },
  ],
  [
    "a shorter Retry-After does not shorten the wait",
    NEW,
    { ...OPEN, until: NOW + HOUR },
    failed(UNAVAILABLE, { circuitOpenings: 1 }),
    { next: { kind: "retry" }, circuit: { until: NOW + HOUR } },
  ],
  [
    "half-open: a refused ticket does not change the circuit",
    NEW,
    OPEN,
    failed("ticket_system_refused", { circuitOpenings: 1 }),
    { next: final, circuit: OPEN },
  ],

  // The circuit breaker has closed again.
  [
    "an attempt from before it opened times out: no third failure in a row",
    NEW,
    { ...TWO_DOWN, openings: 1 },
    failed(UNAVAILABLE, { circuitOpenings: 0 }),
    { next: retryIn(SECOND), circuit: { ...TWO_DOWN, openings: 1 } },
  ],
  [
    "an attempt from before it opened meets a rate limit: it opens again",
    NEW,
    { ...CLOSED, openings: 1 },
    failed("ticket_system_busy", { circuitOpenings: 0, retryAfterMs: 90 * SECOND }),
    { next: { kind: "retry" }, ...opens, circuit: { until: NOW + 90 * SECOND, openings: 2 } },
  ],

  // Not found: the ticket is not visible yet, or is deleted, or the token may not see tickets.
  ["it may not be visible yet", NEW, CLOSED, failed(NOT_FOUND), { next: retryIn(SECOND) }],
  [
    "a new ticket is tried again after a minute at most",
    announced(9 * MINUTE, { earlierAttempts: 12 }),
    CLOSED,
    failed(NOT_FOUND),
    { next: retryIn(MINUTE) },
  ],
  [
    "after ten minutes it fails",
    announced(10 * MINUTE),
    CLOSED,
    failed(NOT_FOUND),
    { next: final },
  ],
  ["an old ticket is gone", OLD, CLOSED, failed(NOT_FOUND), { next: final }],
  ["a person asked for one that is gone", BY_HAND, CLOSED, failed(NOT_FOUND), { next: final }],
  ["a person may have mistyped", NEVER_ANNOUNCED, CLOSED, failed(NOT_FOUND), { next: final }],
  [
    "the third in a row opens the breaker and revises the two before it",
    NEW,
    TWO_NOT_FOUND,
    failed(NOT_FOUND),
    { next: { kind: "retry", trippedBreaker: true }, ...opens, ticketsToRevise: ["T-1", "T-2"] },
  ],
  [
    "the same, however old the ticket is",
    OLD,
    TWO_NOT_FOUND,
    failed(NOT_FOUND),
    { next: { kind: "retry" }, ...opens, ticketsToRevise: ["T-1", "T-2"] },
  ],
  [
    "only tickets with the same failure are revised",
    NEW,
    { ...CLOSED, failing: { ...TWO_NOT_FOUND.failing, "T-0": UNAVAILABLE } },
    failed(NOT_FOUND),
    { next: { kind: "retry" }, ...opens, ticketsToRevise: ["T-1", "T-2"] },
  ],
  [
    "one of the two earlier tickets again does not open it",
    NEW,
    SAME_TICKET,
    failed(NOT_FOUND),
    { next: { kind: "retry" }, circuit: { failure: null } },
  ],
  [
    "an earlier ticket with another failure does not count",
    NEW,
    ONE_OF_EACH,
    failed(NOT_FOUND),
    { next: { kind: "retry" }, circuit: { failure: null } },
  ],
  [
    "a ticket that a person asked for does not count against the system",
    BY_HAND,
    TWO_NOT_FOUND,
    failed(NOT_FOUND),
    { next: final, circuit: TWO_NOT_FOUND },
  ],
  [
    "a ticket that the system never announced does not count either",
    NEVER_ANNOUNCED,
    TWO_NOT_FOUND,
    failed(NOT_FOUND),
    { next: final, circuit: TWO_NOT_FOUND },
  ],
  [
    "a ticket that opened the breaker before fails for good",
    TRIPPED,
    TWO_NOT_FOUND,
    failed(NOT_FOUND),
    { next: final, circuit: TWO_NOT_FOUND },
  ],
  [
    "while the breaker is open no ticket fails for good",
    OLD,
    OPEN,
    failed(NOT_FOUND, { circuitOpenings: 1 }),
    { next: { kind: "retry" }, circuit: { failure: NOT_FOUND, failures: 5 } },
  ],
  [
    "neither does a ticket that a person asked for, and it does not count",
    BY_HAND,
    OPEN,
    failed(NOT_FOUND, { circuitOpenings: 1 }),
    { next: { kind: "retry" }, circuit: OPEN },
  ],
  [
    "half-open: a ticket that opened it counts like any other",
    TRIPPED,
    OPEN,
    failed(NOT_FOUND, { circuitOpenings: 1 }),
    { next: { kind: "retry" }, circuit: { failures: 5 } },
  ],
  [
    "no right to see tickets for a month",
    announced(30 * DAY),
    OPEN,
    failed(NOT_FOUND, { circuitOpenings: 1 }),
    { next: final },
  ],

  // Whether the comment may be on the ticket.
  [
    "a comment without an answer may appear within a minute",
    NEW,
    CLOSED,
    failed(UNAVAILABLE, { outcomeUnknown: true }),
    { next: { outcomeUnknownUntil: NOW + MINUTE } },
  ],
  [
    "no comment was sent",
    NEW,
    CLOSED,
    failed(UNAVAILABLE, { outcomeUnknown: false }),
    { next: { outcomeUnknownUntil: 0 } },
  ],
  [
    "a receiver that deduplicates may get it twice",
    NEW,
    CLOSED,
    failed(UNAVAILABLE, { outcomeUnknown: true, receiverDeduplicates: true }),
    { next: { outcomeUnknownUntil: 0 } },
  ],

  // Only an edit: the catalog has gained an entry for one of its codes.
  [
    "a comment that cannot be edited stays as it is",
    announced(HOUR, { editOnly: true }),
    CLOSED,
    failed("ticket_system_refused"),
    { next: { kind: "comment_kept", code: "ticket_system_refused" } },
  ],
  [
    "an edit is tried again like a post",
    announced(HOUR, { editOnly: true }),
    CLOSED,
    failed(UNAVAILABLE),
    { next: retryIn(SECOND) },
  ],
  [
    "three days without an answer to an edit",
    announced(3 * DAY, { editOnly: true }),
    CLOSED,
    failed(UNAVAILABLE),
    { next: { kind: "comment_kept" } },
  ],

  // Not an attempt.
  [
    "the platform allows no more requests",
    NEW,
    TWO_DOWN,
    failed("calls_spent"),
    { next: { kind: "untried" }, circuit: TWO_DOWN },
  ],
  [
    "the platform allows no more requests while the breaker is open",
    announced(30 * DAY),
    OPEN,
    failed("calls_spent", { circuitOpenings: 1 }),
    { next: { kind: "untried" }, circuit: OPEN },
  ],
  [
    "another attempt has taken over the ticket",
    NEW,
    TWO_DOWN,
    failed("lease_lost"),
    { next: { kind: "superseded" }, circuit: TWO_DOWN },
  ],
];

test.each(rows)("%s", (_, ticket, circuit, result, expected) => {
  const decision = decide(ticket, result, circuit);
  expect(decision).toMatchObject({ breaker: null, ticketsToRevise: [], ...expected });
});

test("the table covers every kind of decision", () => {
  const kinds = new Set(rows.map(([, ...row]) => decide(row[0], row[2], row[1]).next.kind));
  expect([...kinds].sort()).toEqual([
    "comment_kept",
    "done",
    "failed",
    "retry",
    "superseded",
    "untried",
  ]);
  expect(rows.length).toBeGreaterThanOrEqual(60);
});
