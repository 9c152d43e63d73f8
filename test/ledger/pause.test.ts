import { runInDurableObject } from "cloudflare:test";
import { afterEach, expect, test } from "vitest";
import { Failure, type FailureCode } from "../../src/errors.ts";
import { LANES, openPause, type Pause } from "../../src/ledger/pause.ts";
import { closeDesk, ledger } from "../desk.ts";

afterEach(closeDesk);

const NOW = 1_000_000;

/** A failure of a ticket, or `ok` when the ticket system answered; `late`: taken before the pause. */
type Event = "ok" | "late ok" | `${string} ${FailureCode}` | `late ${string} ${FailureCode}`;

function play(pause: Pause, events: readonly Event[], retryAfterMs?: number) {
  for (const event of events) {
    const late = event.startsWith("late ");
    const [ticketId = "", code] = event.replace("late ", "").split(" ");
    const period = pause.period - Number(late);
    if (code === undefined) pause.end(period, NOW);
    else {
      const failure = new Failure(code as FailureCode, "", { retryAfterMs });
      pause.strike(failure, { ticketId, period, now: NOW, random: 1 });
    }
  }
}

function withPause<T>(run: (open: () => Pause) => T): Promise<T> {
  return runInDurableObject(ledger(), (_, { storage }) => run(() => openPause(storage.sql)));
}

const A = "a ticket_system_unavailable";
const B = "b ticket_system_unavailable";
const C = "c ticket_system_unavailable";

const stories: [events: Event[], failure: string | null, waitMs: number, why: string][] = [
  [[], null, 0, "nothing happened"],
  [["a ticket_system_denied"], "ticket_system_denied", 1_000, "at once"],
  [["a ticket_system_busy"], "ticket_system_busy", 1_000, "at once"],
  [["a settings_invalid"], "settings_invalid", 1_000, "at once"],
  [["a ticket_system_refused"], null, 0, "the ticket's own trouble"],
  [["a unexpected", "b unexpected", "c unexpected"], null, 0, "our own trouble"],
  [[A, B], null, 0, "two in a row"],
  [[A, B, C], "ticket_system_unavailable", 1_000, "three in a row"],
  [[A, A, A, A], null, 0, "one ticket again and again"],
  [[A, B, A, B], null, 0, "two tickets again and again"],
  [[A, B, "ok", C], null, 0, "an answer between"],
  [[A, B, "c ticket_system_refused", C], "ticket_system_unavailable", 1_000, "no answer between"],
  [[A, B, C, A], "ticket_system_unavailable", 2_000, "the first probe fails"],
  [[A, B, C, A, A], "ticket_system_unavailable", 4_000, "the second probe fails"],
  [[A, B, C, "ok"], null, 0, "it recovers"],
  [[A, B, C, "ok", A, B], null, 0, "it recovers, and two fail"],
  [["a ticket_system_denied", "a ticket_system_denied"], "ticket_system_denied", 2_000, "twice"],
  [["a ticket_system_denied", "b ticket_system_busy"], "ticket_system_busy", 2_000, "the latest"],
  [["a ticket_system_denied", "late ok"], "ticket_system_denied", 1_000, "an older call succeeds"],
  [
    ["a ticket_system_denied", "late b ticket_system_busy"],
    "ticket_system_denied",
    1_000,
    "an older call fails too: no further strike",
  ],
  [["a ticket_system_denied", "ok", A], null, 0, "it is mended"],
];

test.each(stories)("after %j the pause is for %j, %i ms: %s", async (events, failure, waitMs) => {
  const told = await withPause((open) => {
    const pause = open();
    play(pause, events);
    return [pause, open()].map(({ failure, until }) => ({ failure, until }));
  });
  const until = failure === null ? 0 : NOW + waitMs;
  expect(told, "in memory, and on disk").toEqual([
    { failure, until },
    { failure, until },
  ]);
});

const lanes: [events: Event[], afterMs: number, lanes: number, why: string][] = [
  [[], 0, LANES, "no pause"],
  [["a ticket_system_denied"], 0, 0, "the pause begins"],
  [["a ticket_system_denied"], 999, 0, "it is not over"],
  [["a ticket_system_denied"], 1_000, 1, "one probes"],
  [["a ticket_system_denied", "ok"], 0, 1, "it is over: no stampede"],
  [["a ticket_system_denied", "ok"], 4_999, 1, "not yet more"],
  [["a ticket_system_denied", "ok"], 5_000, 2, "the second lane opens"],
  [["a ticket_system_denied", "ok"], 60_000, LANES, "as before"],
];

test.each(lanes)(
  "after %j and %i ms %i tickets are worked on at once: %s",
  async (events, after, count) => {
    const told = await withPause((open) => {
      const pause = open();
      play(pause, events);
      return pause.lanes(NOW + after);
    });
    expect(told).toBe(count);
  },
);

test("a pause is as long as the ticket system asks for", async () => {
  const until = await withPause((open) => {
    const pause = open();
    play(pause, ["a ticket_system_busy"], 90_000);
    return pause.until;
  });
  expect(until).toBe(NOW + 90_000);
});

test("a shorter answer of a neighbour does not shorten it", async () => {
  const until = await withPause((open) => {
    const pause = open();
    play(pause, ["a ticket_system_busy"], 600_000);
    play(pause, ["late b ticket_system_busy", "c ticket_system_busy"]);
    return pause.until;
  });
  expect(until).toBe(NOW + 600_000);
});

test("a longer answer of a neighbour lengthens it", async () => {
  const until = await withPause((open) => {
    const pause = open();
    play(pause, ["a ticket_system_busy"]);
    play(pause, ["late b ticket_system_busy"], 600_000);
    return pause.until;
  });
  expect(until).toBe(NOW + 600_000);
});
