import { expect, test } from "vitest";
import type { Outcome } from "../../src/enrichment/enrich.ts";
import { Failure, type FailureCode } from "../../src/failure.ts";
import { type Circuit, CLOSED } from "../../src/ledger/circuit-breaker.ts";
import {
  type AttemptedTicket,
  type AttemptResult,
  type Decision,
  decide,
} from "../../src/ledger/decide.ts";

const NOW = 1_900_000_000_000;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// Tickets, as they were when their attempt began.

function told(agoMs: number, fields: Partial<AttemptedTicket> = {}): AttemptedTicket {
  const at = NOW - agoMs;
  const ticket = { id: "T-3", attempts: 0, breakerTrips: 0, editOnly: false };
  return { ...ticket, queuedAt: at, announcedAt: at, ...fields };
}

const NEW = told(MINUTE);
const OLD = told(HOUR);
/** A person asked for it a minute ago; the ticket system told of it an hour ago, or never. */
const BY_HAND = told(HOUR, { queuedAt: NOW - MINUTE });
const NEVER_TOLD = told(MINUTE, { announcedAt: null });
const TRIPPED = told(HOUR, { breakerTrips: 1 });

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

function posted(openings = 0): AttemptResult {
  return { kind: "enriched", outcome: OUTCOME, wasAnswered: true, openings, ...ENDED };
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
  openings?: number;
  retryAfterMs?: number;
  outcomeUnknown?: boolean;
  receiverDeduplicates?: boolean;
}

function failed(code: FailureCode, options: FailedOptions = {}): AttemptResult {
  const { openings = 0, receiverDeduplicates = false, ...about } = options;
  const failure = new Failure(code, "", about);
  return { kind: "failed", failure, receiverDeduplicates, openings, ...ENDED };
}

// What is expected.

interface Expected {
  readonly next: Partial<Decision["next"]>;
  readonly breaker?: Decision["breaker"];
  readonly alike?: readonly string[];
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
    "an answer ends a row of failures",
    NEW,
    TWO_DOWN,
    posted(),
    { next: done, circuit: { failing: {} } },
  ],
  [
    "a ticket that asked the system nothing proves nothing",
    NEW,
    TWO_DOWN,
    UNASKED,
    { next: done, circuit: TWO_DOWN },
  ],
  [
    "the probe is answered",
    NEW,
    OPEN,
    posted(1),
    { next: done, breaker: "closed", circuit: { failure: null, closedAt: NOW, openings: 1 } },
  ],
  [
    "an attempt that began before the breaker opened closes nothing",
    NEW,
    OPEN,
    posted(0),
    { next: done, circuit: OPEN },
  ],
  ["nothing was asked while it is open", NEW, OPEN, UNASKED, { next: done, circuit: OPEN }],

  // Failures of the ticket itself: final at once, and no evidence against the system.
  ["the system refuses the comment", NEW, CLOSED, failed("ticket_system_refused"), { next: final }],
  [
    "the third refusal in a row is still the tickets' own",
    NEW,
    failing("ticket_system_refused", "ticket_system_refused"),
    failed("ticket_system_refused"),
    { next: final },
  ],
  ["nobody can read the ticket", NEW, CLOSED, failed("ticket_unknown"), { next: final }],
  ["the id is none of this system", NEW, CLOSED, failed("ticket_id_invalid"), { next: final }],

  // Failures that pass.
  ["no answer", NEW, CLOSED, failed(UNAVAILABLE), { next: retryIn(SECOND) }],
  [
    "no answer is noted against the system",
    NEW,
    CLOSED,
    failed(UNAVAILABLE),
    { next: { code: UNAVAILABLE }, circuit: { failure: null, failing: { "T-3": UNAVAILABLE } } },
  ],
  [
    "an answer of another shape",
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
    "a comment may show up yet",
    NEW,
    CLOSED,
    failed("comment_awaited", { retryAfterMs: 40 * SECOND }),
    { next: retryIn(40 * SECOND), circuit: CLOSED },
  ],
  [
    "an error of our own",
    NEW,
    CLOSED,
    failed("unexpected"),
    { next: retryIn(SECOND), circuit: CLOSED },
  ],
  [
    "the third error of our own is no evidence either",
    NEW,
    failing("unexpected", "unexpected"),
    failed("unexpected"),
    { next: retryIn(SECOND), circuit: { failure: null } },
  ],
  [
    "the second attempt waits twice as long",
    told(MINUTE, { attempts: 1 }),
    CLOSED,
    failed(UNAVAILABLE),
    { next: retryIn(2 * SECOND) },
  ],
  [
    "the tenth attempt",
    told(HOUR, { attempts: 9 }),
    CLOSED,
    failed(UNAVAILABLE),
    { next: retryIn(512 * SECOND) },
  ],
  [
    "delays grow up to an hour",
    told(DAY, { attempts: 20 }),
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

  // When a ticket is given up.
  [
    "not yet three days",
    told(3 * DAY - 1),
    CLOSED,
    failed(UNAVAILABLE),
    { next: { kind: "retry" } },
  ],
  ["three days without an answer", told(3 * DAY), CLOSED, failed(UNAVAILABLE), { next: final }],
  [
    "three days without a catalog",
    told(3 * DAY),
    CLOSED,
    failed("catalog_unavailable"),
    { next: final },
  ],
  [
    "a comment is awaited for three days",
    told(3 * DAY),
    CLOSED,
    failed("comment_awaited"),
    { next: final },
  ],
  [
    "a token is corrected within a month",
    told(30 * DAY - 1),
    CLOSED,
    failed("ticket_system_denied"),
    { next: { kind: "retry" }, ...opens },
  ],
  [
    "nobody corrects a token for a month",
    told(30 * DAY),
    CLOSED,
    failed("ticket_system_denied"),
    { next: final, ...opens },
  ],
  [
    "a setting is corrected within a month",
    told(30 * DAY - 1),
    CLOSED,
    failed("settings_invalid"),
    { next: { kind: "retry" }, ...opens },
  ],
  [
    "a month of broken settings",
    told(30 * DAY),
    CLOSED,
    failed("settings_invalid"),
    { next: final, ...opens },
  ],
  [
    "the fifth error of our own",
    told(MINUTE, { attempts: 4 }),
    CLOSED,
    failed("unexpected"),
    { next: { kind: "retry" } },
  ],
  [
    "the sixth error of our own",
    told(MINUTE, { attempts: 5 }),
    CLOSED,
    failed("unexpected"),
    { next: final },
  ],
  [
    "six attempts say nothing where the system does not answer",
    told(MINUTE, { attempts: 5 }),
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
    "a rate limit opens it for as long as it says",
    NEW,
    CLOSED,
    failed("ticket_system_busy", { retryAfterMs: 90 * SECOND }),
    { next: retryIn(90 * SECOND), ...opens, circuit: { until: NOW + 90 * SECOND } },
  ],
  [
    "a broken setting opens it at once",
    NEW,
    CLOSED,
    failed("settings_invalid"),
    { next: { kind: "retry" }, ...opens },
  ],
  [
    "the third ticket in a row without an answer",
    NEW,
    TWO_DOWN,
    failed(UNAVAILABLE),
    { next: { trippedBreaker: true }, ...opens, circuit: { failure: UNAVAILABLE, failing: {} } },
  ],
  [
    "tickets without an answer need not be taken back: they wait anyway",
    NEW,
    TWO_DOWN,
    failed(UNAVAILABLE),
    { next: { kind: "retry" }, ...opens, alike: [] },
  ],
  [
    "the second ticket without an answer",
    NEW,
    { ...CLOSED, failing: { "T-1": UNAVAILABLE } },
    failed(UNAVAILABLE),
    { next: { trippedBreaker: false }, circuit: { failure: null } },
  ],
  [
    "the same ticket again and again",
    NEW,
    { ...CLOSED, failing: { "T-1": UNAVAILABLE, "T-3": UNAVAILABLE } },
    failed(UNAVAILABLE),
    { next: { kind: "retry" }, circuit: { failure: null } },
  ],
  [
    "two failures of two kinds, and one more",
    NEW,
    ONE_OF_EACH,
    failed(UNAVAILABLE),
    { next: { kind: "retry" }, circuit: { failure: null } },
  ],

  // It is open, or half-open.
  [
    "the probe fails",
    NEW,
    OPEN,
    failed(UNAVAILABLE, { openings: 1 }),
    { next: { trippedBreaker: false }, circuit: { failures: 5, until: NOW + 16 * SECOND } },
  ],
  [
    "the pause grows up to a minute",
    NEW,
    { ...OPEN, failures: 30 },
    failed(UNAVAILABLE, { openings: 1 }),
    { next: { kind: "retry" }, circuit: { until: NOW + MINUTE } },
  ],
  [
    "the probe meets another failure",
    NEW,
    OPEN,
    failed("ticket_system_denied", { openings: 1 }),
    { next: { kind: "retry" }, circuit: { failure: "ticket_system_denied", failures: 5 } },
  ],
  [
    "a failure from before it opened is no further one",
    NEW,
    OPEN,
    failed(UNAVAILABLE, { openings: 0 }),
    { next: { kind: "retry" }, circuit: { failures: 4, until: NOW } },
  ],
  [
    "but what it asks for counts",
    NEW,
    OPEN,
    failed("ticket_system_busy", { openings: 0, retryAfterMs: 10 * MINUTE }),
    { next: { kind: "retry" }, circuit: { failures: 4, until: NOW + 10 * MINUTE } },
  ],
  [
    "a shorter wait does not shorten a longer one",
    NEW,
    { ...OPEN, until: NOW + HOUR },
    failed(UNAVAILABLE, { openings: 1 }),
    { next: { kind: "retry" }, circuit: { until: NOW + HOUR } },
  ],
  [
    "a probe that is refused tells nothing of the system",
    NEW,
    OPEN,
    failed("ticket_system_refused", { openings: 1 }),
    { next: final, circuit: OPEN },
  ],

  // There is no such ticket: it is not visible yet, or deleted, or the system hides them all.
  ["it may not be visible yet", NEW, CLOSED, failed(NOT_FOUND), { next: retryIn(SECOND) }],
  [
    "it is waited for at most a minute at a time",
    told(9 * MINUTE, { attempts: 12 }),
    CLOSED,
    failed(NOT_FOUND),
    { next: retryIn(MINUTE) },
  ],
  [
    "after ten minutes it should be visible",
    told(10 * MINUTE),
    CLOSED,
    failed(NOT_FOUND),
    { next: final },
  ],
  ["an old ticket is gone", OLD, CLOSED, failed(NOT_FOUND), { next: final }],
  ["a person asked for one that is gone", BY_HAND, CLOSED, failed(NOT_FOUND), { next: final }],
  ["a person may have mistyped", NEVER_TOLD, CLOSED, failed(NOT_FOUND), { next: final }],
  [
    "the third in a row, with the two before it",
    NEW,
    TWO_NOT_FOUND,
    failed(NOT_FOUND),
    { next: { kind: "retry", trippedBreaker: true }, ...opens, alike: ["T-1", "T-2"] },
  ],
  [
    "the third in a row, however old",
    OLD,
    TWO_NOT_FOUND,
    failed(NOT_FOUND),
    { next: { kind: "retry" }, ...opens, alike: ["T-1", "T-2"] },
  ],
  [
    "only those that met the same failure are taken back",
    NEW,
    { ...CLOSED, failing: { ...TWO_NOT_FOUND.failing, "T-0": UNAVAILABLE } },
    failed(NOT_FOUND),
    { next: { kind: "retry" }, ...opens, alike: ["T-1", "T-2"] },
  ],
  [
    "one of the two again",
    NEW,
    SAME_TICKET,
    failed(NOT_FOUND),
    { next: { kind: "retry" }, circuit: { failure: null } },
  ],
  [
    "another met another failure",
    NEW,
    ONE_OF_EACH,
    failed(NOT_FOUND),
    { next: { kind: "retry" }, circuit: { failure: null } },
  ],
  [
    "what a person asks for says nothing of the system",
    BY_HAND,
    TWO_NOT_FOUND,
    failed(NOT_FOUND),
    { next: final, circuit: TWO_NOT_FOUND },
  ],
  [
    "nor does a ticket that the system never told of",
    NEVER_TOLD,
    TWO_NOT_FOUND,
    failed(NOT_FOUND),
    { next: final, circuit: TWO_NOT_FOUND },
  ],
  [
    "one that opened the breaker before is gone itself",
    TRIPPED,
    TWO_NOT_FOUND,
    failed(NOT_FOUND),
    { next: final, circuit: TWO_NOT_FOUND },
  ],
  [
    "while the breaker is open no ticket is given up",
    OLD,
    OPEN,
    failed(NOT_FOUND, { openings: 1 }),
    { next: { kind: "retry" }, circuit: { failure: NOT_FOUND, failures: 5 } },
  ],
  [
    "nor one that a person asked for, which counts as no failure",
    BY_HAND,
    OPEN,
    failed(NOT_FOUND, { openings: 1 }),
    { next: { kind: "retry" }, circuit: OPEN },
  ],
  [
    "one that opened it is a probe like any other",
    TRIPPED,
    OPEN,
    failed(NOT_FOUND, { openings: 1 }),
    { next: { kind: "retry" }, circuit: { failures: 5 } },
  ],
  [
    "a month without the right to see tickets",
    told(30 * DAY),
    OPEN,
    failed(NOT_FOUND, { openings: 1 }),
    { next: final },
  ],

  // Whether the comment may be on the ticket.
  [
    "a comment that was sent may show up within a minute",
    NEW,
    CLOSED,
    failed(UNAVAILABLE, { outcomeUnknown: true }),
    { next: { unknownUntil: NOW + MINUTE } },
  ],
  [
    "none was sent",
    NEW,
    CLOSED,
    failed(UNAVAILABLE, { outcomeUnknown: false }),
    { next: { unknownUntil: 0 } },
  ],
  [
    "a receiver that knows its comments may get it twice",
    NEW,
    CLOSED,
    failed(UNAVAILABLE, { outcomeUnknown: true, receiverDeduplicates: true }),
    { next: { unknownUntil: 0 } },
  ],

  // Its comment is to be edited, because the catalog has learned a code.
  [
    "a comment that cannot be edited stays as it is",
    told(HOUR, { editOnly: true }),
    CLOSED,
    failed("ticket_system_refused"),
    { next: { kind: "kept", code: "ticket_system_refused" } },
  ],
  [
    "an edit is tried again like a post",
    told(HOUR, { editOnly: true }),
    CLOSED,
    failed(UNAVAILABLE),
    { next: retryIn(SECOND) },
  ],
  [
    "three days without an answer to an edit",
    told(3 * DAY, { editOnly: true }),
    CLOSED,
    failed(UNAVAILABLE),
    { next: { kind: "kept" } },
  ],

  // No attempt at all.
  [
    "the platform allows no more calls",
    NEW,
    TWO_DOWN,
    failed("calls_spent"),
    { next: { kind: "untried" }, circuit: TWO_DOWN },
  ],
  [
    "the platform allows no more calls while it is open",
    told(30 * DAY),
    OPEN,
    failed("calls_spent", { openings: 1 }),
    { next: { kind: "untried" }, circuit: OPEN },
  ],
  [
    "another attempt has the ticket",
    NEW,
    TWO_DOWN,
    failed("lease_lost"),
    { next: { kind: "superseded" }, circuit: TWO_DOWN },
  ],
];

test.each(rows)("%s", (_, ticket, circuit, result, expected) => {
  const decision = decide(ticket, result, circuit);
  expect(decision).toMatchObject({ breaker: null, alike: [], ...expected });
});

test("the table has a row for each way out of an attempt", () => {
  const kinds = new Set(rows.map(([, ...row]) => decide(row[0], row[2], row[1]).next.kind));
  expect([...kinds].sort()).toEqual(["done", "failed", "kept", "retry", "superseded", "untried"]);
  expect(rows.length).toBeGreaterThanOrEqual(60);
});
