import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, test } from "vitest";
import {
  countFirstResult,
  countNewTicket,
  countRecent,
  emptyCounts,
  recentCounts,
} from "../../src/ledger/recent-counts.ts";
import {
  closeHarness,
  created,
  DAY,
  deliver,
  HOUR,
  ledger,
  openHarness,
  pass,
  retrigger,
  START,
} from "./ledger-harness.ts";

/** The first moment of a day. */
const NOW = 22_000 * DAY;

const when: [hoursAgo: number, inHours: number, inDays: number, why: string][] = [
  [0, 1, 1, "now"],
  [23, 1, 1, "the oldest of the 24 hours"],
  [24, 0, 1, "the hour before"],
  [29 * 24, 0, 1, "the oldest of the 30 days"],
  [30 * 24, 0, 0, "the day before"],
  [-2, 0, 1, "a clock that was ahead, later on the same day"],
];

test.each(when)("a delivery of %i hours ago is in %i hours and %i days: %s", (ago, hours, days) => {
  const counts = emptyCounts();
  countRecent(counts, "deliveries", NOW - ago * HOUR);
  const recent = recentCounts(counts, NOW);
  const sum = (columns: readonly { deliveries: number }[]) =>
    columns.reduce((total, { deliveries }) => total + deliveries, 0);
  expect([sum(recent.hours), sum(recent.days)]).toEqual([hours, days]);
});

test("the columns are the last 24 hours and 30 days, with those in which nothing came", () => {
  const counts = emptyCounts();
  countRecent(counts, "comments", NOW - HOUR, 3);
  const { hours, days } = recentCounts(counts, NOW);
  expect([hours.length, days.length]).toEqual([24, 30]);
  expect(hours.at(-1)?.from).toBe(new Date(NOW).toISOString());
  expect(hours.map(({ comments }) => comments).slice(-3)).toEqual([0, 3, 0]);
  expect(days[0]?.from).toBe(new Date(NOW - 29 * DAY).toISOString());
});

test("what is too old takes no room, however long a ledger counts", () => {
  const counts = emptyCounts();
  for (let hour = 0; hour < 100 * 24; hour++) countRecent(counts, "failures", NOW + hour * HOUR);
  expect(Object.keys(counts.hours)).toHaveLength(24);
  expect(Object.keys(counts.days)).toHaveLength(30);
});

test("situations have a limit in number, since anybody's catalog names them", () => {
  const counts = emptyCounts();
  for (let topic = 0; topic < 60; topic++) {
    const situation = `topic-${topic}`;
    countFirstResult(counts, { hasCodes: true, hasSteps: true, situation }, NOW);
  }
  const { situations } = recentCounts(counts, NOW).tickets;
  expect(Object.keys(situations)).toHaveLength(51);
  expect(situations.other).toBe(10);
});

test("new tickets are summed over 30 days: with codes, with steps, by situation", () => {
  const counts = emptyCounts();
  const days = [NOW - 31 * DAY, NOW - 3 * DAY, NOW];
  for (const day of days) {
    countNewTicket(counts, day);
    countFirstResult(counts, { hasCodes: true, hasSteps: day === NOW, situation: "pin" }, day);
  }
  countNewTicket(counts, NOW);
  countFirstResult(counts, { hasCodes: false, hasSteps: false, situation: null }, NOW);
  const expected = { tickets: 3, withCodes: 2, withSteps: 1, situations: { pin: 2 } };
  expect(recentCounts(counts, NOW).tickets).toEqual(expected);
});

describe("a ledger", () => {
  afterEach(closeHarness);
  const recent = async () => (await ledger().stats({})).recent;

  test("counts each new ticket once, also in shadow mode, and what a person starts again not", async () => {
    await openHarness({ COMMENT_MODE: "shadow" });
    await deliver(created({ id: "A", subject: "Windows Hello PIN" }), { id: "msg_1" });
    await deliver(created({ id: "A" }), { id: "msg_1" });
    await deliver(created({ id: "B", subject: "", body: "a keyboard" }), { id: "msg_2" });
    await deliver(created({ id: "C", subject: "", body: "error 0x8007ABCD" }), { id: "msg_3" });
    await pass(1_000);
    await retrigger("A");
    await pass();
    const { tickets, hours, days } = (await recent()) ?? {};
    expect(tickets).toEqual({
      tickets: 3,
      withCodes: 2,
      withSteps: 1,
      situations: { "windows-hello-pin": 1 },
    });
    const expected = { deliveries: 4, comments: 3, failures: 0 };
    expect(hours?.at(-1)).toMatchObject(expected);
    expect(days?.at(-1)).toMatchObject(expected);
  });

  test("keeps what it counted over an eviction", async () => {
    await openHarness();
    await deliver();
    await pass();
    await evictDurableObject(ledger());
    expect((await recent())?.hours.at(-1)).toMatchObject({ deliveries: 1, comments: 1 });
  });

  test("goes on from what an earlier version counted, which knew no days", async () => {
    await openHarness();
    const earlier = {
      deliveries: { accepted: 7 },
      tickets: { posted: 5 },
      attempts: { done: 5 },
      unlisted: { "0x8024FFFE": { total: 2, lastSeen: START, periods: {} } },
    };
    await runInDurableObject(ledger(), (_, { storage }) => {
      const row = ["counters", JSON.stringify(earlier)];
      storage.sql.exec("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", ...row);
    });
    await evictDurableObject(ledger());
    const { counted, recent: none } = await ledger().stats({});
    expect(counted).toEqual(earlier);
    expect(none?.tickets.tickets).toBe(0);
    await deliver();
    await pass();
    const { counted: later, recent: one } = await ledger().stats({});
    expect(later.deliveries.accepted).toBe(8);
    expect(one?.tickets).toMatchObject({ tickets: 1, withCodes: 1 });
  });
});
