import { expect, test } from "vitest";
import { Failure, type FailureCode } from "../../src/failure.ts";
import { type Circuit, CLOSED } from "../../src/ledger/circuit-breaker.ts";
import { decide, type FailedTicket } from "../../src/ledger/decide.ts";

const NOW = 1_900_000_000_000;
const MINUTE = 60_000;

/** What the ticket system told of, and a minute ago. */
const NEW: FailedTicket = {
  id: "T-3",
  attempts: 1,
  queued_at: NOW - MINUTE,
  announced_at: NOW - MINUTE,
  offences: 0,
};
const OLD: FailedTicket = { ...NEW, queued_at: NOW - 60 * MINUTE, announced_at: NOW - 60 * MINUTE };
/** A person asked for it: the ticket system told of it an hour ago, or never. */
const BY_HAND: FailedTicket = { ...OLD, queued_at: NOW - MINUTE };
const NEVER_TOLD: FailedTicket = { ...NEW, announced_at: null };
const OFFENDER: FailedTicket = { ...OLD, offences: 1 };

const NOT_FOUND: FailureCode = "ticket_system_not_found";
const two = { "T-1": NOT_FOUND, "T-2": NOT_FOUND };
const TWO_FAILED: Circuit = { ...CLOSED, failing: two };
const ONE_OTHER: Circuit = { ...CLOSED, failing: { ...two, "T-2": "ticket_system_unavailable" } };
const SAME_TICKET: Circuit = { ...CLOSED, failing: { "T-2": NOT_FOUND, "T-3": NOT_FOUND } };
const OPEN: Circuit = { ...CLOSED, failure: NOT_FOUND, until: NOW, failures: 4, openings: 1 };

const decisions: [
  ticket: FailedTicket,
  circuit: Circuit,
  opened: boolean,
  again: boolean,
  alike: string[],
  why: string,
][] = [
  [NEW, CLOSED, false, true, [], "it may not be seen yet"],
  [OLD, CLOSED, false, false, [], "it should be seen by now"],
  [BY_HAND, CLOSED, false, false, [], "it is gone, or was never there"],
  [NEVER_TOLD, CLOSED, false, false, [], "a person asked for it, and may have mistyped"],
  [NEW, TWO_FAILED, true, true, ["T-1", "T-2"], "the third in a row"],
  [OLD, TWO_FAILED, true, true, ["T-1", "T-2"], "the third in a row, however old"],
  [NEW, SAME_TICKET, false, true, [], "one of the two again"],
  [NEW, ONE_OTHER, false, true, [], "another got no answer, which is another failure"],
  [BY_HAND, TWO_FAILED, false, false, [], "what a person asks for says nothing"],
  [NEVER_TOLD, TWO_FAILED, false, false, [], "nor does what the system never told of"],
  [OFFENDER, TWO_FAILED, false, false, [], "it opened the circuit before: it is gone itself"],
  [NEW, OPEN, false, true, [], "the system is in trouble"],
  [OLD, OPEN, false, true, [], "the system is in trouble"],
  [BY_HAND, OPEN, false, true, [], "nobody can tell whether it is gone"],
  [OFFENDER, OPEN, false, true, [], "it waits with the others"],
];

test.each(decisions)(
  "%j, not found while the circuit is %j: it opens %s, tried again %s, with %j: %s",
  (ticket, circuit, opened, again, alike) => {
    const attempt = { openings: circuit.openings, now: NOW, random: 1 };
    const decision = decide(ticket, new Failure(NOT_FOUND, ""), circuit, attempt);
    expect({ ...decision, again: decision.delayMs !== null }).toMatchObject({
      opened,
      again,
      alike,
    });
  },
);

const probes: [ticket: FailedTicket, failures: number, why: string][] = [
  [OLD, 5, "it is one more failure"],
  [OFFENDER, 5, "so is one that opened it"],
  [BY_HAND, 4, "what a person asks for says nothing"],
];

test.each(probes)("while it is open, %j makes %i failures: %s", (ticket, failures) => {
  const attempt = { openings: OPEN.openings, now: NOW, random: 1 };
  const { circuit } = decide(ticket, new Failure(NOT_FOUND, ""), OPEN, attempt);
  expect(circuit).toMatchObject({ failure: NOT_FOUND, failures });
});

const others: [code: FailureCode, opened: boolean, again: boolean, why: string][] = [
  ["ticket_system_denied", true, true, "a token is refused for all tickets"],
  ["ticket_system_unavailable", false, true, "the first that gets no answer"],
  ["ticket_system_refused", false, false, "the ticket is closed, or gone for good (410)"],
  ["unexpected", false, true, "our own trouble"],
];

test.each(others)("%s opens the circuit %s, and is tried again %s: %s", (code, opened, again) => {
  for (const ticket of [NEW, OLD, BY_HAND, NEVER_TOLD, OFFENDER]) {
    const attempt = { openings: 0, now: NOW, random: 1 };
    const decision = decide(ticket, new Failure(code, ""), TWO_FAILED, attempt);
    expect(decision).toMatchObject({ opened, alike: [] });
    expect(decision.delayMs !== null).toBe(again);
  }
});
