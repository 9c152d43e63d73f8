import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { runSchedule } from "../../src/worker/scheduled.ts";
import { created, DAY, deliver, ledger, pass, recordOf, useHarness } from "./ledger-harness.ts";

const harness = useHarness();

/** What a query gives, and the rows that it read and wrote. */
function query(statement: string, ...bindings: unknown[]) {
  return runInDurableObject(ledger(), (_, { storage }) => [
    ...storage.sql.exec(statement, ...bindings),
  ]);
}

async function count(table: "ticket" | "delivery") {
  const [row] = await query(`SELECT COUNT(*) AS count FROM ${table}`);
  return row?.count;
}

function alarm() {
  return runInDurableObject(ledger(), (_, { storage }) => storage.getAlarm());
}

/**
 * Lets days pass, and with each of them the alarms that are due, and what the schedule asks for.
 */
async function passDays(days: number) {
  for (let day = 0; day < days; day++) {
    await pass(DAY);
    await ledger().maintain();
  }
}

test("a ticket is deleted 90 days after it was done, and then nothing wakes the ledger", async () => {
  await deliver();
  await pass();
  await passDays(89);
  expect(await recordOf()).toMatchObject({ state: "done" });
  await passDays(3);
  expect(await recordOf()).toBeNull();
  expect(await alarm()).toBeNull();
});

test("a failed ticket is deleted as well, a waiting one is not", async () => {
  harness.answers.push(() => new Response("", { status: 410 }));
  await deliver(created({ id: "FAILED" }), { id: "msg_1" });
  await pass();
  await deliver(created({ id: "WAITS" }), { id: "msg_2" });
  await query("UPDATE ticket SET due_at = ? WHERE id = 'WAITS'", Date.now() + 400 * DAY);
  await passDays(92);
  expect(await recordOf("FAILED")).toBeNull();
  expect(await recordOf("WAITS")).toMatchObject({ state: "waiting" });
});

test("a ticket with a later revision is kept, so that it gets no second comment", async () => {
  await deliver();
  await pass();
  await query("UPDATE ticket SET revision = 2");
  await passDays(92);
  expect(await recordOf()).toMatchObject({ state: "done" });
});

test("a further delivery is remembered for 7 days", async () => {
  await deliver(created(), { id: "msg_1" });
  await deliver(created(), { id: "msg_2" });
  await pass();
  await passDays(6);
  expect(await (await deliver(created(), { id: "msg_2" })).json()).toMatchObject({
    status: "duplicate",
  });
  await passDays(3);
  expect(await count("delivery")).toBe(0);
  expect(await (await deliver(created(), { id: "msg_2" })).json()).toMatchObject({
    status: "accepted",
  });
  await pass();
  expect(harness.calls).toHaveLength(1);
});

test("a re-trigger of a deleted ticket finds its old comment by the marker", async () => {
  await deliver();
  await pass();
  await passDays(92);
  await deliver();
  await pass();
  const markers = harness.calls.map(({ headers }) => headers.get("webhook-id"));
  expect(markers).toHaveLength(2);
  expect(new Set(markers).size).toBe(1);
});

test("many tickets are deleted, page by page", async () => {
  await deliver();
  await pass();
  await query(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4500)
     INSERT INTO ticket (id, state, received_at, queued_at, finished_at)
     SELECT 'OLD-' || i, 'done', ?1, ?1, ?1 FROM n`,
    Date.now() - 91 * DAY,
  );
  await ledger().maintain();
  expect(await count("ticket")).toBe(1);
  expect(await recordOf("T-1")).toMatchObject({ state: "done" });
});

test("the schedule makes every ledger delete old tickets, and logs when one fails", async () => {
  await deliver();
  await pass();
  vi.setSystemTime(Date.now() + 91 * DAY);
  await runSchedule("* * * * *", env as never);
  expect(await recordOf()).not.toBeNull();
  await runInDurableObject(ledger(), (_, { storage }) => {
    vi.spyOn(storage, "transactionSync").mockImplementationOnce(() => {
      throw new Error("the disk is full");
    });
  });
  await runSchedule("17 * * * *", env as never);
  expect(harness.log.join()).toContain("maintenance_failed");
  await runSchedule("17 * * * *", env as never);
  expect(await recordOf()).toBeNull();
});
