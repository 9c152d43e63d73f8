import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import commentIds from "../fixtures/upgrade/comments-0.1.0.json" with { type: "json" };
import { ROOT, startChild, untilGone } from "../scripts/child.ts";
import {
  deliver,
  openServeHarness,
  recordOf,
  type ServedWorker,
  TOKEN,
  untilFinished,
} from "../scripts/serve-harness.ts";

/** What `make-state.ts` left when version 0.1.0 was killed. */
const ARCHIVE = join(ROOT, "test", "fixtures", "upgrade", "state-0.1.0.tar.gz");

let harness: Awaited<ReturnType<typeof openServeHarness>>;
let served: ServedWorker;

beforeAll(async () => {
  harness = await openServeHarness();
  const state = harness.stateFolder("of-0.1.0");
  await mkdir(state);
  await startChild(["tar", "-xzf", ARCHIVE, "--strip-components", "1", "-C", state]).result;
  served = await harness.serve("of-0.1.0");
});

afterAll(() => harness.close());

const tickets: [ticketId: string, in010: string, now: Record<string, unknown>][] = [
  ["T-done", "done", { state: "done", outcome: "posted", commentId: "C-1", attempts: 1 }],
  ["T-none", "done, without a code", { state: "done", outcome: "no_code" }],
  ["T-failed", "failed", { state: "failed", lastFailure: "ticket_system_refused" }],
  ["T-waiting", "waiting", { state: "done", outcome: "posted" }],
  ["T-unanswered", "waiting, and its comment had arrived", { state: "done", outcome: "posted" }],
  ["T-killed", "worked on, and its comment had arrived", { state: "done", outcome: "posted" }],
];

test.each(tickets)("the ticket %s of version 0.1.0, %s, is kept or ended", async (id, _, now) => {
  expect(await untilFinished(served.url, id)).toMatchObject(now);
});

test("a delivery that version 0.1.0 took is a duplicate, and leads to no comment", async () => {
  for (const [ticketId] of tickets) {
    expect(await deliver(served.url, `delivery-${ticketId}`, ticketId)).toBe("duplicate");
  }
});

test("each comment is sent under the name that version 0.1.0 gave it, so that it is stored once", () => {
  const { "T-done": _, "T-failed": _failed, ...unfinished } = commentIds;
  expect([...harness.ticketSystem.stored].sort()).toEqual(Object.values(unfinished).sort());
  expect(harness.ticketSystem.requests).toHaveLength(Object.keys(unfinished).length);
});

test("a re-trigger of the failed ticket posts its comment, under the same name", async () => {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const enrich = `${served.url}/tickets/standard/T-failed/enrich`;
  expect((await fetch(enrich, { method: "POST", headers })).status).toBe(202);
  await expect
    .poll(() => recordOf(served.url, "T-failed"), { timeout: 30_000 })
    .toMatchObject({ state: "done", outcome: "posted" });
  expect(harness.ticketSystem.requests.at(-1)).toBe(commentIds["T-failed"]);
});

test("every ticket of version 0.1.0 is listed once, and the program stops", async () => {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const body = await (await fetch(`${served.url}/tickets`, { headers })).json();
  expect(Object(body).tickets).toHaveLength(tickets.length);
  process.kill(served.child.pid, "SIGTERM");
  expect((await served.child.result).code).toBe(0);
  await untilGone(served.family);
});
