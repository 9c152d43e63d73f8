import { runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  ask,
  closeHarness,
  created,
  deliver,
  dump,
  type Harness,
  ledger,
  openHarness,
  pass,
  recordOf,
  START,
  send,
  set,
  sign,
} from "../worker-harness.ts";

const OTHER_SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
const SECOND = 1_000;

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness({
    REQUEST_TRACKER_URL: "https://rt.example/",
    REQUEST_TRACKER_TOKEN: "1-2-token",
    REQUEST_TRACKER_SECRETS: OTHER_SECRET,
  });
});
afterEach(closeHarness);

/** Delivers a ticket of either connection, so many seconds after the start. */
async function deliverAt(seconds: number, ticket: string, text = "Error 0x80090029") {
  vi.setSystemTime(START + seconds * SECOND);
  const [connector = "", id = ""] = ticket.split("/");
  const body = created({ id, subject: "", body: text });
  const signing = { id: `msg_${ticket}` };
  if (connector === "standard") return deliver(body, signing);
  const headers = sign(body, { ...signing, secret: OTHER_SECRET });
  return send(`/webhooks/${connector}`, { method: "POST", headers, body });
}

interface Page {
  readonly tickets: { connector: string; ticketId: string }[];
  readonly cursor: string | null;
}

async function pagesOf(query: string): Promise<string[][]> {
  const pages: string[][] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: Page = await (await ask(`/tickets?${query}&cursor=${cursor}`)).json();
    pages.push(page.tickets.map(({ connector, ticketId }) => `${connector}/${ticketId}`));
    cursor = page.cursor;
  }
  return pages;
}

test("the newest tickets of all connections come first, page by page", async () => {
  await deliverAt(3, "standard/C");
  await deliverAt(1, "standard/A");
  await deliverAt(2, "request-tracker/2");
  await deliverAt(3, "request-tracker/3");
  await deliverAt(3, "standard/B");
  await deliverAt(4, "request-tracker/1");
  const newest = [
    "request-tracker/1",
    "request-tracker/3",
    "standard/B",
    "standard/C",
    "request-tracker/2",
    "standard/A",
  ];
  for (const limit of [1, 2, 3, 4, 5, 6, 7]) {
    const pages = await pagesOf(`order=newest&limit=${limit}`);
    expect(pages.flat(), `pages of ${limit}`).toEqual(newest);
  }
  const own = newest.filter((each) => each.startsWith("standard"));
  expect((await pagesOf("order=newest&connector=standard&limit=2")).flat()).toEqual(own);
});

const codes: [query: string, found: string[], why: string][] = [
  ["code=0x80090029", ["B", "A"], "as it is spelled"],
  ["code=80090029", ["B", "A"], "without its prefix"],
  ["code=-2146893783", ["B", "A"], "as a signed number"],
  ["code=NTE_NOT_SUPPORTED", ["B", "A"], "by its symbol"],
  ["code=0x801C03ED", ["C", "B"], "of several codes"],
  ["code=0x801C03ED&state=done", ["C", "B"], "of tickets that are done"],
  ["code=0x801C03ED&state=waiting", [], "of tickets that wait"],
  ["code=0x8024402C&state=waiting", ["W"], "of one that was not answered yet"],
  ["code=0x80090010", [], "of none"],
];

test.each(codes)("GET /tickets?%s finds %j, the newest first: %s", async (query, found) => {
  await deliverAt(1, "standard/A");
  await deliverAt(2, "standard/B", "0x80090029 and 0x801C03ED");
  await deliverAt(3, "standard/C", "0x801C03ED");
  await deliverAt(4, "standard/D", "no code");
  await pass();
  harness.always = () => new Response("", { status: 503 });
  await deliverAt(5, "standard/W", "0x8024402C");
  await pass();
  const pages = await pagesOf(`order=newest&limit=1&${query}`);
  expect(pages.flat()).toEqual(found.map((id) => `standard/${id}`));
});

test("a cursor tells whoever reads it nothing to rely on", async () => {
  await deliverAt(1, "standard/A");
  await deliverAt(2, "standard/B");
  const { cursor }: Page = await (await ask("/tickets?limit=1")).json();
  expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
});

const otherLists: [query: string, status: number, why: string][] = [
  ["", 200, "the same list"],
  ["limit=2", 200, "pages of another size"],
  ["state=any&order=id", 200, "the defaults, spelt out"],
  ["state=done", 400, "another state"],
  ["connector=standard", 400, "one connector in place of all"],
  ["code=0x80090029", 400, "the tickets of a code"],
  ["order=newest", 400, "another order"],
];

test.each(otherLists)(
  "the cursor of a list of all tickets, sent with %j, is answered %i: %s",
  async (query, status) => {
    await deliverAt(1, "standard/A");
    await deliverAt(2, "standard/B");
    const { cursor }: Page = await (await ask("/tickets?limit=1")).json();
    const response = await ask(`/tickets?${query}&cursor=${cursor}`);
    expect(response.status).toBe(status);
    if (status !== 200) expect(await response.json()).toEqual({ error: "cursor_mismatch" });
  },
);

test("the cursor of a code's tickets fits that code in every notation", async () => {
  await deliverAt(1, "standard/A");
  await deliverAt(2, "standard/B");
  const { cursor }: Page = await (await ask("/tickets?limit=1&code=0x80090029")).json();
  const page: Page = await (await ask(`/tickets?code=-2146893783&cursor=${cursor}`)).json();
  expect(page.tickets.map(({ ticketId }) => ticketId)).toEqual(["B"]);
  expect((await ask(`/tickets?code=0x801C03ED&cursor=${cursor}`)).status).toBe(400);
});

// Forgetting

const forget = (path: string) => ask(`/tickets/${path}`, { method: "DELETE" });

test("a ticket that a person wants forgotten leaves the ledger, and its comment stays", async () => {
  await deliverAt(0, "standard/T-1");
  await pass();
  const response = await forget("standard/T-1");
  expect([response.status, await response.text()]).toEqual([204, ""]);
  expect(await recordOf()).toBeNull();
  expect(JSON.stringify(await dump())).not.toContain("T-1");
  expect(harness.calls.map(({ method }) => method)).toEqual(["POST"]);
});

const unknown: [path: string, status: number, error: string][] = [
  ["standard/T-9", 404, "ticket_unknown"],
  ["nobody/T-1", 404, "connector_unknown"],
  ["request-tracker/no-id", 422, "ticket_id_invalid"],
];

test.each(unknown)("DELETE /tickets/%s is answered %i %s", async (path, status, error) => {
  const response = await forget(path);
  expect([response.status, await response.json()]).toEqual([status, { error }]);
});

test("DELETE needs a token", async () => {
  await deliverAt(0, "standard/T-1");
  expect((await send("/tickets/standard/T-1", { method: "DELETE" })).status).toBe(401);
  expect(await recordOf()).not.toBeNull();
});

test("a ticket that is forgotten while it is read gets no comment", async () => {
  set({ STANDARD_TICKET_URL: "https://desk.example/tickets/{id}" });
  const read = Promise.withResolvers<Response>();
  harness.answers.push(() => read.promise);
  await deliver(created({ body: null }));
  const running = runDurableObjectAlarm(ledger());
  await vi.waitFor(() => expect(harness.calls).toHaveLength(1));
  expect((await forget("standard/T-1")).status).toBe(204);
  const ticket = { id: "T-1", subject: "PIN", body: "Error 0x80090029" };
  read.resolve(Response.json({ ticket }));
  await running;
  expect(harness.calls.map(({ method }) => method)).toEqual(["GET"]);
  expect(harness.log.join()).toContain("attempt_superseded");
  expect(await recordOf()).toBeNull();
});
