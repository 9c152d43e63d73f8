import { Webhook } from "standardwebhooks";
import { afterEach, expect, test, vi } from "vitest";
import fixture from "../../fixtures/standard.json";
import { FIRST_TRY } from "../attempts.ts";
import { answer, freshConnection, HELLO, MARKER, postingOn } from "../fixture.ts";

const OLDER_SECRET = "whsec_q83vASNFZ4mrze8BI0VniavN7wEjRWeJ";
const { STANDARD_SECRETS: SECRET } = fixture.env;
const ENV = {
  STANDARD_SECRETS: `${SECRET},${OLDER_SECRET}`,
  STANDARD_COMMENT_URL: "https://desk.example/tickets/{id}/comments",
  STANDARD_TICKET_URL: "https://desk.example/tickets/{id}",
};
const connection = freshConnection("standard", ENV);
const POSTING = postingOn("T-1", HELLO);

afterEach(() => {
  vi.unstubAllGlobals();
});

/** The secret with which a request is signed: says the library of the specification. */
function secretOf(headers: Record<string, string>, body: string) {
  return [SECRET, OLDER_SECRET].find((secret) => {
    try {
      new Webhook(secret).verify(body, headers, { jsonParse: false });
      return true;
    } catch {
      return false;
    }
  });
}

test("a comment is signed with the newest secret", async () => {
  const [call] = await callsFor(() => connection.deliverComment(POSTING, FIRST_TRY));
  expect(secretOf(call?.headers ?? {}, JSON.stringify(call?.body))).toBe(SECRET);
  expect(call).toMatchObject({ method: "POST", headers: { "webhook-id": MARKER } });
});

test("a ticket is requested with a signed GET without a body, each time under another id", async () => {
  const read = async () => connection.readTicket?.("T-1");
  const calls = [...(await callsFor(read)), ...(await callsFor(read))];
  for (const { method, url, headers, body } of calls) {
    expect([method, url, body]).toEqual(["GET", "https://desk.example/tickets/T-1", undefined]);
    expect(secretOf(headers, "")).toBe(SECRET);
    expect(headers["webhook-id"]).toMatch(/^fetch_[0-9a-f-]{36}$/);
    expect(headers).not.toHaveProperty("content-type");
  }
  expect(new Set(calls.map(({ headers }) => headers["webhook-id"])).size).toBe(2);
});

async function callsFor(act: () => Promise<unknown>) {
  const calls = answer(() => Response.json({ ticket: { id: "T-1", body: "0x80090029" } }));
  await act();
  return calls;
}

const HTML = { "content-type": "text/html; charset=utf-8" };
const TEXT = { "content-type": "text/plain" };

const receipts: [text: string, headers: Record<string, string>, outcome: object, why: string][] = [
  ["", TEXT, { commentId: null }, "nothing"],
  ["ok", TEXT, { commentId: null }, "some text"],
  ["5", TEXT, { commentId: null }, "JSON that is no object"],
  ["{", TEXT, { commentId: null }, "no JSON"],
  ["{}", TEXT, { commentId: null }, "no id"],
  ['{"id":7}', TEXT, { commentId: "7" }, "a number"],
  ['{"id":"c-7"}', TEXT, { commentId: "c-7" }, "a text"],
  [JSON.stringify({ id: "c".repeat(256) }), TEXT, { commentId: null }, "an id too long to be one"],
  ["Please sign in", HTML, { code: "ticket_system_answer_invalid" }, "a page by its type"],
  [" <html>", TEXT, { code: "ticket_system_answer_invalid" }, "a page by its text"],
];

test.each(receipts)(
  "the answer %j to a comment, %j, gives %j: %s",
  async (text, headers, outcome) => {
    answer(() => new Response(text, { headers }));
    const delivering = connection.deliverComment(POSTING, FIRST_TRY);
    expect(await delivering.catch((failure) => failure)).toMatchObject(outcome);
  },
);
