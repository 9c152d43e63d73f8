import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type Call,
  closeHarness,
  created,
  deliver,
  type Harness,
  OLDER_SECRET,
  openHarness,
  pass,
  SECRET,
  set,
} from "../../worker-harness.ts";

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness();
});
afterEach(closeHarness);

/** Whether a receiver would accept a request: says the library of the specification. */
function isSigned(call: Call | undefined, secret: string) {
  if (call === undefined) return false;
  try {
    new Webhook(secret).verify(call.body, Object.fromEntries(call.headers), { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}

test("a comment is signed with the newest secret", async () => {
  await deliver();
  await pass();
  const [post] = harness.calls;
  expect(isSigned(post, SECRET)).toBe(true);
  expect(isSigned(post, OLDER_SECRET)).toBe(false);
});

test("a ticket is requested with a signed GET without a body", async () => {
  set({ STANDARD_TICKET_URL: "https://desk.example/tickets/{id}" });
  harness.answers.push(() => Response.json({ ticket: { id: "T-1", body: "0x80090029" } }));
  await deliver(created({ body: undefined }));
  await pass();
  const [get, post] = harness.calls;
  expect(get).toMatchObject({ method: "GET", url: "https://desk.example/tickets/T-1", body: "" });
  expect(isSigned(get, SECRET)).toBe(true);
  expect(get?.headers.get("webhook-id")).toMatch(/^fetch_[0-9a-f-]{36}$/);
  expect(get?.headers.get("content-type")).toBeNull();
  expect(JSON.parse(post?.body ?? "{}")).toMatchObject({ data: { codes: ["0x80090029"] } });
});

const bodies: [why: string, ticketUrl: string, body: unknown, reads: boolean][] = [
  ["the text is there", "https://desk.example/tickets/{id}", "0x80090029", false],
  ["the text is there and empty", "https://desk.example/tickets/{id}", "", false],
  ["null", "https://desk.example/tickets/{id}", null, true],
  ["absent", "https://desk.example/tickets/{id}", undefined, true],
  ["absent, and cannot be read", "", undefined, false],
];

test.each(bodies)(
  "a delivery where the body is %s: %s, %j: read: %s",
  async (_, url, body, reads) => {
    set({ STANDARD_TICKET_URL: url });
    harness.always = () => Response.json({ ticket: { id: "T-1" } });
    await deliver(created({ body }));
    await pass();
    expect(harness.calls.some(({ method }) => method === "GET")).toBe(reads);
  },
);
