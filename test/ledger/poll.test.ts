import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { pollTicketSystems } from "../../src/worker/scheduled.ts";
import fixture from "../fixtures/redmine.json";
import { ask, ledger, pass, recordOf, set, useHarness } from "./ledger-harness.ts";

const NAME = "redmine";
/** What the ticket system holds: ids of issues. */
let issues: number[];
let isDown: boolean;

const harness = useHarness({ settings: { ...fixture.env, REDMINE_FLAG_FIELD: "" } });
beforeEach(() => {
  issues = [1, 2];
  isDown = false;
  harness.always = ({ method, url, body }) => {
    if (isDown) return new Response("", { status: 503 });
    if (method === "PUT") return put(body);
    if (url.includes("issues.json")) return list(new URL(url));
    if (url.includes("users/current"))
      return Response.json(fixture.posted.requests[1]?.answer.body);
    if (url.includes("roles/")) return Response.json(fixture.posted.requests[2]?.answer.body);
    return Response.json({
      issue: { project: { id: 3 }, description: "0x80090029", journals: notes },
    });
  };
});

let notes: { id: number; notes: string; private_notes: boolean }[] = [];

function put(body: string) {
  notes = [{ id: 42, notes: JSON.parse(body).issue.notes, private_notes: true }];
  return new Response(null, { status: 204 });
}

function list({ searchParams }: URL) {
  const from = Number(searchParams.get("issue_id")?.slice(2) ?? 0);
  const sorted = issues.filter((id) => id >= from).sort((a, b) => a - b);
  const page = searchParams.get("sort") === "id:desc" ? sorted.slice(-1) : sorted.slice(0, 100);
  return Response.json({ issues: page.map((id) => ({ id, project: { id: 3 } })) });
}

const look = () => pollTicketSystems(env as never);
const states = async (...ids: number[]) =>
  Promise.all(ids.map(async (id) => (await recordOf(String(id), NAME))?.state ?? null));

test("new tickets are accepted once, older ones are left alone", async () => {
  await look();
  issues.push(3, 4);
  await look();
  await look();
  await pass(0, NAME);
  expect(await states(1, 2, 3, 4)).toEqual([null, null, "done", "done"]);
  const posts = harness.calls.filter(({ method }) => method === "PUT");
  expect(posts).toHaveLength(2);
});

test("an outage of the ticket system loses no ticket", async () => {
  await look();
  isDown = true;
  issues.push(3);
  await look();
  expect(await states(3)).toEqual([null]);
  expect(harness.log.join()).toContain("poll_failed");
  const ready = await exports.default.fetch("https://worker.example/readyz");
  expect(await ready.text()).toContain("the last poll failed: ticket_system_unavailable");
  isDown = false;
  issues.push(4);
  await look();
  expect(await states(3, 4)).toEqual(["waiting", "waiting"]);
  expect(await ledger(NAME).health()).toEqual({ paused: null, pollFailure: null });
});

test("a ticket with a lower number that appears later is found, too", async () => {
  await look();
  issues.push(4);
  await look();
  issues.push(3);
  await look();
  expect(await states(3, 4)).toEqual(["waiting", "waiting"]);
});

test("600 new tickets are found, page by page", async () => {
  await look();
  for (let id = 3; id <= 602; id++) issues.push(id);
  await look();
  await look();
  const found = await runInDurableObject(ledger(NAME), (_, { storage }) =>
    storage.sql.exec("SELECT COUNT(*) AS count FROM ticket").one(),
  );
  expect(found).toEqual({ count: 600 });
});

test("a ticket that a webhook announced is not accepted a second time", async () => {
  await look();
  issues.push(3);
  await ask("/tickets/redmine/3/enrich", { method: "POST" });
  await pass(0, NAME);
  await look();
  await pass(0, NAME);
  expect(harness.calls.filter(({ method }) => method === "PUT")).toHaveLength(1);
});

test("a connection without polling gets no request", async () => {
  set({ REDMINE_POLL: "off" });
  await look();
  expect(harness.calls).toEqual([]);
});
