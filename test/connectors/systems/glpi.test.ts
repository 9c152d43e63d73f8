import { afterEach, expect, test, vi } from "vitest";
import { connect } from "../../../src/connectors/index.ts";
import fixture from "../../fixtures/glpi.json";
import { FIRST_TRY } from "../attempts.ts";
import { answer, postingOn, toDelivery } from "../fixture.ts";

const connection = connect("glpi", fixture.env);
const [, ticketRequest] = fixture.fetched.requests;
const TICKET = ticketRequest?.answer.body;

const POSTING = postingOn("57", { contactMicrosoft: true });
const EDIT = { ...FIRST_TRY, replaces: { commentId: "61", visibility: "internal" } } as const;

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Lets the Worker in, and answers each request by its method and the end of its address. */
function desk(answers: Readonly<Record<string, () => Response>>) {
  const token = () => Response.json({ access_token: "abc.def" });
  const all = { "POST token": token, ...answers };
  return answer(({ method, url }) => {
    const [, reply] =
      Object.entries(all).find(([name]) => {
        const [verb = "", end = ""] = name.split(" ");
        return method === verb && url.endsWith(end);
      }) ?? [];
    if (reply === undefined) throw new Error(`not expected: ${method} ${url}`);
    return reply();
  });
}

const status = (code: number) => () => new Response("{}", { status: code });
const ticket = (change: object) => () => Response.json({ ...TICKET, ...change });

/** What GLPI asks for this secret, and what it expects; all signed with openssl. */
const challenges: [token: string, expected: string | null, why: string][] = [
  [
    "8aa74050f11e0975b84a48f322d615ad593f6fc2c43c07c01ca22b3130e4ee0d",
    "fb9a8f643f5580a695f710dc679a8bda521df60a28c786bd3bb799b0551db2c7",
    "GLPI's own",
  ],
  ["abc-1.2_3", "e845d8952875fbb0c582f50e11b8bb8faf9770723e6c65e51735ac5fc3a100af", "any word"],
  [
    "a".repeat(128),
    "11b30ce99870a570f8d956d85ff42e9b3452d52ae305a38fc7037af43506eaaa",
    "the longest",
  ],
  ["a".repeat(129), null, "longer"],
  ["", null, "nothing"],
  ['{"event":"new","item":{"id":1,"type":1,"urgency":3}}1795479926', null, "a delivery"],
  ["{", null, "what a delivery begins with"],
  ["a b", null, "a blank"],
  ["a\n", null, "a line break"],
  ["a/b", null, "another sign"],
  ["é", null, "another letter"],
];

test.each(challenges)("the challenge %j is answered with %j: %s", async (token, expected) => {
  const query = new URLSearchParams({ crc_token: token });
  expect(await connection.challenge(query)).toBe(expected);
});

test("answers no other GET", async () => {
  expect(await connection.challenge(new URLSearchParams({ token: "abc" }))).toBeNull();
});

function arrived(body: string, signature: string, receivedAt: string) {
  const headers = { "x-glpi-signature": signature, "x-glpi-timestamp": "1795479926" };
  return toDelivery({ headers, body }, new Date(receivedAt));
}

const UPDATE = '{"event":"update","item":{"id":1}}';
const NEWER = "4836246f996a8cbec416deef084579174fd2350c0a84709feb40b6efb4f4b6bd";
const OLDER = "4fae4b4b5aeb458ec60f8d1fedbe862f931d7fd6bee177009335349901376fac";

const deliveries: [signature: string, receivedAt: string, outcome: unknown, why: string][] = [
  [NEWER, "2026-11-24T00:25:27Z", { secretIndex: 0 }, "at once"],
  [OLDER, "2026-11-24T00:25:27Z", { secretIndex: 1 }, "with the older secret"],
  [NEWER, "2026-11-24T23:25:26Z", { secretIndex: 0 }, "a retry, 23 hours later"],
  [NEWER, "2026-11-25T01:25:26Z", "signature_stale", "25 hours later"],
  [`sha256=${NEWER}`, "2026-11-24T00:25:27Z", "signature_mismatch", "not as GLPI writes it"],
  [NEWER.slice(1), "2026-11-24T00:25:27Z", "signature_mismatch", "cut"],
];

test.each(deliveries)("a delivery signed at %s and received at %s is %j: %s", async (...row) => {
  const [signature, receivedAt, outcome] = row;
  const verifying = connection.verify(arrived(UPDATE, signature, receivedAt));
  if (typeof outcome === "string") await expect(verifying).rejects.toMatchObject({ code: outcome });
  else expect(await verifying).toMatchObject(outcome as object);
});

test("a text signed by a challenge is no event", async () => {
  const signature = await connection.challenge(new URLSearchParams({ crc_token: "51795479926" }));
  expect(signature).toBe("e0c7d8a9443fe3a329234a282de18a87681bdeb3053eaafa191c5c3750ccdaf3");
  const verified = await connection.verify(arrived("5", signature ?? "", "2026-11-24T00:25:27Z"));
  expect(() => connection.parse(verified)).toThrow(
    expect.objectContaining({ code: "payload_invalid" }),
  );
});

const items: [item: object, ticketId: string | null, why: string][] = [
  [{ id: 57, type: 1, urgency: 3 }, "57", "an incident"],
  [{ id: 4294967295, type: 2, urgency: 5 }, "4294967295", "a request"],
  [{ id: 57, type: { id: 1, name: "Incident" }, urgency: 3 }, "57", "as a later version may say"],
  [{ id: 0, type: 1, urgency: 3 }, null, "no id"],
  [{ id: -1, type: 1, urgency: 3 }, null, "no id"],
  [{ id: "57", type: 1, urgency: 3 }, "57", "its id as text"],
  [{ id: "57a", type: 1, urgency: 3 }, null, "no number"],
];

test.each(items)("an item %j is ticket %j: %s", (item, ticketId) => {
  const body = JSON.stringify({ event: "new", item });
  const parse = () => connection.parse(toDelivery({ body }));
  if (ticketId !== null) expect(parse()).toMatchObject({ ticketId, ticket: null });
  else expect(parse).toThrow(expect.objectContaining({ code: "payload_invalid" }));
});

const logins: [status: number, code: string][] = [
  [400, "ticket_system_denied"],
  [401, "ticket_system_denied"],
  [404, "ticket_system_not_found"],
  [500, "ticket_system_unavailable"],
];

test.each(logins)("a login answered %i is %s", async (code, failure) => {
  const calls = desk({ "POST token": status(code) });
  await expect(connection.readTicket?.("57")).rejects.toMatchObject({ code: failure });
  expect(calls).toHaveLength(1);
});

const CREATE = "POST Timeline/Followup";

const refusals: [answers: Record<string, () => Response>, code: string, why: string][] = [
  [
    { [CREATE]: status(403), "GET Ticket/57": ticket({ status: { id: 6, name: "Closed" } }) },
    "ticket_system_refused",
    "the ticket is closed",
  ],
  [
    { [CREATE]: status(403), "GET Ticket/57": ticket({}) },
    "ticket_system_denied",
    "a right is missing",
  ],
  [
    { [CREATE]: status(403), "GET Ticket/57": ticket({ status: null }) },
    "ticket_system_denied",
    "a right is missing, and the status is not told",
  ],
  [
    { [CREATE]: status(403), "GET Ticket/57": status(404) },
    "ticket_system_not_found",
    "the ticket is gone or hidden",
  ],
  [{ [CREATE]: status(400) }, "ticket_system_refused", "it finds the followup wrong"],
  [{ [CREATE]: status(500) }, "ticket_system_unavailable", "it breaks"],
];

test.each(refusals)("a followup refused, by %j, is %s: %s", async (answers, code) => {
  desk(answers);
  await expect(connection.deliverComment(POSTING, FIRST_TRY)).rejects.toMatchObject({ code });
});

test("a followup answered with 302 may exist, so it is searched before the next attempt", async () => {
  const headers = { location: "/Assistance/Ticket/57/Timeline/Followup/61" };
  desk({ [CREATE]: () => new Response(null, { status: 302, headers }) });
  const failure = { code: "ticket_system_unavailable", outcomeUnknown: true };
  await expect(connection.deliverComment(POSTING, FIRST_TRY)).rejects.toMatchObject(failure);
});

const LOOK = "GET Followup/61";
const CHANGE = "PATCH Followup/61";
const followup = (is_private: unknown) => () => Response.json({ id: 61, content: "x", is_private });
const created = () => Response.json({ id: 70 });

const edits: [answers: Record<string, () => Response>, outcome: unknown, why: string][] = [
  [
    { [LOOK]: followup(true), [CHANGE]: followup(true) },
    { outcome: "updated", commentId: "61" },
    "it is there",
  ],
  [
    { [LOOK]: followup(1), [CHANGE]: followup(1) },
    { outcome: "updated", commentId: "61" },
    "it is there, and says so as a number",
  ],
  [
    { [LOOK]: status(404), [CREATE]: created },
    { outcome: "posted", commentId: "70" },
    "it is gone",
  ],
  [
    { [LOOK]: followup(false), [CREATE]: created },
    { outcome: "posted", commentId: "70" },
    "someone made it public",
  ],
  [
    { [LOOK]: followup(undefined), [CREATE]: created },
    { outcome: "posted", commentId: "70" },
    "it does not say who sees it",
  ],
  [{ [LOOK]: followup(true), [CHANGE]: status(403) }, "ticket_system_denied", "a right is missing"],
];

test.each(edits)("a change, by %j, is %j: %s", async (answers, outcome) => {
  desk(answers);
  const settling = connection.deliverComment(POSTING, EDIT);
  if (typeof outcome === "string") await expect(settling).rejects.toMatchObject({ code: outcome });
  else expect(await settling).toEqual(outcome);
});

test("a public followup is posted only with COMMENT_VISIBILITY=public", async () => {
  const calls = desk({ [CREATE]: created });
  await connection.deliverComment({ ...POSTING, visibility: "public" }, FIRST_TRY);
  expect(calls.at(-1)?.body).toMatchObject({ is_private: false });
});

test("a deleted ticket is not read", async () => {
  desk({ "GET Ticket/57": ticket({ is_deleted: true }) });
  const code = "ticket_system_refused";
  await expect(connection.readTicket?.("57")).rejects.toMatchObject({ code });
});
