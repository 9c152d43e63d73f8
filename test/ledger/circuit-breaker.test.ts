import { runInDurableObject } from "cloudflare:test";
import { afterEach, expect, test } from "vitest";
import { Failure, type FailureCode } from "../../src/failure.ts";
import {
  afterAnswer,
  afterFailure,
  type Circuit,
  CircuitBreaker,
  CLOSED,
  concurrency,
  MAX_CONCURRENCY,
  withClockSetBack,
} from "../../src/ledger/circuit-breaker.ts";
import { closeHarness, ledger } from "./ledger-harness.ts";

afterEach(closeHarness);

const NOW = 1_000_000;

/**
 * `ok`: an answer. Else a ticket and its failure. `late`: the attempt began before the last
 * opening.
 */
type Event = "ok" | "late ok" | `${string} ${FailureCode}` | `late ${string} ${FailureCode}`;

function after(circuit: Circuit, event: Event, retryAfterMs?: number): Circuit {
  const late = event.startsWith("late ");
  const [ticketId = "", code] = event.replace("late ", "").split(" ");
  const end = { ticketId, openings: circuit.openings - Number(late), now: NOW, random: 1 };
  if (code === undefined) return afterAnswer(circuit, end);
  return afterFailure(circuit, new Failure(code as FailureCode, "", { retryAfterMs }), end);
}

function play(events: readonly Event[], circuit: Circuit = CLOSED, retryAfterMs?: number) {
  return events.reduce((each, event) => after(each, event, retryAfterMs), circuit);
}

const A = "a ticket_system_unavailable";
const B = "b ticket_system_unavailable";
const C = "c ticket_system_unavailable";

const stories: [events: Event[], failure: string | null, waitMs: number, why: string][] = [
  [[], null, 0, "nothing happened"],
  [["a ticket_system_denied"], "ticket_system_denied", 1_000, "opens at once"],
  [["a ticket_system_busy"], "ticket_system_busy", 1_000, "opens at once"],
  [["a settings_invalid"], "settings_invalid", 1_000, "opens at once"],
  [["a ticket_system_refused"], null, 0, "a fault of the ticket"],
  [["a unexpected", "b unexpected", "c unexpected"], null, 0, "bugs of the Worker"],
  [[A, B], null, 0, "only two in a row"],
  [[A, B, C], "ticket_system_unavailable", 1_000, "three in a row"],
  [[A, A, A, A], null, 0, "one ticket again and again"],
  [[A, B, A, B], null, 0, "two tickets again and again"],
  [[A, B, "ok", C], null, 0, "an answer in between"],
  [
    [A, B, "c ticket_system_refused", C],
    "ticket_system_unavailable",
    1_000,
    "another failure in between is no answer",
  ],
  [[A, B, C, A], "ticket_system_unavailable", 2_000, "the first half-open attempt fails"],
  [[A, B, C, A, A], "ticket_system_unavailable", 4_000, "the second half-open attempt fails"],
  [[A, B, C, "ok"], null, 0, "an answer closes it"],
  [[A, B, C, "ok", A, B], null, 0, "closed again, and only two failures"],
  [
    ["a ticket_system_denied", "a ticket_system_denied"],
    "ticket_system_denied",
    2_000,
    "the delay doubles",
  ],
  [
    ["a ticket_system_denied", "b ticket_system_busy"],
    "ticket_system_busy",
    2_000,
    "the latest failure is shown",
  ],
  [
    ["a ticket_system_denied", "late ok"],
    "ticket_system_denied",
    1_000,
    "an answer to an attempt from before does not close it",
  ],
  [
    ["a ticket_system_denied", "late b ticket_system_busy"],
    "ticket_system_denied",
    1_000,
    "a failure of an attempt from before does not count",
  ],
  [["a ticket_system_denied", "ok", A], null, 0, "closed again, and one failure"],
  [
    ["a ticket_system_denied", "ok", `late ${A}`, `late ${B}`, `late ${C}`],
    null,
    0,
    "closed again: three attempts from before time out, but later ones were answered",
  ],
  [
    ["a ticket_system_denied", "ok", A, B, `late ${C}`],
    null,
    0,
    "closed again: a failure of an attempt from before is not the third in a row",
  ],
  [
    ["a ticket_system_denied", "ok", "late b ticket_system_busy"],
    "ticket_system_busy",
    1_000,
    "closed again: a rate limit opens it, however early the attempt began",
  ],
  [["a ticket_system_not_found", "b ticket_system_not_found"], null, 0, "only two are not found"],
  [
    ["a ticket_system_not_found", "b ticket_system_not_found", "c ticket_system_not_found"],
    "ticket_system_not_found",
    1_000,
    "three are not found",
  ],
  [["a ticket_system_not_found", "b ticket_system_not_found", A, C], null, 0, "two of each kind"],
  [
    ["a ticket_system_not_found", A, B, C],
    "ticket_system_unavailable",
    1_000,
    "for a ticket with both failures the last one counts",
  ],
];

test.each(stories)("after %j the circuit is open for %j, %i ms: %s", (events, failure, waitMs) => {
  const until = failure === null ? 0 : NOW + waitMs;
  expect(play(events)).toMatchObject({ failure, until });
});

const opened: [events: Event[], afterMs: number, atOnce: number, why: string][] = [
  [[], 0, MAX_CONCURRENCY, "closed"],
  [["a ticket_system_denied"], 0, 0, "open"],
  [["a ticket_system_denied"], 999, 0, "still open"],
  [["a ticket_system_denied"], 1_000, 1, "half-open"],
  [["a ticket_system_denied", "ok"], 0, 1, "just closed: one at a time"],
  [["a ticket_system_denied", "ok"], 4_999, 1, "just before the next step"],
  [["a ticket_system_denied", "ok"], 5_000, 2, "the next step"],
  [["a ticket_system_denied", "ok"], 60_000, MAX_CONCURRENCY, "full concurrency again"],
];

test.each(opened)(
  "after %j and %i ms, %i tickets may be in work at once: %s",
  (events, afterMs, count) => {
    expect(concurrency(play(events), NOW + afterMs)).toBe(count);
  },
);

test("stays open for the time of Retry-After", () => {
  expect(play(["a ticket_system_busy"], CLOSED, 90_000).until).toBe(NOW + 90_000);
});

test("a shorter Retry-After of another attempt does not shorten the wait", () => {
  const open = play(["a ticket_system_busy"], CLOSED, 600_000);
  const later = play(["late b ticket_system_busy", "c ticket_system_busy"], open);
  expect(later.until).toBe(NOW + 600_000);
});

test("a longer Retry-After of another attempt lengthens the wait", () => {
  const open = play(["a ticket_system_busy"]);
  expect(play(["late b ticket_system_busy"], open, 600_000).until).toBe(NOW + 600_000);
});

const clocks: [events: Event[], untilMs: number, atOnce: number, why: string][] = [
  [[], 0, MAX_CONCURRENCY, "closed"],
  [["a ticket_system_denied"], 1_000, 0, "open"],
  [["a ticket_system_denied", "ok"], 0, 1, "just closed"],
];

test.each(clocks)(
  "after %j a clock that is set back an hour changes nothing: %i ms, %i at once: %s",
  (events, untilMs, count) => {
    const circuit = withClockSetBack(play(events), 3_600_000);
    const now = NOW - 3_600_000;
    expect(circuit.until).toBe(untilMs === 0 ? 0 : now + untilMs);
    expect(concurrency(circuit, now)).toBe(count);
    expect(concurrency(circuit, now + 60_000)).toBe(
      events.at(-1)?.includes("denied") ? 1 : MAX_CONCURRENCY,
    );
  },
);

function onDisk<T>(run: (storage: DurableObjectStorage) => T): Promise<T> {
  return runInDurableObject(ledger(), (_, { storage }) => run(storage));
}

const DENIED: Event = "a ticket_system_denied";

test("a change is visible after its commit, and survives a restart", async () => {
  const seen = await onDisk(({ sql }) => {
    const breaker = new CircuitBreaker(sql);
    const before = breaker.circuit;
    const open = after(before, DENIED);
    const { afterCommit } = breaker.write(open);
    const during = breaker.circuit;
    const read = breaker.read();
    afterCommit();
    const restarted = new CircuitBreaker(sql).circuit;
    return { before, during, read, open, later: breaker.circuit, restarted };
  });
  expect([seen.before, seen.during]).toEqual([CLOSED, CLOSED]);
  expect(seen.open).toMatchObject({ failure: "ticket_system_denied" });
  expect([seen.read, seen.later, seen.restarted]).toEqual([seen.open, seen.open, seen.open]);
});

test("changes in one transaction see each other, and are rolled back together", async () => {
  const seen = await onDisk((storage) => {
    const breaker = new CircuitBreaker(storage.sql);
    const fails = (ticketId: string) => {
      const circuit = after(breaker.read(), `${ticketId} ticket_system_unavailable`);
      breaker.write(circuit);
      return circuit;
    };
    const three = () => ["a", "b", "c"].map(fails).at(-1);
    try {
      storage.transactionSync(() => {
        three();
        throw new Error("full");
      });
    } catch {}
    return { rolledBack: breaker.read(), again: three() };
  });
  expect(seen.rolledBack).toEqual(CLOSED);
  expect(seen.again).toMatchObject({ failure: "ticket_system_unavailable", openings: 1 });
});
