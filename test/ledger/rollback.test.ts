import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { pollTicketSystems } from "../../src/worker/scheduled.ts";
import redmine from "../fixtures/redmine.json";
import {
  ask,
  crash,
  created,
  DAY,
  deliver,
  HOUR,
  ledger,
  onStorage,
  pass,
  recordOf,
  SECOND,
  send,
  set,
  useHarness,
} from "./ledger-harness.ts";

const harness = useHarness({ withoutJitter: true });

/** The next transaction writes, and then cannot be committed: all that it wrote is rolled back. */
function failNextCommit() {
  return onStorage((storage) => {
    const transactionSync = storage.transactionSync.bind(storage);
    return vi.spyOn(storage, "transactionSync").mockImplementationOnce((write) =>
      transactionSync(() => {
        write();
        throw new Error("the disk is full");
      }),
    );
  });
}

/** Every commit waits for the disk until it is let go; what is written meanwhile gathers. */
async function holdDisk(): Promise<() => void> {
  const gate = Promise.withResolvers<void>();
  await onStorage((storage) => {
    const sync = storage.sync.bind(storage);
    vi.spyOn(storage, "sync").mockImplementation(async () => {
      await gate.promise;
      await sync();
    });
  });
  return gate.resolve;
}

async function deliverTickets(...ids: string[]) {
  for (const id of ids) {
    const body = created({ id, body: "Error 0x8024FFFE" });
    expect((await deliver(body, { id: `msg_${id}` })).status).toBe(202);
    vi.setSystemTime(Date.now() + 1);
  }
}

/** The ticket system does not answer until it is told to. */
function holdDesk(): () => void {
  const gate = Promise.withResolvers<void>();
  const { always } = harness;
  harness.always = async (call) => {
    await gate.promise;
    return always(call);
  };
  return gate.resolve;
}

/** Until what has been answered is read. */
function untilRead() {
  return new Promise((resolve) => setTimeout(resolve, 50));
}

/**
 * Posts the comments of the tickets that wait. Their outcomes share one transaction, which fails.
 */
async function endInRolledBackTransaction(waiting: number) {
  const tried = harness.calls.length;
  const answer = holdDesk();
  const running = runDurableObjectAlarm(ledger());
  await vi.waitFor(() => expect(harness.calls).toHaveLength(tried + waiting));
  // While this commit waits for the disk, the outcomes gather, and the mark of the next ticket.
  const release = await holdDisk();
  await deliverTickets("LAST");
  answer();
  await untilRead();
  const transactions = await failNextCommit();
  release();
  await running;
  expect(transactions, "all at once, then each alone; then LAST").toHaveBeenCalledTimes(
    1 + waiting + 1 + 1,
  );
}

function logged(event: string) {
  const lines = harness.log.map((line) => JSON.parse(line));
  return lines.filter((line) => line.event === event);
}

async function figure(name: string) {
  const text = await (await ask("/metrics")).text();
  const line = text.split("\n").find((each) => each.startsWith(name));
  return Number(line?.split(" ").at(-1) ?? 0);
}

function circuit() {
  return onStorage(({ sql }) => {
    const [row] = sql.exec<{ value: string }>("SELECT value FROM meta WHERE key = 'circuit'");
    const { until, failure } = JSON.parse(row?.value ?? "{}") as { until: number; failure: string };
    return { failure, waitMs: until - Date.now() };
  });
}

test("a ticket whose outcome is rolled back and written again is logged and counted once", async () => {
  await deliverTickets("FIRST");
  await pass();
  await deliverTickets("T-1", "T-2");
  await endInRolledBackTransaction(2);
  expect(logged("ticket_done").map(({ ticketId }) => ticketId)).toEqual([
    "FIRST",
    "T-1",
    "T-2",
    "LAST",
  ]);
  expect({
    posted: await figure('hresult_tickets_total{connector="standard",outcome="posted"}'),
    attempts: await figure('hresult_attempts_total{connector="standard",result="done"}'),
    unlisted: await figure('hresult_unlisted_codes_total{connector="standard",code="0x8024FFFE"}'),
  }).toEqual({ posted: 4, attempts: 4, unlisted: 4 });
});

test("a circuit whose opening is rolled back opens when the write runs again", async () => {
  await deliverTickets("FIRST");
  await pass();
  harness.always = () => new Response("", { status: 401 });
  await deliverTickets("T-1", "T-2");
  await endInRolledBackTransaction(2);
  expect(await circuit()).toEqual({ failure: "ticket_system_denied", waitMs: SECOND });
  expect(logged("circuit_breaker_opened")).toHaveLength(1);
  expect(logged("ticket_retry_scheduled").map(({ ticketId }) => ticketId)).toEqual([
    "T-1",
    "T-2",
    "LAST",
  ]);
  expect(
    await figure('hresult_attempts_total{connector="standard",result="ticket_system_denied"}'),
  ).toBe(3);
  const offences = await onStorage(({ sql }) => [
    ...sql.exec("SELECT id FROM ticket WHERE offences > 0"),
  ]);
  expect(offences, "it was the first that opened it").toEqual([{ id: "T-1" }]);
});

test("a circuit whose closing is rolled back closes when the write runs again", async () => {
  harness.always = () => new Response("", { status: 401 });
  await deliverTickets("T-1", "T-2");
  await pass();
  await onStorage(({ sql }) => {
    sql.exec("UPDATE ticket SET due_at = due_at + ?", HOUR);
  });
  harness.always = () => Response.json({ id: "c-1" });
  const tried = harness.calls.length;
  const answer = holdDesk();
  await deliverTickets("T-3");
  vi.setSystemTime(Date.now() + 60 * SECOND);
  const running = runDurableObjectAlarm(ledger());
  await vi.waitFor(() => expect(harness.calls).toHaveLength(tried + 1));
  const release = await holdDisk();
  const delivering = deliverTickets("T-4");
  await untilRead();
  answer();
  await untilRead();
  await failNextCommit();
  release();
  await Promise.all([running, delivering]);
  await pass();
  const states = await Promise.all(["T-1", "T-2", "T-3", "T-4"].map((id) => recordOf(id)));
  expect(states.map((each) => each?.state)).toEqual(["done", "done", "done", "done"]);
  await crash();
  expect(await ledger().health()).toMatchObject({ paused: null });
});

test("a page of old tickets whose deletion is rolled back is deleted later", async () => {
  await deliverTickets("FIRST");
  await pass();
  await onStorage(({ sql }) => {
    sql.exec(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4500)
       INSERT INTO ticket (id, state, received_at, queued_at, finished_at)
       SELECT 'OLD-' || i, 'done', ?1, ?1, ?1 FROM n`,
      Date.now() - 91 * DAY,
    );
  });
  vi.setSystemTime(Date.now() + DAY);
  await failNextCommit();
  const failure = await ledger()
    .maintain()
    .catch((error: Error) => error.message);
  expect(failure).toBe("the disk is full");
  await ledger().maintain();
  const left = await onStorage(({ sql }) => [...sql.exec("SELECT id FROM ticket")]);
  expect(left).toEqual([{ id: "FIRST" }]);
});

test("a ledger whose first commit fails still knows its connector after a restart", async () => {
  await failNextCommit();
  expect((await deliver()).status).toBe(503);
  expect((await deliver()).status).toBe(202);
  await evictDurableObject(ledger());
  await pass();
  expect(await recordOf()).toMatchObject({ state: "done", outcome: "posted" });
});

test("a clock that is set back is noticed again when the write that noticed it fails", async () => {
  harness.answers.push(() => new Response("", { status: 503 }));
  await deliverTickets("T-1");
  await pass();
  vi.setSystemTime(Date.now() - HOUR);
  await failNextCommit();
  expect((await deliver(created({ id: "T-2" }), { id: "msg_T-2" })).status).toBe(503);
  await deliverTickets("T-2");
  await pass(SECOND);
  expect(await recordOf("T-1")).toMatchObject({ state: "done" });
});

test("answers without a ledger are counted once when the alarm cannot be set", async () => {
  await send("/webhooks/standard", { method: "POST", body: created() });
  await onStorage((storage) => {
    vi.spyOn(storage, "setAlarm").mockRejectedValueOnce(new Error("the disk is full"));
  });
  expect((await deliver()).status).toBe(503);
  expect(await (await deliver()).json()).toMatchObject({ status: "duplicate" });
  const counted = (answer: string) =>
    figure(`hresult_deliveries_total{connector="standard",answer="${answer}"}`);
  expect({
    missing: await counted("signature_missing"),
    unavailable: await counted("ledger_unavailable"),
    accepted: await counted("accepted"),
    duplicate: await counted("duplicate"),
  }).toEqual({ missing: 1, unavailable: 1, accepted: 0, duplicate: 1 });
  await pass();
  expect(await recordOf(), "the second delivery sets the alarm").toMatchObject({ state: "done" });
});

test("answers without a ledger are counted once when the counters cannot be saved", async () => {
  await deliverTickets("T-1");
  await send("/webhooks/standard", { method: "POST", body: created() });
  await onStorage(({ sql }) => {
    sql.exec(
      `CREATE TRIGGER f BEFORE INSERT ON meta WHEN NEW.key = 'counters'
       BEGIN SELECT RAISE(ABORT, 'full'); END`,
    );
  });
  expect(await figure('hresult_ledger_up{connector="standard"}')).toBe(0);
  await onStorage(({ sql }) => void sql.exec("DROP TRIGGER f"));
  const name = 'hresult_deliveries_total{connector="standard",answer="signature_missing"}';
  expect(await figure(name)).toBe(1);
});

test("tickets of one poll page are counted even if the next page cannot be read", async () => {
  set({ ...redmine.env, REDMINE_FLAG_FIELD: "" });
  const issue = (id: number) => ({ id, project: { id: 3 } });
  let pages = 0;
  harness.always = ({ url }) => {
    if (url.includes("users/current")) {
      return Response.json(redmine.posted.requests[1]?.answer.body);
    }
    if (url.includes("sort=id:desc")) return Response.json({ issues: [issue(1)] });
    if (++pages > 1) return new Response("", { status: 503 });
    return Response.json({ issues: Array.from({ length: 100 }, (_, index) => issue(index + 2)) });
  };
  await pollTicketSystems(env as never);
  await pollTicketSystems(env as never);
  expect(logged("poll_failed")).toHaveLength(1);
  expect(await figure('hresult_deliveries_total{connector="redmine",answer="polled"}')).toBe(100);
});
