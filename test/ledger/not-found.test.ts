import { expect, test, vi } from "vitest";
import {
  type Call,
  created,
  deliver,
  deliverTickets,
  HOUR,
  ledger,
  MINUTE,
  pass,
  recordOf,
  retrigger,
  SECOND,
  send,
  set,
  useHarness,
} from "./ledger-harness.ts";

// Many ticket systems answer 404 for a moment after their own webhook; and where a right was lost,
// or an account is not paid for, they answer 404 or 402 for every ticket.

const harness = useHarness({ withoutJitter: true });

const answers = (status: number) => () => new Response("", { status });
const posted = () => Response.json({ id: "c-1" });
const ticketOf = ({ url }: Call) => url.split("/").at(-2) ?? "";

async function states(...ids: string[]) {
  const records = await Promise.all(ids.map((id) => recordOf(id)));
  return records.map((record) => record?.state);
}

async function paused() {
  return (await ledger().health()).paused;
}

/** Lets time pass in steps, so that every alarm on the way goes off. */
async function passInSteps(ms: number, stepMs: number) {
  for (let passed = 0; passed < ms; passed += stepMs) await pass(stepMs);
}

const NOT_FOUND = "ticket_system_not_found";

test("a ticket that is not visible yet is tried again, and gets its comment", async () => {
  harness.answers.push(answers(404), answers(404));
  await deliver();
  await pass();
  expect(await recordOf()).toMatchObject({ state: "waiting", lastFailure: NOT_FOUND });
  await passInSteps(3 * SECOND, SECOND);
  expect(await recordOf()).toMatchObject({ state: "done", outcome: "posted", attempts: 3 });
});

test("it is tried for ten minutes with short delays, once more after that, and then fails", async () => {
  harness.always = answers(404);
  await deliver();
  await pass();
  const delays: number[] = [];
  for (let tries = 0; tries < 30; tries++) {
    const { nextAttemptAt } = (await recordOf()) ?? {};
    if (!nextAttemptAt) break;
    const delay = Date.parse(nextAttemptAt) - Date.now();
    delays.push(delay / SECOND);
    await pass(delay);
  }
  expect(delays).toEqual([1, 2, 4, 8, 16, 32, ...Array(9).fill(60)]);
  expect(await recordOf()).toMatchObject({ state: "failed", lastFailure: NOT_FOUND, attempts: 16 });
  expect(await paused(), "one ticket does not open the circuit").toBeNull();
});

test("a ticket that is gone (410) fails at once, and any number of them leaves the circuit closed", async () => {
  harness.always = answers(410);
  await deliverTickets("T-1", "T-2", "T-3", "T-4");
  await pass();
  expect(await states("T-1", "T-2", "T-3", "T-4")).toEqual(Array(4).fill("failed"));
  expect(await recordOf("T-1")).toMatchObject({ lastFailure: "ticket_system_refused" });
  expect(await paused()).toBeNull();
});

const series: [answers: Record<string, number>, paused: string | null, why: string][] = [
  [{ "T-1": 404, "T-2": 404, "T-3": 404 }, NOT_FOUND, "three in a row"],
  [{ "T-1": 402, "T-2": 402, "T-3": 402 }, NOT_FOUND, "three in a row that are not paid for"],
  [{ "T-1": 404, "T-2": 402, "T-3": 404 }, NOT_FOUND, "three in a row, of both kinds"],
  [{ "T-1": 404, "T-2": 404 }, null, "two in a row"],
  [{ "T-1": 404, "T-2": 404, "T-3": 200, "T-4": 404 }, null, "an answer between them"],
  [
    { "T-1": 404, "T-2": 404, "T-3": 503 },
    null,
    "the third gets no answer, which is another trouble",
  ],
  [{ "T-1": 404, "T-2": 404, "T-3": 410 }, null, "the third is gone for good"],
];

test.each(series)("after the answers %j the circuit is open for %j: %s", async (...row) => {
  const [statuses, failure] = row;
  harness.always = (call) => new Response("{}", { status: statuses[ticketOf(call)] ?? 500 });
  for (const id of Object.keys(statuses)) {
    await deliverTickets(id);
    await pass();
  }
  expect(await paused()).toBe(failure);
  const ready = await send("/readyz");
  expect(ready.status).toBe(failure === null ? 200 : 503);
  if (failure !== null) expect(await ready.text()).toContain(`circuit breaker is open: ${failure}`);
});

test("repeated 404s for one ticket do not open the circuit", async () => {
  harness.always = (call) => (ticketOf(call) === "T-1" ? answers(404)() : posted());
  await deliverTickets("T-1");
  await passInSteps(5 * MINUTE, SECOND);
  expect(await paused()).toBeNull();
  await deliverTickets("T-2");
  await pass();
  expect(await states("T-1", "T-2")).toEqual(["waiting", "done"]);
});

test("tickets that failed before the circuit opened get their comments after it has closed", async () => {
  harness.always = answers(404);
  for (const id of ["T-1", "T-2"]) {
    await deliverTickets(id);
    await passInSteps(11 * MINUTE, MINUTE / 2);
  }
  expect(await states("T-1", "T-2")).toEqual(["failed", "failed"]);
  await deliverTickets("T-3");
  await pass();
  expect(await paused()).toBe(NOT_FOUND);
  expect(await states("T-1", "T-2", "T-3")).toEqual(["waiting", "waiting", "waiting"]);

  harness.always = posted;
  await passInSteps(2 * MINUTE, MINUTE / 2);
  expect(await states("T-1", "T-2", "T-3")).toEqual(["done", "done", "done"]);
});

test("while the right to see tickets is missing, no ticket fails", async () => {
  harness.always = answers(404);
  await deliverTickets("T-1", "T-2", "T-3", "T-4");
  for (let hours = 0; hours < 100; hours++) await pass(HOUR);
  await deliverTickets("T-5");
  await pass(HOUR);
  expect(await states("T-1", "T-2", "T-3", "T-4", "T-5")).toEqual(Array(5).fill("waiting"));
  const tried = harness.calls.length;
  await passInSteps(10 * MINUTE, MINUTE);
  expect(harness.calls.length - tried, "one try a minute").toBeLessThanOrEqual(10);

  harness.always = posted;
  await passInSteps(2 * HOUR, 10 * MINUTE);
  expect(await states("T-1", "T-2", "T-3", "T-4", "T-5")).toEqual(Array(5).fill("done"));
});

test("three deleted tickets open the circuit once, until another ticket is answered", async () => {
  const gone = ["T-1", "T-2", "T-3"];
  harness.always = (call) => (gone.includes(ticketOf(call)) ? answers(404)() : posted());
  await deliverTickets(...gone);
  await pass();
  expect(await paused()).toBe(NOT_FOUND);
  await passInSteps(20 * MINUTE, MINUTE);
  expect(await states(...gone)).toEqual(["waiting", "waiting", "waiting"]);

  await deliverTickets("T-4");
  await passInSteps(2 * MINUTE, MINUTE);
  expect(await states("T-4", ...gone)).toEqual(["done", "failed", "failed", "failed"]);
  expect(await paused()).toBeNull();
  await passInSteps(HOUR, 10 * MINUTE);
  expect(await paused()).toBeNull();
});

test("re-triggers of tickets that never existed fail at once, and the circuit stays closed", async () => {
  set({ STANDARD_TICKET_URL: "https://desk.example/tickets/{id}" });
  harness.always = answers(404);
  for (const id of ["TYPO-1", "TYPO-2", "TYPO-3", "TYPO-4"]) {
    expect((await retrigger(id)).status).toBe(202);
    await pass();
    expect(await recordOf(id)).toMatchObject({
      state: "failed",
      lastFailure: NOT_FOUND,
      attempts: 1,
    });
  }
  expect(await paused()).toBeNull();
});

test("re-triggers of deleted tickets fail at once, and the circuit stays closed", async () => {
  const ids = ["T-1", "T-2", "T-3", "T-4"];
  await deliverTickets(...ids);
  await pass();
  await pass(HOUR);
  harness.always = answers(404);
  for (const id of ids) await retrigger(id, '{"force":true}');
  await pass();
  expect(await states(...ids)).toEqual(Array(4).fill("failed"));
  expect(await paused()).toBeNull();
});

test("a re-trigger soon after the delivery still waits for a ticket that is not visible yet", async () => {
  harness.answers.push(answers(404), answers(404));
  await deliver();
  await pass();
  await retrigger();
  await pass();
  expect(await states("T-1")).toEqual(["waiting"]);
  await passInSteps(3 * SECOND, SECOND);
  expect(await states("T-1")).toEqual(["done"]);
});

test("a re-trigger before the delivery does not make the delivery fail", async () => {
  set({ STANDARD_TICKET_URL: "https://desk.example/tickets/{id}" });
  await retrigger();
  harness.answers.push(answers(404), answers(404));
  await deliver(created({ body: null }));
  await pass();
  expect(await states("T-1")).toEqual(["waiting"]);
  harness.always = ({ method }) =>
    method === "GET"
      ? Response.json({ ticket: { id: "T-1", subject: "PIN", body: "Error 0x80090029" } })
      : posted();
  await passInSteps(3 * SECOND, SECOND);
  expect(await states("T-1")).toEqual(["done"]);
});

test("a delivery that arrives while a re-trigger still asks for the ticket is not lost", async () => {
  set({ STANDARD_TICKET_URL: "https://desk.example/tickets/{id}" });
  const delivered = Promise.withResolvers<void>();
  harness.answers.push(async () => {
    await delivered.promise;
    return new Response("", { status: 404 });
  });
  await retrigger();
  const running = pass();
  await vi.waitFor(() => expect(harness.calls).toHaveLength(1));
  await deliverTickets("T-1");
  delivered.resolve();
  await running;
  harness.always = posted;
  await passInSteps(3 * SECOND, SECOND);
  expect(await recordOf()).toMatchObject({ state: "done", outcome: "posted" });
});

test("while 404s keep the circuit open, a re-trigger waits too", async () => {
  set({ STANDARD_TICKET_URL: "https://desk.example/tickets/{id}" });
  harness.always = answers(404);
  await deliverTickets("T-1", "T-2", "T-3");
  await pass();
  await retrigger("OLD");
  await passInSteps(5 * MINUTE, MINUTE);
  expect(await states("OLD")).toEqual(["waiting"]);
  expect(await paused()).toBe(NOT_FOUND);
});
