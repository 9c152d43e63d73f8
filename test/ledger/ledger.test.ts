import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { MAX_CONCURRENCY } from "../../src/ledger/circuit-breaker.ts";
import { testCatalog, withCodes } from "../catalog-fixture.ts";
import {
  ask,
  type Call,
  crash,
  created,
  deliver,
  deliverTickets,
  dump,
  HOUR,
  ledger,
  loadCatalog,
  pass,
  recordOf,
  retrigger,
  SECOND,
  SECRET,
  START,
  send,
  set,
  sign,
  useHarness,
} from "./ledger-harness.ts";

const TICKET_URL = "https://desk.example/tickets/{id}";

const harness = useHarness({ withoutJitter: true });

function answer(status: number, headers: Record<string, string> = {}, body: string | null = "") {
  return () => new Response([204, 304].includes(status) ? null : body, { status, headers });
}

function down(): Response {
  return new Response("", { status: 503 });
}

function denied(): Response {
  return new Response("", { status: 401 });
}

/** The markers of all comments that the ticket system got, in order. */
function markers() {
  return posts().map(({ headers }) => headers.get("webhook-id"));
}

function posts() {
  return harness.calls.filter(({ method }) => method === "POST");
}

function ticketOf({ url }: Call) {
  return url.split("/").at(-2);
}

function inSeconds(seconds: number) {
  return new Date(START + seconds * SECOND).toISOString();
}

async function states(...ids: string[]) {
  const records = await Promise.all(ids.map((id) => recordOf(id)));
  return records.map((record) => record?.state);
}

test("a delivery leads to one comment, and the record shows it", async () => {
  await deliver();
  expect(await recordOf()).toEqual({
    connector: "standard",
    ticketId: "T-1",
    url: null,
    state: "waiting",
    outcome: null,
    mode: "post",
    codes: ["0x80090029"],
    topics: [null],
    sources: [null],
    situation: null,
    contactMicrosoft: false,
    attempts: 0,
    lastFailure: null,
    commentId: null,
    catalogVersion: null,
    locale: null,
    receivedAt: inSeconds(0),
    finishedAt: null,
    nextAttemptAt: inSeconds(0),
  });
  await pass(2 * SECOND);
  expect(await recordOf()).toEqual({
    connector: "standard",
    ticketId: "T-1",
    url: null,
    state: "done",
    outcome: "posted",
    mode: "post",
    codes: ["0x80090029"],
    topics: [null],
    sources: [null],
    situation: null,
    contactMicrosoft: false,
    attempts: 1,
    lastFailure: null,
    commentId: "c-1",
    catalogVersion: expect.stringMatching(/^[0-9a-f]{12}$/),
    locale: "en",
    receivedAt: inSeconds(0),
    finishedAt: inSeconds(2),
    nextAttemptAt: null,
  });
  expect(posts()).toHaveLength(1);
});

type Reply = () => Response | Promise<Response>;

const receipts: [why: string, commentId: string | null, reply: Reply][] = [
  ["names the comment by a text", "c-9", answer(200, {}, '{"id":"c-9"}')],
  ["names the comment by a number", "9", answer(201, {}, '{"id":9}')],
  ["names no comment", null, answer(200, {}, '{"ok":true}')],
  ["is no JSON", null, answer(200, {}, "OK")],
  ["is empty", null, answer(202)],
  ["is 204", null, answer(204)],
];

test.each(receipts)("an answer that %s gives the comment id %s", async (_, commentId, reply) => {
  harness.always = reply;
  await deliver();
  await pass();
  expect(await recordOf()).toMatchObject({ state: "done", outcome: "posted", commentId });
});

const inOneMinute = new Date(START + 60 * SECOND).toUTCString();
const page = { "content-type": "text/html" };

/** `waitS` is null when the ticket is not tried again. */
const refusals: [why: string, failure: string, waitS: number | null, reply: Reply][] = [
  ["500", "ticket_system_unavailable", 1, answer(500)],
  ["502", "ticket_system_unavailable", 1, answer(502)],
  ["503", "ticket_system_unavailable", 1, answer(503)],
  ["504", "ticket_system_unavailable", 1, answer(504)],
  ["408", "ticket_system_unavailable", 1, answer(408)],
  ["503, Retry-After 90 s", "ticket_system_unavailable", 90, answer(503, { "retry-after": "90" })],
  [
    "a connection reset",
    "ticket_system_unavailable",
    1,
    () => Promise.reject(new TypeError("reset")),
  ],
  ["an answer that breaks off", "ticket_system_unavailable", 1, cutAnswer],
  ["429", "ticket_system_busy", 1, answer(429)],
  ["429, Retry-After 120 s", "ticket_system_busy", 120, answer(429, { "retry-after": "120" })],
  [
    "429, Retry-After as a date",
    "ticket_system_busy",
    60,
    answer(429, { "retry-after": inOneMinute }),
  ],
  [
    "429, Retry-After of years",
    "ticket_system_busy",
    3600,
    answer(429, { "retry-after": "999999999" }),
  ],
  ["429, invalid Retry-After", "ticket_system_busy", 1, answer(429, { "retry-after": "soon" })],
  ["429, negative Retry-After", "ticket_system_busy", 1, answer(429, { "retry-after": "-5" })],
  ["401", "ticket_system_denied", 1, answer(401)],
  ["403", "ticket_system_denied", 1, answer(403)],
  ["400", "ticket_system_refused", null, answer(400)],
  ["402", "ticket_system_not_found", 1, answer(402)],
  ["404", "ticket_system_not_found", 1, answer(404)],
  ["410", "ticket_system_refused", null, answer(410)],
  ["422", "ticket_system_refused", null, answer(422)],
  [
    "a redirect",
    "ticket_system_answer_invalid",
    1,
    answer(302, { location: "https://else.example" }),
  ],
  ["an HTML page", "ticket_system_answer_invalid", 1, answer(200, page, "<p>Sign in")],
  [
    "an HTML page without a content type",
    "ticket_system_answer_invalid",
    1,
    answer(200, {}, "\n<!doctype html>"),
  ],
];

function cutAnswer() {
  return new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"id":'));
        controller.error(new TypeError("reset"));
      },
    }),
  );
}

test.each(refusals)(
  "after the answer %s: %s, next attempt in %s s",
  async (_, lastFailure, waitS, reply) => {
    harness.always = reply;
    await deliver();
    await pass();
    expect(await recordOf()).toMatchObject({
      state: waitS === null ? "failed" : "waiting",
      outcome: null,
      codes: ["0x80090029"],
      attempts: 1,
      lastFailure,
      nextAttemptAt: waitS === null ? null : inSeconds(waitS),
      finishedAt: waitS === null ? inSeconds(0) : null,
    });
    expect(harness.calls).toHaveLength(1);
  },
);

test("an answer after the time limit counts as no answer", async () => {
  vi.stubGlobal("fetch", async () => {
    throw new DOMException("late", "TimeoutError");
  });
  set({ STANDARD_TICKET_URL: TICKET_URL });
  await deliver();
  await pass();
  expect(await recordOf()).toMatchObject({
    state: "waiting",
    lastFailure: "ticket_system_unavailable",
  });
});

test("delays double up to an hour", async () => {
  harness.always = answer(502);
  await deliver();
  const delays: number[] = [];
  for (let tries = 1; tries <= 14; tries++) {
    await pass((delays.at(-1) ?? 0) * SECOND);
    const record = await recordOf();
    expect(record?.attempts).toBe(tries);
    delays.push((Date.parse(record?.nextAttemptAt ?? "") - Date.now()) / SECOND);
  }
  expect(delays).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600]);
});

test("jitter shortens a delay by up to half", async () => {
  vi.mocked(Math.random).mockReturnValue(0);
  harness.always = answer(502);
  await deliver();
  await pass();
  expect((await recordOf())?.nextAttemptAt).toBe(inSeconds(0.5));
});

test("a ticket is not tried before it is due", async () => {
  harness.answers.push(down);
  await deliver();
  await pass();
  await pass(SECOND - 1);
  expect(posts()).toHaveLength(1);
  await pass(1);
  expect(posts()).toHaveLength(2);
  expect(await recordOf()).toMatchObject({ state: "done", attempts: 2, lastFailure: null });
});

test("after three days without an answer a ticket fails, is listed, and can be re-triggered", async () => {
  harness.always = down;
  await deliver();
  await pass();
  for (let hours = 0; hours < 71; hours++) await pass(HOUR);
  expect(await states("T-1")).toEqual(["waiting"]);
  for (let hours = 0; hours < 3; hours++) await pass(HOUR);
  expect(await recordOf()).toMatchObject({
    state: "failed",
    lastFailure: "ticket_system_unavailable",
    codes: ["0x80090029"],
    nextAttemptAt: null,
  });
  const shown = await ask("/tickets?state=failed");
  expect(await shown.json()).toMatchObject({ tickets: [{ ticketId: "T-1" }], cursor: null });

  harness.always = answer(200);
  expect((await retrigger()).status).toBe(202);
  await pass(HOUR);
  expect(await recordOf()).toMatchObject({ state: "done", outcome: "posted", lastFailure: null });
  expect(new Set(markers()).size).toBe(1);
});

test("a ticket waits for more than three days while the token is refused", async () => {
  harness.always = denied;
  await deliver();
  await pass();
  for (let hours = 0; hours < 100; hours++) await pass(HOUR);
  expect(await states("T-1")).toEqual(["waiting"]);
  harness.always = answer(200);
  await pass(HOUR);
  expect(await states("T-1")).toEqual(["done"]);
});

test("an unexpected error fails after six attempts, and its text is shown nowhere", async () => {
  vi.spyOn(crypto.subtle, "digest").mockRejectedValue(new TypeError("canary"));
  await deliver();
  for (let tries = 0; tries < 10; tries++) await pass(HOUR);
  expect(await recordOf()).toMatchObject({
    state: "failed",
    lastFailure: "unexpected",
    attempts: 6,
  });
  expect(harness.log.join("\n")).not.toContain("canary");
  expect(await dump()).not.toContain("canary");
});

test("the log shows ids, codes and states", async () => {
  harness.answers.push(answer(422));
  await deliver();
  await pass();
  await retrigger();
  await pass();
  expect(harness.log.map((line) => JSON.parse(line))).toEqual([
    { event: "delivery_accepted", connector: "standard", ticketId: "T-1" },
    {
      event: "ticket_failed",
      connector: "standard",
      ticketId: "T-1",
      code: "ticket_system_refused",
      detail: "answered 422",
      attempts: 1,
    },
    { event: "retrigger_accepted", connector: "standard", ticketId: "T-1" },
    { event: "ticket_done", connector: "standard", ticketId: "T-1", outcome: "posted" },
  ]);
});

test("every attempt at one comment uses the same marker", async () => {
  harness.answers.push(down, down, cutAnswer);
  await deliver();
  for (let tries = 0; tries < 4; tries++) await pass(HOUR);
  expect(markers()).toEqual(Array(4).fill(expect.stringMatching(/^hresult-[0-9a-f]{32}$/)));
  expect(new Set(markers()).size).toBe(1);
});

test("a comment whose answer was lost is found, and not posted again", async () => {
  set({
    REQUEST_TRACKER_URL: "https://rt.example/",
    REQUEST_TRACKER_TOKEN: "1-2-token",
    REQUEST_TRACKER_SECRETS: SECRET,
  });
  harness.always = ({ method }) => {
    if (method === "POST") throw new TypeError("reset");
    const { Content } = JSON.parse(posts()[0]?.body ?? "{}");
    const piece = {
      id: "31",
      TransactionId: "77",
      ContentType: "text/html",
      Creator: { id: "bot" },
      Content,
    };
    return Response.json({ items: [piece] });
  };
  const body = created({ id: "7" });
  await send("/webhooks/request-tracker", { method: "POST", headers: sign(body), body });
  await pass(0, "request-tracker");
  expect(harness.calls.map(({ method }) => method)).toEqual(["POST"]);
  await pass(SECOND, "request-tracker");
  expect(harness.calls.map(({ method }) => method)).toEqual(["POST", "GET"]);
  expect(await recordOf("7", "request-tracker")).toMatchObject({
    state: "done",
    outcome: "posted",
    commentId: "77",
    attempts: 2,
  });
});

test("after a crash during a post the comment is searched for a minute, then posted again", async () => {
  set({
    REQUEST_TRACKER_URL: "https://rt.example/",
    REQUEST_TRACKER_TOKEN: "1-2-token",
    REQUEST_TRACKER_SECRETS: SECRET,
  });
  harness.answers.push(() => new Promise<never>(() => {}));
  const body = created({ id: "7" });
  await send("/webhooks/request-tracker", { method: "POST", headers: sign(body), body });
  const ended = runDurableObjectAlarm(ledger("request-tracker")).catch(() => {});
  await vi.waitFor(() => expect(harness.calls).toHaveLength(1));
  await crash("request-tracker");
  await ended;
  harness.always = ({ method }) =>
    Response.json(method === "GET" ? { items: [] } : ["Comment added"]);
  await pass(0, "request-tracker");
  await pass(SECOND, "request-tracker");
  expect(harness.calls.map(({ method }) => method)).toEqual(["POST", "GET"]);
  expect(await recordOf("7", "request-tracker")).toMatchObject({ lastFailure: "comment_awaited" });
  await pass(58 * SECOND, "request-tracker");
  expect(harness.calls, "it may be stored yet").toHaveLength(2);
  await pass(SECOND, "request-tracker");
  expect(harness.calls.map(({ method }) => method)).toEqual(["POST", "GET", "GET", "POST"]);
});

test("a ticket on which the process crashes repeatedly fails, and the others are done", async () => {
  harness.always = (call) =>
    ticketOf(call) === "BAD" ? new Promise<never>(() => {}) : Response.json({});
  await deliverTickets("BAD");
  for (let crashes = 1; crashes <= 5; crashes++) {
    vi.setSystemTime(Date.now() + HOUR);
    const ended = runDurableObjectAlarm(ledger()).catch(() => {});
    await vi.waitFor(() => expect(posts()).toHaveLength(crashes));
    await crash();
    await ended;
    await pass();
  }
  expect(await recordOf("BAD")).toMatchObject({ state: "failed", lastFailure: "unexpected" });
  await deliverTickets("T-1");
  await pass();
  expect(await states("T-1")).toEqual(["done"]);
});

test("a ticket whose row is unreadable fails, and the others are done", async () => {
  await deliverTickets("OLD", "T-1");
  await runInDurableObject(ledger(), (_, { storage }) => {
    storage.sql.exec(`UPDATE ticket SET scanned = '{"codes":[]}' WHERE id = 'OLD'`);
  });
  await pass();
  expect(await states("T-1")).toEqual(["done"]);
  const failed = await runInDurableObject(ledger(), (_, { storage }) => [
    ...storage.sql.exec("SELECT id FROM ticket WHERE state = 'failed'"),
  ]);
  expect(failed).toEqual([{ id: "OLD" }]);
  expect((await ask("/tickets")).status).toBe(200);
});

test("a clock that is set back by an hour delays no ticket by an hour", async () => {
  harness.answers.push(down);
  await deliverTickets("T-1");
  await pass();
  vi.setSystemTime(Date.now() - HOUR);
  await deliverTickets("T-2");
  await pass(SECOND);
  expect(await states("T-1", "T-2")).toEqual(["done", "done"]);
});

test("two tickets have two markers", async () => {
  await deliverTickets("T-1", "T-2");
  await pass();
  expect(new Set(markers()).size).toBe(2);
});

test("after a crash during a post the next process posts with the same marker", async () => {
  harness.answers.push(() => new Promise<never>(() => {}));
  await deliver();
  const ended = runDurableObjectAlarm(ledger()).catch(() => "ended");
  await vi.waitFor(() => expect(harness.calls).toHaveLength(1));
  expect(await states("T-1")).toEqual(["working"]);
  const working = await ask("/tickets?state=working");
  expect(await working.json()).toMatchObject({ tickets: [{ ticketId: "T-1" }] });
  await crash();
  expect(await ended).toBe("ended");

  await pass();
  expect(await recordOf()).toMatchObject({ state: "waiting", attempts: 1 });
  await pass(SECOND);
  expect(await recordOf()).toMatchObject({ state: "done", outcome: "posted", attempts: 2 });
  expect(markers()).toHaveLength(2);
  expect(new Set(markers()).size).toBe(1);
});

/** A run after one that the platform saw end with its process, and in which a ticket is read. */
async function carefulRun(): Promise<void> {
  await runInDurableObject(ledger(), (instance) =>
    instance.alarm({ isRetry: true, retryCount: 1, scheduledTime: Date.now() }),
  ).catch(() => {});
}

test("a ticket that crashes the process while it is read fails, and the others are done", async () => {
  set({ STANDARD_TICKET_URL: TICKET_URL });
  harness.always = ({ url }) =>
    url.endsWith("BAD") ? new Promise<never>(() => {}) : Response.json({ ticket: fetched });
  await deliver(created({ id: "BAD", body: null }));
  for (let crashes = 1; crashes <= 5; crashes++) {
    vi.setSystemTime(Date.now() + HOUR);
    // Once the ticket is known for it, it need not be the platform that says so.
    const running = crashes === 1 ? carefulRun() : runDurableObjectAlarm(ledger()).catch(() => {});
    await vi.waitFor(() => expect(harness.calls).toHaveLength(crashes));
    expect(await states("BAD"), "what is begun leaves a trace").toEqual(["working"]);
    await crash();
    await running;
    await pass(20 * SECOND);
  }
  expect(await recordOf("BAD")).toMatchObject({ state: "failed", lastFailure: "unexpected" });
  await deliverTickets("T-1");
  await pass();
  expect(await states("T-1")).toEqual(["done"]);
});

test("after a crash tickets are tried one at a time, with a recovery alarm set", async () => {
  let working = 0;
  let most = 0;
  const alarms: (number | null)[] = [];
  harness.always = async () => {
    most = Math.max(most, ++working);
    alarms.push(await runInDurableObject(ledger(), (_, { storage }) => storage.getAlarm()));
    working--;
    return Response.json({});
  };
  await deliverTickets("T-1", "T-2", "T-3");
  await carefulRun();
  expect(await states("T-1", "T-2", "T-3")).toEqual(["done", "done", "done"]);
  expect(most).toBe(1);
  expect(new Set(alarms)).toEqual(new Set([Date.now() + 20 * SECOND]));
});

test("stored tickets survive a restart", async () => {
  harness.always = denied;
  await deliverTickets("T-1", "T-2");
  await pass();
  const before = await Promise.all(["T-1", "T-2"].map((id) => recordOf(id)));
  await evictDurableObject(ledger());
  expect(await Promise.all(["T-1", "T-2"].map((id) => recordOf(id)))).toEqual(before);
  const health = await ledger().health();
  expect(health).toEqual({ paused: "ticket_system_denied", pollFailure: null });
});

test("the disk is checked once a minute, however often health is asked for", async () => {
  const checkedAt = () =>
    runInDurableObject(ledger(), (_, { storage }) => {
      const [row] = storage.sql.exec("SELECT value FROM meta WHERE key = 'checked'");
      return (Number(row?.value) - START) / SECOND;
    });
  const checks: number[] = [];
  for (let seconds = 0; seconds <= 120; seconds += 20) {
    vi.setSystemTime(START + seconds * SECOND);
    await ledger().health();
    checks.push(await checkedAt());
  }
  expect(checks).toEqual([0, 0, 0, 60, 60, 60, 120]);
});

test("an alarm that runs twice at once, and once more, posts once", async () => {
  await deliver();
  await runInDurableObject(ledger(), async (instance) => {
    await Promise.all([instance.alarm(), instance.alarm()]);
    await instance.alarm();
  });
  expect(posts()).toHaveLength(1);
  expect(await recordOf()).toMatchObject({ state: "done", attempts: 1 });
});

test("at most six tickets are worked on at once", async () => {
  let working = 0;
  let most = 0;
  harness.always = async () => {
    most = Math.max(most, ++working);
    await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve, 1));
    working--;
    return Response.json({});
  };
  await deliverTickets(...Array.from({ length: 12 }, (_, index) => `T-${index}`));
  await pass();
  expect(posts()).toHaveLength(12);
  expect(most).toBe(MAX_CONCURRENCY);
});

test("one alarm works on all tickets, including those that arrive meanwhile", async () => {
  harness.answers.push(async () => {
    await deliverTickets("LATE");
    return Response.json({});
  });
  await deliverTickets(...Array.from({ length: 60 }, (_, index) => `T-${index}`));
  await runDurableObjectAlarm(ledger());
  expect(posts()).toHaveLength(61);
});

/** A ticket system that does not answer until it is told to. */
function hold() {
  const { promise, resolve } = Promise.withResolvers<void>();
  harness.always = async () => {
    await promise;
    return Response.json({});
  };
  return resolve;
}

test("a delivery is answered while all attempts hang, however long other tickets wait", async () => {
  const answerAll = hold();
  await deliverTickets(
    ...Array.from({ length: MAX_CONCURRENCY + 1 }, (_, index) => `T-${index + 1}`),
  );
  const running = runDurableObjectAlarm(ledger());
  await vi.waitFor(() => expect(posts()).toHaveLength(MAX_CONCURRENCY));
  vi.setSystemTime(START + 400);
  await deliverTickets("NEW");
  expect(await states("T-1", "NEW")).toEqual(["working", "waiting"]);
  answerAll();
  await running;
});

test("tickets still waiting when the circuit opens were not tried", async () => {
  harness.always = denied;
  const ids = Array.from({ length: 12 }, (_, index) => `T-${index}`);
  await deliverTickets(...ids);
  await pass();
  expect(harness.calls.map(ticketOf)).toEqual(ids.slice(0, MAX_CONCURRENCY));
  const records = await Promise.all(ids.map((id) => recordOf(id)));
  expect(records.map((each) => each?.attempts)).toEqual(
    ids.map((_, index) => (index < MAX_CONCURRENCY ? 1 : 0)),
  );
  expect(new Set(records.map((each) => each?.state))).toEqual(new Set(["waiting"]));
});

test("a ledger that cannot write a result restarts, and uses the same marker", async () => {
  const full = "SELECT RAISE(ABORT, 'full')";
  const onDisk = (statement: string) =>
    runInDurableObject(ledger(), (_, { storage }) => void storage.sql.exec(statement));
  await deliver();
  await onDisk(
    `CREATE TRIGGER f BEFORE UPDATE ON ticket WHEN NEW.state = 'done' BEGIN ${full}; END`,
  );
  await expect(runDurableObjectAlarm(ledger())).rejects.toThrow("the ledger cannot write");
  expect(harness.log.join()).toContain("ledger_write_failed");
  await onDisk("DROP TRIGGER f");
  await pass(20 * SECOND);
  await pass(SECOND);
  expect(await recordOf()).toMatchObject({ state: "done", outcome: "posted" });
  expect(new Set(markers()).size).toBe(1);
});

test("when the platform allows no more requests, the next alarm continues, and no attempt counts", async () => {
  const limit = "Too many subrequests by single Worker invocation.";
  let calls = 0;
  harness.always = () => {
    if (calls === 50) throw new Error(limit);
    calls++;
    return Response.json({});
  };
  const ids = Array.from({ length: 60 }, (_, index) => `T-${index}`);
  await deliverTickets(...ids);
  await runDurableObjectAlarm(ledger());
  expect((await states(...ids)).filter((state) => state === "done")).toHaveLength(50);
  calls = 0;
  await pass();
  const records = await Promise.all(ids.map((id) => recordOf(id)));
  expect(new Set(records.map((each) => `${each?.state} ${each?.attempts}`))).toEqual(
    new Set(["done 1"]),
  );
  expect(await ledger().health()).toMatchObject({ paused: null });
});

test("a hanging ticket does not delay others", async () => {
  const hang = Promise.withResolvers<void>();
  harness.always = async (call) => {
    if (ticketOf(call) === "BAD") await hang.promise;
    return Response.json({});
  };
  await deliverTickets("BAD");
  const running = runDurableObjectAlarm(ledger());
  await vi.waitFor(() => expect(posts()).toHaveLength(1));
  const ids = Array.from({ length: 30 }, (_, index) => `T-${index}`);
  await deliverTickets(...ids);
  await vi.waitFor(async () => {
    expect(new Set(await states(...ids))).toEqual(new Set(["done"]));
  });
  expect(await states("BAD")).toEqual(["working"]);
  hang.resolve();
  await running;
  expect(await states("BAD")).toEqual(["done"]);
});

const pausing: [status: number, failure: string, reply: Reply][] = [
  [401, "ticket_system_denied", denied],
  [403, "ticket_system_denied", answer(403)],
  [429, "ticket_system_busy", answer(429, { "retry-after": "60" })],
];

test.each(pausing)("%i opens the circuit and keeps the tickets: %s", async (_, failure, reply) => {
  const ids = Array.from({ length: MAX_CONCURRENCY + 2 }, (_, index) => `T-${index}`);
  harness.always = reply;
  await deliverTickets(...ids);
  await pass();
  expect(posts()).toHaveLength(MAX_CONCURRENCY);
  const { until } = await pauseOf();
  expect(until).toBeGreaterThan(Date.now());
  expect(await recordOf(ids.at(-1))).toMatchObject({
    state: "waiting",
    attempts: 0,
    nextAttemptAt: new Date(until).toISOString(),
  });
  expect(await ledger().health()).toMatchObject({ paused: failure });

  await deliverTickets("NEW");
  await pass();
  expect(posts(), "a new ticket waits too").toHaveLength(MAX_CONCURRENCY);

  await pass(until - Date.now());
  expect(posts(), "half-open: one ticket is tried").toHaveLength(MAX_CONCURRENCY + 1);
  expect(new Set(await states(...ids, "NEW"))).toEqual(new Set(["waiting"]));

  harness.always = answer(200);
  await pass(HOUR);
  expect(new Set(await states(...ids, "NEW"))).toEqual(new Set(["done"]));
  expect(await ledger().health()).toMatchObject({ paused: null });
});

function pauseOf() {
  return runInDurableObject(ledger(), (_, { storage }) => {
    const [row] = storage.sql.exec<{ value: string }>(
      "SELECT value FROM meta WHERE key = 'circuit'",
    );
    return JSON.parse(row?.value ?? "{}") as { until: number; failure: string | null };
  });
}

test("three tickets in a row without an answer open the circuit, two do not", async () => {
  harness.always = down;
  await deliverTickets("T-1", "T-2");
  await pass();
  expect(await ledger().health()).toMatchObject({ paused: null });
  await deliverTickets("T-3");
  await pass();
  expect(await ledger().health()).toMatchObject({ paused: "ticket_system_unavailable" });
});

test("a ticket that never succeeds does not delay the others", async () => {
  harness.always = (call) => (ticketOf(call) === "BAD" ? down() : Response.json({}));
  await deliverTickets("BAD");
  for (let tries = 0; tries < 12; tries++) await pass(HOUR);
  expect(await ledger().health()).toMatchObject({ paused: null });
  await deliverTickets("T-1", "T-2", "T-3");
  await pass();
  expect(await states("BAD", "T-1", "T-2", "T-3")).toEqual(["waiting", "done", "done", "done"]);
});

test("a ticket without a code does not close the circuit", async () => {
  harness.always = denied;
  await deliverTickets("T-1");
  vi.mocked(Math.random).mockReturnValueOnce(0);
  await pass();
  await deliver(created({ id: "T-2", subject: "Hello", body: "no code" }), { id: "msg_T-2" });
  await pass(SECOND / 2);
  expect(await recordOf("T-2")).toMatchObject({ state: "done", outcome: "no_code" });
  expect(await ledger().health()).toMatchObject({ paused: "ticket_system_denied" });
});

test("after an outage the tickets are done in order of arrival, one at a time", async () => {
  const ids = Array.from({ length: 24 }, (_, index) => `T-${99 - index}`);
  harness.always = down;
  await deliverTickets(...ids);
  for (let minutes = 0; minutes < 90; minutes++) await pass(60 * SECOND);
  expect(await ledger().health()).toMatchObject({ paused: "ticket_system_unavailable" });

  let working = 0;
  let most = 0;
  harness.calls.length = 0;
  harness.always = async () => {
    most = Math.max(most, ++working);
    await new Promise((resolve) => setTimeout(resolve, 1));
    working--;
    return Response.json({});
  };
  await pass(60 * SECOND);
  expect(await states(...ids)).toEqual(Array(24).fill("done"));
  const order = posts().map(ticketOf);
  const [probe] = order;
  expect(order.slice(1)).toEqual(ids.filter((id) => id !== probe));
  expect(most).toBe(1);
});

test("tickets that may not be read do not delay the others", async () => {
  const bad = Array.from({ length: 12 }, (_, index) => `BAD-${index}`);
  harness.always = (call) =>
    ticketOf(call)?.startsWith("BAD") ? new Response("", { status: 403 }) : Response.json({});
  await deliverTickets(...bad, "T-1");
  for (let seconds = 0; seconds < 600; seconds += 30) await pass(30 * SECOND);
  expect(await states("T-1", "BAD-0")).toEqual(["done", "waiting"]);
  await deliverTickets("T-2");
  await pass(60 * SECOND);
  expect(await states("T-2")).toEqual(["done"]);
});

test("a success of an attempt from before does not close the circuit", async () => {
  const slow = Promise.withResolvers<Response>();
  harness.answers.push(
    () => slow.promise,
    async () => {
      setTimeout(() => slow.resolve(Response.json({})), 20);
      return new Response("", { status: 429, headers: { "retry-after": "600" } });
    },
  );
  await deliverTickets("T-1", "T-2", "T-3", "T-4", "T-5", "T-6");
  await pass();
  expect(await states("T-1", "T-2")).toEqual(["done", "waiting"]);
  expect(await ledger().health()).toMatchObject({ paused: "ticket_system_busy" });
  const tried = posts().length;
  await pass(599 * SECOND);
  expect(posts()).toHaveLength(tried);
  await pass(SECOND);
  expect(new Set(await states("T-2", "T-6"))).toEqual(new Set(["done"]));
});

test("the ticket that has been due longest comes first", async () => {
  await deliverTickets("T-3", "T-1", "T-2");
  await pass();
  expect(posts().map(ticketOf)).toEqual(["T-3", "T-1", "T-2"]);
});

test("two deliveries of one ticket lead to one comment", async () => {
  await deliver(created(), { id: "msg_1" });
  await deliver(created(), { id: "msg_2" });
  await pass();
  await deliver(created(), { id: "msg_3" });
  await pass(HOUR);
  expect(posts()).toHaveLength(1);
});

test("a delivery of a failed ticket starts it again", async () => {
  harness.answers.push(answer(410));
  await deliver(created(), { id: "msg_1" });
  await pass();
  expect(await states("T-1")).toEqual(["failed"]);
  await deliver(created(), { id: "msg_2" });
  await pass();
  expect(await states("T-1")).toEqual(["done"]);
});

test("a re-trigger posts nothing when nothing has changed", async () => {
  await deliver();
  await pass();
  expect(await (await retrigger()).json()).toEqual({ status: "accepted", ticketId: "T-1" });
  await pass();
  expect(await recordOf()).toMatchObject({ state: "done", outcome: "unchanged", commentId: "c-1" });
  expect(posts()).toHaveLength(1);
});

test("a forced re-trigger posts a second comment with another marker", async () => {
  await deliver();
  await pass();
  harness.always = answer(200, {}, '{"id":"c-2"}');
  await retrigger("T-1", '{"force":true}');
  await pass();
  expect(await recordOf()).toMatchObject({ state: "done", outcome: "posted", commentId: "c-2" });
  expect(new Set(markers()).size).toBe(2);

  await retrigger();
  await pass();
  expect(await recordOf(), "the force is used up").toMatchObject({ outcome: "unchanged" });
});

test("a re-trigger posts again when the advice has changed", async () => {
  await deliver();
  await pass();
  await loadCatalog(
    withCodes(testCatalog(), ({ "0x80090029": entry, ...others }) => {
      if (entry === undefined) return others;
      return { ...others, "0x80090029": { ...entry, symbol: "NTE_RENAMED" } };
    }),
  );
  await retrigger();
  await pass(31 * SECOND);
  expect(await recordOf()).toMatchObject({ outcome: "posted" });
  expect(posts()).toHaveLength(2);
  expect(posts()[1]?.body).toContain("NTE_RENAMED");
});

const whileWorking: [body: string, outcome: string, comments: number][] = [
  ["", "unchanged", 1],
  ['{"force":true}', "posted", 2],
];

test.each(whileWorking)(
  "a re-trigger %s during an attempt runs afterwards: %s, %i comment(s)",
  async (body, outcome, comments) => {
    let working = 0;
    harness.always = async () => {
      expect(++working).toBe(1);
      if (posts().length === 1) {
        for (const _ of [1, 2, 3]) expect((await retrigger("T-1", body)).status).toBe(202);
        expect(await states("T-1")).toEqual(["working"]);
      }
      working--;
      return Response.json({ id: "c-1" });
    };
    await deliver();
    await pass();
    expect(await recordOf()).toMatchObject({ state: "done", outcome });
    expect(posts()).toHaveLength(comments);
    expect(new Set(markers()).size).toBe(comments);
  },
);

test("a forced re-trigger during an attempt is not replaced by a later one without force", async () => {
  harness.answers.push(async () => {
    await retrigger("T-1", '{"force":true}');
    await retrigger("T-1", "{}");
    return Response.json({});
  });
  await deliver();
  await pass();
  expect(posts()).toHaveLength(2);
});

test("during a new attempt the record shows no earlier outcome", async () => {
  await deliver();
  await pass();
  await retrigger();
  expect(await recordOf()).toMatchObject({ state: "waiting", outcome: null, finishedAt: null });
});

test("a re-trigger of a waiting ticket does not add a comment", async () => {
  harness.answers.push(down);
  await deliver();
  await pass();
  await retrigger();
  await pass();
  expect(await recordOf()).toMatchObject({ state: "done", attempts: 1 });
  expect(new Set(markers()).size).toBe(1);
  await pass(HOUR);
  expect(posts()).toHaveLength(2);
});

test("a re-trigger of an unknown ticket is refused if tickets cannot be read", async () => {
  const refused = await retrigger("T-9");
  expect(refused.status).toBe(404);
  expect(await refused.json()).toEqual({ error: "ticket_unknown" });
  expect(await recordOf("T-9")).toBeNull();
});

const fetched = { id: "T-9", subject: "PIN", body: "Error 0x801C03ED", locale: "ja" };

test("a re-trigger of an unknown ticket reads it", async () => {
  set({ STANDARD_TICKET_URL: TICKET_URL });
  harness.answers.push(() => Response.json({ ticket: fetched }));
  expect((await retrigger("T-9")).status).toBe(202);
  await pass();
  expect(harness.calls.map(({ method, url }) => `${method} ${url}`)).toEqual([
    "GET https://desk.example/tickets/T-9",
    "POST https://desk.example/tickets/T-9/comments",
  ]);
  expect(await recordOf("T-9")).toMatchObject({
    state: "done",
    codes: ["0x801C03ED"],
    locale: "ja",
  });
});

test("a re-trigger reads the ticket again, because it may have changed", async () => {
  set({ STANDARD_TICKET_URL: TICKET_URL });
  await deliver(created({ id: "T-9" }));
  await pass();
  harness.answers.push(() => Response.json({ ticket: fetched }));
  await retrigger("T-9");
  await pass();
  expect(await recordOf("T-9")).toMatchObject({ outcome: "posted", codes: ["0x801C03ED"] });
});

test("the text of a delivery counts where the ticket waits because it cannot be read", async () => {
  set({ STANDARD_TICKET_URL: TICKET_URL });
  harness.always = ({ method }) =>
    method === "GET" ? new Response(null, { status: 404 }) : Response.json({ id: "c-1" });
  await retrigger("T-9");
  await pass();
  expect(await recordOf("T-9")).toMatchObject({ lastFailure: "ticket_system_not_found" });
  await deliver(created({ id: "T-9" }));
  await pass();
  expect(await recordOf("T-9")).toMatchObject({ outcome: "posted", codes: ["0x80090029"] });
});

const rereads: [what: string, reply: Reply, state: string][] = [
  ["waits for the ticket system", answer(503), "waiting"],
  ["failed", answer(410), "failed"],
  ["has no code any more", () => Response.json({ ticket: { ...fetched, body: "" } }), "done"],
];

test.each(rereads)("a comment stays in the record when its ticket %s", async (_, reply, state) => {
  set({ STANDARD_TICKET_URL: TICKET_URL });
  await deliver(created({ id: "T-9" }));
  await pass();
  harness.always = reply;
  await retrigger("T-9");
  await pass();
  expect(await recordOf("T-9")).toMatchObject({ state, commentId: "c-1", codes: ["0x80090029"] });
  const { tickets } = await (await ask("/tickets?code=0x80090029")).json<{ tickets: object[] }>();
  expect(tickets).toMatchObject([{ ticketId: "T-9" }]);
});

const KIB = 1024;

const lengths: [kib: number, url: string, scanned: string[], methods: string[], why: string][] = [
  [99, TICKET_URL, ["0x80090029"], ["POST"], "the delivery is scanned before its answer"],
  [101, TICKET_URL, [], ["GET", "POST"], "the ledger reads the ticket, where there is more time"],
  [101, "", ["0x80090029"], ["POST"], "the ticket cannot be read later"],
];

test.each(lengths)(
  "a delivery of %i KiB, tickets readable at %j: stores %j, then sends %j: %s",
  async (kib, url, scanned, methods) => {
    set({ STANDARD_TICKET_URL: url });
    const text = `Error 0x80090029 ${"and so on ".repeat(kib * 100)}`.padEnd(kib * KIB, ".");
    harness.always = ({ method }) =>
      Response.json(
        method === "GET" ? { ticket: { id: "T-1", subject: "", body: text } } : { id: "c-1" },
      );
    await deliver(created({ subject: "", body: text.slice(0, kib * KIB) }));
    expect(await recordOf()).toMatchObject({ state: "waiting", codes: scanned });
    await pass();
    expect(await recordOf()).toMatchObject({ outcome: "posted", codes: ["0x80090029"] });
    expect(harness.calls.map(({ method }) => method)).toEqual(methods);
  },
);

const badTickets: [why: string, state: string, failure: string, reply: Reply][] = [
  ["410", "failed", "ticket_system_refused", answer(410)],
  ["404", "waiting", "ticket_system_not_found", answer(404)],
  ["503", "waiting", "ticket_system_unavailable", answer(503)],
  ["an HTML page", "waiting", "ticket_system_answer_invalid", answer(200, {}, "<html>")],
  ["another form", "waiting", "ticket_system_answer_invalid", answer(200, {}, '{"ticket":{}}')],
];

test.each(badTickets)(
  "a ticket whose reading is answered with %s is %s: %s",
  async (_, state, lastFailure, reply) => {
    set({ STANDARD_TICKET_URL: TICKET_URL });
    harness.always = reply;
    await deliver(created({ body: null }));
    await pass();
    expect(await recordOf()).toMatchObject({ state, lastFailure });
    expect(posts()).toHaveLength(0);
  },
);

test("a ticket without a code leads to no request", async () => {
  await deliver(created({ subject: "Hello", body: "The printer is on fire" }));
  await pass();
  expect(await recordOf()).toMatchObject({ state: "done", outcome: "no_code", codes: [] });
  expect(harness.calls).toEqual([]);
});

const settings: [
  name: string,
  value: string,
  ticket: Record<string, unknown>,
  sent: object | null,
  why: string,
][] = [
  ["UNLISTED_CODES", "ignore", { body: "Error 0x80041001" }, null, "unlisted codes are left out"],
  [
    "UNLISTED_CODES",
    "contact-microsoft",
    { body: "Error 0x80041001" },
    { codes: ["0x80041001"], contactMicrosoft: true },
    "unlisted codes lead to Microsoft",
  ],
  ["COMMENT_VISIBILITY", "internal", {}, { visibility: "internal" }, "an internal note"],
  ["COMMENT_VISIBILITY", "public", {}, { visibility: "public" }, "a public comment"],
  [
    "DEFAULT_LOCALE",
    "ja",
    { locale: null, subject: "錯誤", body: "0x80090029" },
    { locale: "ja" },
    "neither ticket nor text shows a language",
  ],
  ["DEFAULT_LOCALE", "ja", { locale: null }, { locale: "en" }, "the text shows the language"],
  ["DEFAULT_LOCALE", "ja", { locale: "en" }, { locale: "en" }, "the ticket has a language"],
  [
    "DEFAULT_LOCALE",
    "en",
    { locale: null, body: "エラー80090029" },
    { locale: "ja" },
    "kana show Japanese",
  ],
];

test.each(settings)("with %s=%s the ticket %j gets %j: %s", async (name, value, ticket, sent) => {
  set({ [name]: value });
  await deliver(created(ticket));
  await pass();
  const [post] = posts();
  if (sent === null) expect(post).toBeUndefined();
  else expect(JSON.parse(post?.body ?? "{}").data).toMatchObject(sent);
});

test("a setting that becomes invalid makes tickets wait, and none is lost", async () => {
  await deliver();
  set({ STANDARD_COMMENT_URL: "ftp://desk.example/{id}" });
  await pass();
  expect(await recordOf()).toMatchObject({ state: "waiting", lastFailure: "settings_invalid" });
  set({ STANDARD_COMMENT_URL: "https://desk.example/tickets/{id}/comments" });
  await pass(HOUR);
  expect(await states("T-1")).toEqual(["done"]);
});

test("while the catalog cannot be read a ticket waits, and nothing is lost", async () => {
  // The isolate remembers the shards of the whole catalog, which another test read.
  await loadCatalog(withCodes(testCatalog(), ({ "0x801C044D": _, ...others }) => others));
  const { keys } = await env.CATALOG.list({ prefix: "shard:" });
  const kept = await Promise.all(
    keys.map(async ({ name }) => [name, (await env.CATALOG.get(name)) ?? ""] as const),
  );
  await Promise.all(keys.map(({ name }) => env.CATALOG.delete(name)));
  await deliver(created({ body: "Error 0x801C03ED" }));
  await pass(31 * SECOND);
  expect(await recordOf()).toMatchObject({ state: "waiting", lastFailure: "catalog_unavailable" });
  expect(harness.calls).toEqual([]);

  await Promise.all(kept.map(([name, value]) => env.CATALOG.put(name, value)));
  await pass(HOUR);
  expect(await recordOf()).toMatchObject({ state: "done", outcome: "posted" });
});
