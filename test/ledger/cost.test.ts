import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import { created, deliver, ledger, pass, recordOf, set, useHarness } from "./ledger-harness.ts";

const harness = useHarness();

/** What the platform counts. An alarm that is set counts as a row. */
interface Cost {
  read: number;
  written: number;
  alarms: number;
}

/** Counts what the ledger reads and writes. Gives what came since it was asked last. */
async function meter(): Promise<() => Cost> {
  let cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
  let alarms = 0;
  await runInDurableObject(ledger(), (_, { storage }) => {
    const exec = storage.sql.exec.bind(storage.sql);
    vi.spyOn(storage.sql, "exec").mockImplementation((...args: Parameters<typeof exec>) => {
      const cursor = exec(...args);
      cursors.push(cursor);
      return cursor as never;
    });
    const setAlarm = storage.setAlarm.bind(storage);
    vi.spyOn(storage, "setAlarm").mockImplementation((...args) => {
      alarms++;
      return setAlarm(...args);
    });
  });
  return () => {
    const cost = {
      read: cursors.reduce((sum, each) => sum + each.rowsRead, 0),
      written: cursors.reduce((sum, each) => sum + each.rowsWritten, 0),
      alarms,
    };
    cursors = [];
    alarms = 0;
    return cost;
  };
}

/** Makes the ledger write everything that it writes only once, such as its tables. */
async function warmUp() {
  harness.answers.push(() => new Response("", { status: 503 }));
  await deliver(created({ id: "FIRST" }), { id: "msg_first" });
  await pass();
  await pass(60_000);
  await ledger().health();
  await ledger().maintain();
  vi.setSystemTime(Date.now() + 60_000);
  return meter();
}

async function deliverMany(count: number, ticket: Record<string, unknown> = {}) {
  for (let number = 0; number < count; number++) {
    await deliver(created({ id: `T-${number}`, ...ticket }), { id: `msg_${number}` });
  }
}

// docs/operations.md quotes these numbers.
const costs: [
  what: string,
  tickets: number,
  ticket: Record<string, unknown>,
  accept: Omit<Cost, "read">,
  run: Omit<Cost, "read">,
][] = [
  // The ticket and its index entry; then the mark before its comment, its end, and the counters.
  ["a ticket alone", 1, {}, { written: 2, alarms: 1 }, { written: 3, alarms: 0 }],
  ["of 100 tickets", 100, {}, { written: 200, alarms: 1 }, { written: 201, alarms: 0 }],
  ["no code", 1, { subject: "", body: "" }, { written: 1, alarms: 0 }, { written: 0, alarms: 0 }],
  [
    "left alone",
    1,
    { tags: ["no-error-codes"] },
    { written: 1, alarms: 0 },
    { written: 0, alarms: 0 },
  ],
];

test.each(costs)("%s: rows written when it is accepted, and until it is done", async (...row) => {
  const [, tickets, ticket, accept, run] = row;
  const cost = await warmUp();
  await deliverMany(tickets, ticket);
  expect(cost()).toMatchObject(accept);
  await pass();
  expect(cost()).toMatchObject(run);
  expect(await recordOf("T-0")).toMatchObject({ state: "done" });
});

test("reading the ticket first writes no further row", async () => {
  set({ STANDARD_TICKET_URL: "https://desk.example/tickets/{id}" });
  const ticket = { id: "T-0", subject: "PIN", body: "Error 0x80090029" };
  harness.always = () => Response.json({ ticket });
  const cost = await warmUp();
  await deliverMany(1, { body: null });
  await pass();
  expect(cost()).toMatchObject({ written: 5, alarms: 1 });
});

test("a failed attempt writes its mark, the ticket with its index entry, the counters and an alarm", async () => {
  const cost = await warmUp();
  await deliverMany(1);
  cost();
  harness.answers.push(() => new Response("", { status: 503 }));
  await pass();
  const { written, alarms } = cost();
  // The fifth: the circuit breaker notes the failure.
  expect({ written, alarms }).toEqual({ written: 5, alarms: 1 });
});

test("deleting a ticket writes one row, and the daily clean-up another", async () => {
  const cost = await warmUp();
  await deliverMany(100);
  await pass();
  vi.setSystemTime(Date.now() + 91 * 24 * 3_600_000);
  cost();
  await ledger().maintain();
  expect(cost()).toMatchObject({ written: 101 + 1, alarms: 0 });
  await ledger().maintain();
  expect(cost(), "what the schedule asks for an hour later").toMatchObject({ written: 0 });
});

test("the readiness check writes at most one row a minute", async () => {
  const cost = await warmUp();
  for (let seconds = 0; seconds < 60; seconds += 10) {
    await ledger().health();
    vi.setSystemTime(Date.now() + 10_000);
  }
  expect(cost()).toMatchObject({ written: 1, alarms: 0 });
});

test("starting an object writes nothing", async () => {
  await deliver(created({ subject: "", body: "" }));
  await evictDurableObject(ledger());
  const { changes } = await runInDurableObject(ledger(), (_, { storage }) =>
    storage.sql.exec<{ changes: number }>("SELECT total_changes() AS changes").one(),
  );
  expect(changes).toBe(0);
});

test("a repeated delivery and reading a ticket write nothing", async () => {
  await deliver();
  await pass();
  const cost = await meter();
  await deliver();
  await recordOf();
  expect(cost()).toMatchObject({ written: 0, alarms: 0 });
});

test("the number of rows read does not grow with the ledger", async () => {
  await deliver(created({ id: "FIRST" }), { id: "msg_first" });
  await pass();
  await runInDurableObject(ledger(), (_, { storage }) => {
    storage.sql.exec(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
       INSERT INTO ticket (id, state, received_at, queued_at, finished_at)
       SELECT 'OLD-' || i, 'done', ?1, ?1, ?1 FROM n`,
      Date.now(),
    );
  });
  const cost = await meter();
  await deliver(created({ id: "NEXT" }), { id: "msg_next" });
  await pass();
  await recordOf("OLD-77");
  expect(cost().read).toBeLessThan(25);
});
