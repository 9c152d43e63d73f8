import { runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  closeHarness,
  created,
  deliver,
  type Harness,
  ledger,
  openHarness,
  pass,
  recordOf,
} from "../worker-harness.ts";

let desk: Harness;
beforeEach(async () => {
  desk = await openHarness();
});
afterEach(closeHarness);

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

/** The README tells from these what a ticket costs: an alarm that is set counts as a row too. */
const costs: [what: string, tickets: number, accept: Partial<Cost>, drain: Partial<Cost>][] = [
  ["a ticket that comes alone", 1, { written: 2, alarms: 1 }, { written: 5, alarms: 2 }],
  ["100 tickets that come together", 100, { written: 200, alarms: 1 }, { written: 302, alarms: 2 }],
];

test.each(costs)("%s: what is written", async (_, tickets, accept, drain) => {
  await deliver(created({ id: "FIRST" }), { id: "msg_first" });
  await pass();
  const cost = await meter();
  for (let number = 0; number < tickets; number++) {
    await deliver(created({ id: `T-${number}` }), { id: `msg_${number}` });
  }
  expect(cost()).toMatchObject(accept);
  await pass();
  expect(cost()).toMatchObject(drain);
  expect(desk.calls).toHaveLength(tickets + 1);
});

test("a delivery that comes again, and a look at a ticket, write nothing", async () => {
  await deliver();
  await pass();
  const cost = await meter();
  await deliver();
  await recordOf();
  expect(cost()).toMatchObject({ written: 0, alarms: 0 });
});

test("what is read does not grow with the ledger", async () => {
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
