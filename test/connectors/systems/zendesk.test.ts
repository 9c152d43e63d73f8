import { afterEach, expect, test, vi } from "vitest";
import { connect } from "../../../src/connectors/index.ts";
import fixture from "../../fixtures/zendesk.json";
import { FIRST_TRY, SECOND_TRY } from "../attempts.ts";
import {
  answer,
  type Call,
  FIXTURES,
  freshConnection,
  MARKER,
  postingOn,
  replay,
  toDelivery,
} from "../fixture.ts";

const { env, posted } = fixture;
const connection = connect("zendesk", env);
const AT = new Date(fixture.delivery.at);
const TEST_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==";

const POSTING = postingOn(
  "35436",
  { contactMicrosoft: true, tags: ["error-hresult", "contact-microsoft"] },
  { at: AT },
);

afterEach(() => {
  vi.unstubAllGlobals();
});

function arrived(body: string, signature = "", timestamp = fixture.delivery.at) {
  const headers = {
    "x-zendesk-webhook-signature": signature,
    "x-zendesk-webhook-signature-timestamp": timestamp,
    "x-zendesk-webhook-invocation-id": "not-signed",
  };
  return toDelivery({ headers, body }, AT);
}

const THIN = '{"ticket_id": "35436"}';

/** Made with `openssl dgst -sha256 -hmac`. */
const signatures: [why: string, signature: string, at: string, now: string, code: string | null][] =
  [
    [
      "time and body",
      "n/0DP0izkpxS4mYmrsL/Rom//B0Ab6wN53bNjS0A6O0=",
      "2026-11-24T00:25:26Z",
      "2026-11-24T00:30:26Z",
      null,
    ],
    [
      "five minutes ago",
      "n/0DP0izkpxS4mYmrsL/Rom//B0Ab6wN53bNjS0A6O0=",
      "2026-11-24T00:25:26Z",
      "2026-11-24T00:30:27Z",
      "signature_stale",
    ],
    [
      "another time",
      "n/0DP0izkpxS4mYmrsL/Rom//B0Ab6wN53bNjS0A6O0=",
      "2026-11-24T00:25:27Z",
      "2026-11-24T00:25:26Z",
      "signature_mismatch",
    ],
    [
      "body and time",
      "fhkgrR3VawXYopfOoe2a8imAvewwodo5wluRWfTnsaU=",
      "2026-11-24T00:25:26Z",
      "2026-11-24T00:25:26Z",
      "signature_mismatch",
    ],
    [
      "with the test secret",
      "yg/9b3rj4FNJcY1FtbHAfnd9HYp7/qesgIauHDWjt8o=",
      "2026-11-24T00:25:26Z",
      "2026-11-24T00:25:26Z",
      "signature_mismatch",
    ],
  ];

test.each(signatures)("a signature over %s", async (_, signature, at, now, code) => {
  const delivery = { ...arrived(THIN, signature, at), receivedAt: new Date(now) };
  const verifying = connection.verify(delivery);
  if (code) await expect(verifying).rejects.toMatchObject({ code });
  else expect((await verifying).secretIndex).toBe(0);
});

test.each([
  TEST_SECRET,
  `${env.ZENDESK_SECRETS},${TEST_SECRET}`,
  ` ${TEST_SECRET} ,${env.ZENDESK_SECRETS}`,
])("the public test secret is no secret: %s", (secrets) => {
  const message = "ZENDESK_SECRETS: a public secret";
  expect(() => connect("zendesk", { ...env, ZENDESK_SECRETS: secrets })).toThrow(
    expect.objectContaining({ code: "settings_invalid", message }),
  );
});

const event = (id: unknown, type = "zen:event-type:ticket.created") =>
  JSON.stringify({ type, id: "e-1", detail: { id } });

const deliveries: [body: string, ticketId: string | null, deliveryId: string | null][] = [
  [THIN, "35436", null],
  ['{"ticket_id": 35436, "type": "new"}', "35436", null],
  ['{"ticket_id": "{{ticket.id}}"}', null, null],
  ['{"ticket_id": ""}', null, null],
  [event("35436"), "35436", "e-1"],
  [event(35436), "35436", "e-1"],
  [event("35436/../1"), null, null],
  [event(null), null, null],
];

test.each(deliveries)("%s is ticket %j", (body, ticketId, deliveryId) => {
  const parse = () => connection.parse(arrived(body));
  if (ticketId) expect(parse()).toEqual({ ticketId, deliveryId, ticket: null });
  else expect(parse).toThrow(expect.objectContaining({ code: "payload_invalid" }));
});

/** Answers a read with this ticket, and a write as told. */
function ticketWith(change: object, write = () => Response.json(posted.requests[1]?.answer.body)) {
  const body = posted.requests[0]?.answer.body;
  return answer(({ method }) =>
    method === "GET" ? Response.json({ ticket: { ...body?.ticket, ...change } }) : write(),
  );
}

const sent = (calls: readonly Call[]) => (calls.at(-1) as Call).body as { ticket: object };

const tags: [before: string[], now: string[], after: string[]][] = [
  [[], ["error-hresult"], ["error-hresult"]],
  [["vip"], ["error-hresult", "contact-microsoft"], ["vip", "error-hresult", "contact-microsoft"]],
  [["error-hresult", "vip"], ["error-hresult"], ["error-hresult", "vip"]],
  [["contact-microsoft", "vip"], ["error-win32"], ["vip", "error-win32"]],
];

test.each(tags)("tags %j with ours %j are %j", async (before, now, after) => {
  const calls = ticketWith({ tags: before, updated_at: "2026-11-24T01:00:00Z" });
  const comment = { ...POSTING.comment, tags: now };
  await connection.deliverComment({ ...POSTING, comment }, FIRST_TRY);
  const stamp = { safe_update: true, updated_stamp: "2026-11-24T01:00:00Z" };
  expect(sent(calls).ticket).toMatchObject({ tags: after, ...stamp });
});

test("leaves tags alone when told so", async () => {
  const calls = ticketWith({ tags: ["vip"] });
  await connect("zendesk", { ...env, ZENDESK_TAGS: "off" }).deliverComment(POSTING, FIRST_TRY);
  expect(Object.keys(sent(calls).ticket)).toEqual(["comment"]);
});

const refusals: [status: number, code: string, retry: boolean, writes: number, why: string][] = [
  [409, "ticket_system_unavailable", true, 1, "somebody else wrote meanwhile"],
  [422, "ticket_system_refused", false, 2, "the ticket is closed, and not its tags at fault"],
  [403, "ticket_system_denied", true, 1, "the agent may not"],
];

test.each(refusals)("a write answered %i is %s, retry %s, after %i writes: %s", async (...row) => {
  const [status, code, retry, writes] = row;
  const calls = ticketWith({}, () => Response.json({ error: "x" }, { status }));
  const settling = connection.deliverComment(POSTING, FIRST_TRY);
  await expect(settling).rejects.toMatchObject({ code, retry, outcomeUnknown: false });
  expect(calls.map(({ method }) => method)).toEqual(["GET", ...Array(writes).fill("PUT")]);
});

test("an answer without an audit names no comment", async () => {
  ticketWith({}, () => Response.json({ ticket: {} }));
  expect(await connection.deliverComment(POSTING, FIRST_TRY)).toMatchObject({ commentId: null });
});

const texts: [comment: object, isFound: boolean, why: string][] = [
  [{ html_body: `<p>${MARKER}</p>`, body: "" }, true, "in HTML"],
  [{ html_body: null, body: MARKER }, true, "plain"],
  [{ html_body: null, body: null }, false, "without a text"],
  [{ html_body: "<p>Hello</p>", body: MARKER }, false, "HTML goes first"],
];

test.each(texts)("a comment %j is found by its marker: %s: %s", async (comment, isFound) => {
  const comments = [{ id: "7", ...comment }];
  const calls = answer(({ method, url }) => {
    if (url.includes("comments")) return Response.json({ comments });
    return Response.json(posted.requests[method === "GET" ? 0 : 1]?.answer.body);
  });
  await connection.deliverComment(POSTING, SECOND_TRY);
  const written = isFound ? [] : ["GET", "PUT"];
  expect(calls.map(({ method }) => method)).toEqual(["GET", ...written]);
});

test("the token goes to the account's own address only", async () => {
  const recording = Object.fromEntries(FIXTURES).zendesk;
  const calls = replay(recording?.fetched?.requests ?? []);
  await connection.readTicket?.("35436");
  const hosts = calls.map(({ url, headers }) => [new URL(url).host, "authorization" in headers]);
  expect(hosts).toEqual([
    ["zendesk.example", true],
    ["zendesk.example", true],
    ["zendesk.example", true],
    ["storage.example", false],
    ["files.example", false],
  ]);
});

const files: [url: string | null, reads: boolean][] = [
  [null, false],
  ["", false],
  ["no address", false],
  ["http://files.example/a.txt", false],
  ["https://files.example/a.txt", true],
];

test.each(files)("a file at %j is read: %s", async (content_url, reads) => {
  const comments = [{ id: 1, body: "x", attachments: [{ file_name: "a.txt", content_url }] }];
  const calls = answer(({ url }) => {
    if (url.includes("files.example")) return new Response("0x80070005");
    return Response.json(url.includes("comments") ? { comments } : posted.requests[0]?.answer.body);
  });
  const ticket = await connection.readTicket?.("35436");
  const text = reads ? "0x80070005" : "";
  expect(ticket?.attachments).toEqual([{ name: "a.txt", text, format: "text" }]);
  expect(calls).toHaveLength(reads ? 3 : 2);
});

const logins: [user: string | undefined, authorization: string][] = [
  ["a@example.com", `Basic ${btoa("a@example.com/token:test-token-0123456789")}`],
  [undefined, "Bearer test-token-0123456789"],
];

test.each(logins)("user %s logs in with %s", async (user, authorization) => {
  const token = { scopes: ["read", "write"] };
  const calls = answer(() => Response.json({ user: { role: "agent" }, token }));
  expect(await connect("zendesk", { ...env, ZENDESK_USER: user }).check?.("internal")).toEqual([]);
  expect(calls[0]?.headers).toMatchObject({ authorization });
});

const scopes: [scopes: string[], mayWrite: boolean][] = [
  [["read", "write"], true],
  [["read", "tickets:write"], true],
  [["read"], false],
  [["read", "users:write"], false],
  [[], false],
];

test.each(scopes)("an OAuth token with the scopes %j may comment: %s", async (given, mayWrite) => {
  answer(() => Response.json({ user: { role: "agent" }, token: { scopes: given } }));
  const { ZENDESK_USER: _, ...oauth } = env;
  expect(await connect("zendesk", oauth).check?.("internal")).toHaveLength(mayWrite ? 0 : 1);
});

const { ZENDESK_USER: _user, ZENDESK_TOKEN: _token, ...REST } = env;
const CLIENT = { ZENDESK_CLIENT_ID: "hresult-comments", ZENDESK_CLIENT_SECRET: "secret-of-client" };

test("an OAuth client gets a token by its credentials, and uses it until it ends", async () => {
  vi.setSystemTime(AT);
  const own = freshConnection("zendesk", { ...REST, ...CLIENT });
  let given = 0;
  const calls = answer(({ url }) =>
    url.endsWith("/oauth/tokens")
      ? Response.json({ access_token: `token-${++given}`, token_type: "bearer", expires_in: 1800 })
      : Response.json({ comments: [], ...posted.requests[0]?.answer.body }),
  );
  await own.readTicket?.("35436");
  vi.setSystemTime(AT.getTime() + 1_739_000);
  await own.readTicket?.("35436");
  vi.setSystemTime(AT.getTime() + 1_741_000);
  await own.readTicket?.("35436");
  vi.useRealTimers();
  const [grant, ...others] = calls;
  expect(grant).toMatchObject({
    method: "POST",
    url: "https://zendesk.example/oauth/tokens",
    headers: { "content-type": "application/json" },
    body: {
      grant_type: "client_credentials",
      client_id: "hresult-comments",
      client_secret: "secret-of-client",
      scope: "read tickets:write",
    },
  });
  const sent = others.map(({ url, headers }) =>
    url.endsWith("/oauth/tokens") ? "grant" : headers.authorization,
  );
  const [first, second] = ["Bearer token-1", "Bearer token-2"];
  expect(sent).toEqual([first, first, first, first, "grant", second, second]);
});

const keys: [given: Record<string, string>, says: string | null][] = [
  [CLIENT, null],
  [{ ZENDESK_TOKEN: "abc" }, null],
  [{ ...CLIENT, ZENDESK_TOKEN: "abc", ZENDESK_USER: "a@example.com" }, null],
  [{}, "ZENDESK_TOKEN: missing, or ZENDESK_CLIENT_ID with ZENDESK_CLIENT_SECRET"],
  [{ ZENDESK_CLIENT_ID: "x" }, "ZENDESK_CLIENT_SECRET: missing"],
];

test.each(keys)("opened with %j, it says %j", (given, says) => {
  const connecting = () => connect("zendesk", { ...REST, ...given });
  if (says === null) expect(connecting().name).toBe("zendesk");
  else expect(connecting).toThrow(new RegExp(`^${says}$`));
});
