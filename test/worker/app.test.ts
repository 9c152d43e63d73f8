import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  ask,
  closeHarness,
  created,
  deliver,
  dump,
  expectError,
  type Harness,
  OLDER_SECRET,
  openHarness,
  pass,
  recordOf,
  retrigger,
  SECRET,
  START,
  send,
  set,
  sign,
  storedIds,
} from "../worker-harness.ts";

const OTHER_SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
const DAY = 86_400_000;
const MIB = 1024 * 1024;
const NOW_S = START / 1000;
const WEBHOOK = "/webhooks/standard";

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness();
});
afterEach(closeHarness);

function scanText(request: unknown) {
  return ask("/scan", { method: "POST", body: JSON.stringify(request) });
}

async function commentOf(body: string): Promise<string> {
  await deliver(created({ body }));
  await pass();
  return JSON.parse(harness.calls[0]?.body ?? "{}").data.comment.text;
}

// Webhooks: verification

const signed = sign(created(), { timestamp: NOW_S });
const { "webhook-signature": rightSignature = "" } = signed;

const unverified: [why: string, error: string, headers: Record<string, string>, body?: string][] = [
  ["no header", "signature_missing", {}],
  ["no id", "signature_missing", without("webhook-id")],
  ["no timestamp", "signature_missing", without("webhook-timestamp")],
  ["no signature", "signature_missing", without("webhook-signature")],
  ["an empty signature", "signature_missing", withSignature("")],
  [
    "another secret",
    "signature_mismatch",
    sign(created(), { secret: OTHER_SECRET, timestamp: NOW_S }),
  ],
  ["a truncated signature", "signature_mismatch", withSignature(rightSignature.slice(0, -8))],
  ["a signature without its version", "signature_mismatch", withSignature(rightSignature.slice(3))],
  [
    "an unknown version",
    "signature_mismatch",
    withSignature(rightSignature.replace("v1,", "v1a,")),
  ],
  ["a signature that is not base64", "signature_mismatch", withSignature("v1,%%%")],
  ["an empty signature after the version", "signature_mismatch", withSignature("v1,")],
  ["another id", "signature_mismatch", { ...signed, "webhook-id": "msg_2" }],
  ["another time", "signature_mismatch", { ...signed, "webhook-timestamp": String(NOW_S + 1) }],
  ["other white space", "signature_mismatch", signed, created().replace("{", "{ ")],
  ["one byte more", "signature_mismatch", signed, `${created()}\n`],
  ["301 s ago", "signature_stale", sign(created(), { timestamp: NOW_S - 301 })],
  ["301 s ahead", "signature_stale", sign(created(), { timestamp: NOW_S + 301 })],
  ["a time with letters", "signature_stale", sign(created(), { timestamp: `${NOW_S}abc` })],
  ["a time with a fraction", "signature_stale", sign(created(), { timestamp: `${NOW_S}.5` })],
  ["a time in hex", "signature_stale", sign(created(), { timestamp: `0x${NOW_S.toString(16)}` })],
  ["a time in milliseconds", "signature_stale", sign(created(), { timestamp: String(START) })],
];

function without(name: string) {
  return Object.fromEntries(Object.entries(signed).filter(([each]) => each !== name));
}

function withSignature(signature: string) {
  return { ...signed, "webhook-signature": signature };
}

test.each(unverified)("a delivery with %s is answered 401 %s", async (_, error, headers, body) => {
  const response = await send(WEBHOOK, { method: "POST", headers, body: body ?? created() });
  await expectError(response, 401, error);
  expect(await storedIds()).toEqual([]);
  expect(harness.log.map((line) => JSON.parse(line))).toMatchObject([
    { event: "delivery_rejected", code: error },
  ]);
});

const inTime: [age: number, why: string][] = [
  [0, "now"],
  [-299, "299 s ahead"],
  [299, "299 s ago"],
];

test.each(inTime)("a delivery that is %i s old is accepted (signed %s)", async (age) => {
  const response = await deliver(created(), { timestamp: NOW_S - age });
  expect(response.status).toBe(202);
  expect(await response.text()).toBe('{"status":"accepted","ticketId":"T-1"}');
  expect(await storedIds()).toEqual(["T-1"]);
});

test("a delivery signed with the secret of another connector is answered 401", async () => {
  set({
    REQUEST_TRACKER_URL: "https://rt.example/",
    REQUEST_TRACKER_TOKEN: "1-2-token",
    REQUEST_TRACKER_SECRETS: OTHER_SECRET,
  });
  const body = created({ id: "7" });
  const init = { method: "POST", body, headers: sign(body, { secret: OTHER_SECRET }) };
  await expectError(await send(WEBHOOK, init), 401, "signature_mismatch");
  expect((await send("/webhooks/request-tracker", init)).status).toBe(202);
});

test("a delivery signed with the older of two secrets is accepted, and the log says so", async () => {
  expect((await deliver(created(), { secret: OLDER_SECRET })).status).toBe(202);
  expect(harness.log[0]).toBe('{"event":"older_secret_used","connector":"standard"}');
});

test("a delivery signed with the newest secret logs nothing about secrets", async () => {
  await deliver();
  expect(harness.log.join()).not.toContain("older_secret_used");
});

test("a delivery with several signatures is accepted if one of them fits", async () => {
  const [older, other] = [OLDER_SECRET, OTHER_SECRET].map(
    (secret) => sign(created(), { secret })["webhook-signature"],
  );
  const headers = withSignature(`v1a,AAAA ${other} ${older}`);
  const response = await send(WEBHOOK, { method: "POST", headers, body: created() });
  expect(response.status).toBe(202);
});

// Webhooks: duplicates

test("a delivery that is sent again days later is a duplicate", async () => {
  expect(await (await deliver()).json()).toEqual({ status: "accepted", ticketId: "T-1" });
  const again = await deliver();
  expect(again.status).toBe(202);
  expect(await again.text()).toBe('{"status":"duplicate","ticketId":"T-1"}');
  await pass();
  await pass(3 * DAY);
  expect(await (await deliver()).json()).toEqual({ status: "duplicate", ticketId: "T-1" });
  await pass();
  expect(harness.calls).toHaveLength(1);
});

test("a delivery that is sent twice at once leads to one comment", async () => {
  const answers = await Promise.all([deliver(), deliver()]);
  const statuses = await Promise.all(answers.map((each) => each.json<{ status: string }>()));
  expect(statuses.map(({ status }) => status).sort()).toEqual(["accepted", "duplicate"]);
  await pass();
  expect(harness.calls).toHaveLength(1);
});

test("two deliveries for one ticket at once lead to one comment", async () => {
  const answers = await Promise.all([deliver(), deliver(created(), { id: "msg_2" })]);
  expect(answers.map(({ status }) => status)).toEqual([202, 202]);
  await pass();
  await pass(DAY);
  expect(harness.calls).toHaveLength(1);
});

// Webhooks: wrong routes and wrong bodies

const misdirected: [method: string, path: string, status: number, error: string, why: string][] = [
  ["GET", WEBHOOK, 405, "method_not_allowed", "only POST"],
  ["PUT", WEBHOOK, 405, "method_not_allowed", "only POST"],
  ["PATCH", WEBHOOK, 405, "method_not_allowed", "only POST"],
  ["DELETE", WEBHOOK, 405, "method_not_allowed", "only POST"],
  ["OPTIONS", WEBHOOK, 405, "method_not_allowed", "only POST"],
  ["POST", "/webhooks/nobody", 404, "connector_unknown", "no such connector"],
  ["POST", "/webhooks/STANDARD", 404, "connector_unknown", "a name in capitals"],
  ["POST", "/webhooks/__proto__", 404, "connector_unknown", "the name of a property"],
  ["POST", `${WEBHOOK}/`, 404, "route_unknown", "a trailing slash"],
  ["POST", `/${WEBHOOK}`, 404, "route_unknown", "two leading slashes"],
  ["POST", "/webhooks", 404, "route_unknown", "no connector"],
  ["POST", `${WEBHOOK}/more`, 404, "route_unknown", "a longer path"],
  ["GET", "/", 404, "route_unknown", "the root"],
  ["POST", "/healthz", 404, "route_unknown", "a known path, another method"],
  [
    "GET",
    "/tickets/standard/T-1/enrich/more",
    401,
    "token_invalid",
    "an unknown route below /tickets",
  ],
];

test.each(misdirected)("%s %s is answered %i %s: %s", async (method, path, status, error) => {
  const body = method === "GET" ? null : created();
  await expectError(await send(path, { method, headers: sign(created()), body }), status, error);
});

test.each([
  ["PUT", WEBHOOK, 405],
  ["POST", "/nowhere", 404],
] as const)("%s %s is answered %i before the body is read", async (method, path, status) => {
  const pull = vi.fn((controller: ReadableStreamDefaultController) => {
    controller.enqueue(new Uint8Array(MIB));
  });
  const body = new ReadableStream({ pull, type: "bytes" }, { highWaterMark: 0 });
  expect((await send(path, { method, body })).status).toBe(status);
  expect(pull.mock.calls.length).toBeLessThan(3);
});

test("a 405 names the allowed method", async () => {
  expect((await send(WEBHOOK)).headers.get("allow")).toBe("POST");
});

const utf8 = new TextEncoder().encode(created());
const utf16 = new Uint8Array([...created()].flatMap((letter) => [letter.charCodeAt(0), 0]));

const encodings: [why: string, status: number, type: string | null, body: string | Uint8Array][] = [
  ["no content type", 202, null, utf8],
  ["a charset", 202, "application/json; charset=utf-8", created()],
  ["JSON under the name of a form", 202, "application/x-www-form-urlencoded", created()],
  ["a byte order mark", 202, "application/json", new Uint8Array([0xef, 0xbb, 0xbf, ...utf8])],
  ["a form", 422, "application/x-www-form-urlencoded", "type=ticket.created&id=T-1"],
  ["UTF-16", 422, "application/json; charset=utf-16", utf16],
  ["UTF-16 with a byte order mark", 422, null, new Uint8Array([0xff, 0xfe, ...utf16])],
  ["bytes that are not UTF-8", 422, "application/json", new Uint8Array([...utf8, 0xff])],
];

test.each(encodings)("a signed body with %s is answered %i", async (_, status, type, body) => {
  const headers = { ...sign(body), ...(type && { "content-type": type }) };
  const response = await send(WEBHOOK, { method: "POST", headers, body });
  expect(response.status).toBe(status);
  if (status === 422) expect(await response.text()).toBe('{"error":"payload_invalid"}');
});

const manyKeys = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`k${index}`, 0]));

const invalidPayloads: [why: string, body: string][] = [
  ["nothing in it", ""],
  ["blanks", " \n"],
  ["null", "null"],
  ["a list", "[]"],
  ["a batch", `[${created()}]`],
  ["a text", '"x"'],
  ["a number", "5"],
  ["true", "true"],
  ["cut JSON", created().slice(0, -1)],
  ["JSON and more", `${created()}x`],
  ["no type", '{"data":{"ticket":{"id":"T-1"}}}'],
  ["a type that is no text", '{"type":1}'],
  ["no ticket", '{"type":"ticket.created","data":{}}'],
  ["lists 10,000 deep", "[".repeat(10_000) + "]".repeat(10_000)],
  ["objects 10,000 deep", `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`],
  ["lists 500,000 deep", "[".repeat(500_000)],
  ["20,000 keys", JSON.stringify(manyKeys)],
  ["a type from __proto__", '{"__proto__":{"type":"ticket.created"}}'],
  ["no id", created({ id: undefined })],
  ["an id that is no whole number", created({ id: 7.5 })],
  ["a body that is a number", created({ body: 7 })],
  ["a subject that is a list", created({ subject: ["x"] })],
  ["an unknown format", created({ format: "rtf" })],
  ["a raw NUL", created().replace("PIN", "P\u0000IN")],
  ["an id with a lone surrogate", created({ id: "T\ud800" })],
  ["an id with NUL", created({ id: "T\u0000" })],
];

test.each(invalidPayloads)(
  "a signed body with %s is answered 422 payload_invalid",
  async (_, body) => {
    await expectError(await deliver(body), 422, "payload_invalid");
    expect(await storedIds()).toEqual([]);
  },
);

const unusualPayloads: [why: string, body: string][] = [
  ["20,000 more keys", created({ ...manyKeys })],
  ["a repeated key, of which the last one counts", created().replace("{", '{"type":"ping",')],
  ["a lone surrogate in its text", created({ subject: "\ud800" })],
  ["NUL in its text", created({ subject: "\u0000" })],
  ["lists 10,000 deep in a field that is not read", created().replace("{", `{"x":${deepList()},`)],
];

function deepList() {
  return "[".repeat(10_000) + "]".repeat(10_000);
}

test.each(unusualPayloads)("a ticket with %s is accepted", async (_, body) => {
  expect((await deliver(body)).status).toBe(202);
  await pass();
  expect(await recordOf()).toMatchObject({ state: "done", outcome: "posted" });
});

test("__proto__ in a payload does not pollute Object.prototype", async () => {
  const body = created().replaceAll("{", '{"__proto__":{"polluted":1},"constructor":{"a":1},');
  expect((await deliver(body)).status).toBe(202);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect("polluted" in {}).toBe(false);
});

// Ignored events

test.each(["ticket.updated", "ping", "ticket.comment", "TICKET.CREATED", ""])(
  "a delivery of the event %j is ignored, and the answer says why",
  async (type) => {
    const response = await deliver(JSON.stringify({ type, data: null }));
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('{"status":"ignored","reason":"another event"}');
    expect(await storedIds()).toEqual([]);
  },
);

// Ticket ids

const goodIds: [id: string, why: string][] = [
  ["7", "a number"],
  ["T-1", "a key"],
  ["a.b_c:d-e", "all allowed characters"],
  ["9".repeat(128), "the longest"],
];

test.each(goodIds)("a delivery with the ticket id %j is accepted: %s", async (id) => {
  expect((await deliver(created({ id }))).status).toBe(202);
  await pass();
  expect(harness.calls.map(({ url }) => url)).toEqual([
    `https://desk.example/tickets/${encodeURIComponent(id)}/comments`,
  ]);
});

const badIds: [id: string, why: string][] = [
  ["", "empty"],
  ["-1", "negative"],
  ["9".repeat(129), "too long"],
  ["x".repeat(10_240), "10 KB"],
  ["チケット", "kana"],
  ["T\u0661", "an Arabic digit"],
  ["..", "the folder above"],
  ["../admin", "a path"],
  ["..%2fadmin", "an escaped path"],
  ["a%2fb", "an escaped slash"],
  ["a/b", "a slash"],
  ["a\\b", "a backslash"],
  ["a?b", "a query"],
  ["a#b", "a fragment"],
  ["a@b", "a host"],
  ["a b", "a blank"],
  ["a\n", "a line feed"],
  ["{id}", "a placeholder"],
];

test.each(badIds)("a delivery with the ticket id %j is answered 422: %s", async (id) => {
  await expectError(await deliver(created({ id })), 422, "payload_invalid");
  await pass();
  expect(await storedIds()).toEqual([]);
  expect(harness.calls).toEqual([]);
});

test.each(badIds.filter(([id]) => id !== "" && id !== ".."))(
  "a path with the ticket id %j is answered 422: %s",
  async (id) => {
    const path = `/tickets/standard/${encodeURIComponent(id)}`;
    await expectError(await ask(path), 422, "ticket_id_invalid");
    await expectError(await ask(`${path}/enrich`, { method: "POST" }), 422, "ticket_id_invalid");
    expect(await storedIds()).toEqual([]);
  },
);

// The text of a ticket

const texts: [why: string, ticket: Record<string, unknown>, codes: string[]][] = [
  ["neither subject nor body", { subject: undefined, body: undefined }, []],
  ["null for both", { subject: null, body: null }, []],
  ["a code in the subject only", { subject: "0x80090029", body: undefined }, ["0x80090029"]],
  [
    "a code in subject and body each",
    { subject: "PIN reset 0x801C03ED", body: "0x80090029" },
    ["0x801C03ED", "0x80090029"],
  ],
  ["HTML", { body: "<p>PIN:<br>0x80090029</p>", format: "html" }, ["0x80090029"]],
  ["Markdown", { body: "**`0x80090029`**", format: "markdown" }, ["0x80090029"]],
  ["no locale", { locale: undefined }, ["0x80090029"]],
];

test.each(texts)("a ticket with %s, %j, has the codes %j", async (_, ticket, codes) => {
  expect((await deliver(created(ticket))).status).toBe(202);
  await pass();
  expect(await recordOf()).toMatchObject({
    state: "done",
    outcome: codes.length > 0 ? "posted" : "no_code",
    codes,
  });
});

test("a code that stands 10,000 times in a ticket is commented on once", async () => {
  const text = await commentOf("Error 0x80090029\n".repeat(10_000));
  expect(text.match(/0x80090029/g)).toHaveLength(1);
});

test("of 500 codes a comment shows six and counts the others", async () => {
  const unlisted = Array.from({ length: 499 }, (_, index) => `0x8024${hex(0x4000 + index)}`);
  const text = await commentOf(`${unlisted.join("\n")}\n0x80090029`);
  expect(new Set(text.match(/0x[0-9A-F]{8}/g)).size).toBe(6);
  expect(text).toContain("- and 94 more codes");
  expect(text).toContain("- and 400 more codes");
  expect(await recordOf()).toMatchObject({ codes: unlisted.slice(0, 100) });
});

function hex(value: number) {
  return value.toString(16).toUpperCase().padStart(4, "0");
}

// Tickets

test("GET /tickets lists tickets by id, page by page", async () => {
  const ids = ["T-3", "T-1", "T-5", "T-2", "T-4"];
  for (const id of ids) await deliver(created({ id }), { id: `msg_${id}` });
  const pages = await pagesOf("limit=2");
  expect(pages).toEqual([
    ["standard/T-1", "standard/T-2"],
    ["standard/T-3", "standard/T-4"],
    ["standard/T-5"],
  ]);
});

test("GET /tickets lists one connector after the other", async () => {
  set({
    REQUEST_TRACKER_URL: "https://rt.example/",
    REQUEST_TRACKER_TOKEN: "1-2-token",
    REQUEST_TRACKER_SECRETS: OTHER_SECRET,
  });
  const paths = [WEBHOOK, "/webhooks/request-tracker"];
  for (const [index, id] of ["2", "1", "1", "3"].entries()) {
    const path = paths[index % 2] ?? "";
    const body = created({ id });
    const secret = path === WEBHOOK ? SECRET : OTHER_SECRET;
    const headers = sign(body, { id: `msg_${index}`, secret });
    expect((await send(path, { method: "POST", headers, body })).status).toBe(202);
  }
  const all = ["request-tracker/1", "request-tracker/3", "standard/1", "standard/2"];
  for (const limit of [1, 2, 3, 4, 5]) {
    const pages = await pagesOf(`limit=${limit}`);
    expect(pages.flat()).toEqual(all);
    expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
  }
  expect(await pagesOf("connector=standard&limit=1")).toEqual([["standard/1"], ["standard/2"], []]);
});

/** The tickets of a query, page by page. */
async function pagesOf(query: string) {
  const pages: string[][] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const response: Response = await ask(`/tickets?${query}&cursor=${encodeURIComponent(cursor)}`);
    const page = await response.json<{
      tickets: { connector: string; ticketId: string }[];
      cursor: string | null;
    }>();
    pages.push(page.tickets.map(({ connector, ticketId }) => `${connector}/${ticketId}`));
    cursor = page.cursor;
  }
  return pages;
}

test("GET /tickets filters by state and connector", async () => {
  harness.answers.push(() => new Response("", { status: 410 }));
  await deliver(created({ id: "T-1" }), { id: "msg_1" });
  await pass();
  await deliver(created({ id: "T-2" }), { id: "msg_2" });
  await pass();
  harness.always = () => new Response("", { status: 500 });
  await deliver(created({ id: "T-3" }), { id: "msg_3" });
  await pass();
  const idsOf = async (query: string) => {
    const response = await ask(`/tickets?${query}`);
    const { tickets } = await response.json<{ tickets: { ticketId: string }[] }>();
    return tickets.map(({ ticketId }) => ticketId);
  };
  expect(await idsOf("state=failed")).toEqual(["T-1"]);
  expect(await idsOf("state=done")).toEqual(["T-2"]);
  expect(await idsOf("state=waiting")).toEqual(["T-3"]);
  expect(await idsOf("state=working")).toEqual([]);
  expect(await idsOf("state=any&connector=standard")).toEqual(["T-1", "T-2", "T-3"]);
});

const badQueries: [query: string, status: number, error: string][] = [
  ["limit=0", 422, "request_invalid"],
  ["limit=201", 422, "request_invalid"],
  ["limit=1.5", 422, "request_invalid"],
  ["limit=many", 422, "request_invalid"],
  ["state=lost", 422, "request_invalid"],
  ["connector=nobody", 404, "connector_unknown"],
  ["order=oldest", 422, "request_invalid"],
  ["code=nonsense", 422, "code_invalid"],
  ["cursor=standard%2FT-1", 422, "request_invalid"],
  ["cursor=e30", 422, "request_invalid"],
  ["order=newest&cursor=%00", 422, "request_invalid"],
];

test.each(badQueries)("GET /tickets?%s is answered %i %s", async (query, status, error) => {
  await expectError(await ask(`/tickets?${query}`), status, error);
});

test("GET /tickets/:connector/:ticketId answers the record of the ledger", async () => {
  await deliver();
  await pass();
  const response = await ask("/tickets/standard/T-1");
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual(await recordOf());
});

test("a ticket that the ledger does not know is answered 404", async () => {
  await expectError(await ask("/tickets/standard/T-9"), 404, "ticket_unknown");
  await expectError(await ask("/tickets/nobody/T-9"), 404, "connector_unknown");
});

const retriggers: [body: string, status: number, why: string][] = [
  ["", 202, "no body"],
  ["{}", 202, "an empty object"],
  ['{"force":true}', 202, "by force"],
  ['{"force":false,"more":1}', 202, "another field"],
  ['{"force":"yes"}', 422, "a text"],
  ["[]", 422, "a list"],
  ["null", 422, "null"],
  ["{", 422, "cut JSON"],
];

test.each(retriggers)("a re-trigger with %j is answered %i: %s", async (body, status) => {
  await deliver();
  const response = await retrigger("T-1", body);
  expect(response.status).toBe(status);
  expect(await response.text()).toBe(
    status === 202 ? '{"status":"accepted","ticketId":"T-1"}' : '{"error":"request_invalid"}',
  );
});

// The dry run

test("a dry run answers the codes with their positions, and the comment", async () => {
  const response = await scanText({ text: "PIN setup: 0x80090029, 0x8024402c, 0x00000005" });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    codes: [
      {
        ...{ code: "0x80090029", notation: "hex", start: 11, end: 21, status: "listed" },
        rule: "context/alone",
        ...{ topic: "windows-hello-pin", sure: true, steps: 2, meaning: "The TPM is not set up." },
      },
      {
        ...{ code: "0x8024402C", notation: "hex", start: 23, end: 33, status: "listed" },
        rule: "list/behind-code",
        ...{ topic: "windows-update", sure: true, steps: 1 },
        meaning: "The update server was not found.",
      },
    ],
    ignored: [
      {
        ...{ notation: "win32_hex", start: 35, end: 45, reason: expect.any(String) },
        rule: "win32/eight-digits-unnamed",
      },
    ],
    situation: { topic: "windows-hello-pin", sure: true, signs: ["pin setup", "pin"] },
    contactMicrosoft: false,
    locale: "en",
    comment: {
      text: expect.stringContaining("0x80090029 NTE_NOT_SUPPORTED: "),
      markdown: expect.stringContaining("`0x80090029` `NTE_NOT_SUPPORTED`: "),
      html: expect.stringContaining("<code>0x80090029</code> <code>NTE_NOT_SUPPORTED</code>: "),
    },
  });
  expect(await storedIds()).toEqual([]);
  expect(harness.calls).toEqual([]);
});

test("a code that only a Windows header names has the status named", async () => {
  const response = await scanText({ text: "Error 0x80240016" });
  expect(await response.json()).toMatchObject({ codes: [{ status: "named" }] });
});

test("positions in a subject and a body say which of the two they count in", async () => {
  const response = await scanText({ subject: "0x80090029", body: "\u{1f600} 0x801C03ED" });
  expect(await response.json()).toMatchObject({
    codes: [
      { code: "0x80090029", start: 0, end: 10, field: "subject" },
      { code: "0x801C03ED", start: 3, end: 13, field: "body" },
    ],
  });
});

test("positions in HTML count in the HTML as it was sent", async () => {
  const text = "<p>caf&eacute; <b>0x80090029</b></p>";
  const response = await scanText({ text, format: "html" });
  const { codes } = await response.json<{ codes: { start: number; end: number }[] }>();
  expect(codes.map(({ start, end }) => text.slice(start, end))).toEqual(["0x80090029"]);
});

test("a tentative finding counts as ignored unless the catalog lists its code", async () => {
  const response = await scanText({ text: "see 80FF0016 or 80090029" });
  expect(await response.json()).toMatchObject({
    codes: [{ code: "0x80090029", notation: "hex_bare", start: 16, end: 24, status: "listed" }],
    ignored: [{ notation: "hex_bare", start: 4, end: 12, reason: expect.any(String) }],
  });
});

test("a dry run answers all 500 codes of a text", async () => {
  const unlisted = Array.from({ length: 499 }, (_, index) => `0x8024${hex(0x4000 + index)}`);
  const response = await scanText({ text: `${unlisted.join("\n")}\n0x80090029` });
  const { codes, ignored } = await response.json<{ codes: object[]; ignored: object[] }>();
  expect(codes).toHaveLength(500);
  expect(codes.at(-1)).toMatchObject({ code: "0x80090029", status: "listed" });
  expect(ignored).toEqual([]);
});

test("a dry run of a text without codes answers no comment", async () => {
  expect(await (await scanText({ text: "Hello" })).json()).toEqual({
    codes: [],
    ignored: [],
    situation: { topic: null, sure: false, signs: [] },
    contactMicrosoft: false,
    locale: "en",
    comment: null,
  });
});

const kinds: [text: string, codes: string[], contactMicrosoft: boolean, why: string][] = [
  ["0x00000000", [], false, "a success"],
  ["0x00040001", [], false, "a success of another facility"],
  ["0x801C000F", ["0x801C000F"], false, "a listed success"],
  ["0x80090029", ["0x80090029"], false, "a step is known"],
  ["PIN reset 0x80090010", ["0x80090010"], true, "no step is known"],
  ["PIN reset 0x80090029 0x80090010", ["0x80090029", "0x80090010"], true, "one has none"],
  ["0xC000006D", ["0xC000006D"], false, "NTSTATUS"],
  ["0xD000006D", ["0xD000006D"], false, "NTSTATUS in an HRESULT"],
  ["0xE0434352", ["0xE0434352"], false, "the customer bit"],
];

test.each(kinds)(
  "a dry run of %s finds %j, contactMicrosoft %s: %s",
  async (text, codes, contactMicrosoft) => {
    const answer = await (await scanText({ text })).json<{ codes: { code: string }[] }>();
    expect(answer.codes.map(({ code }) => code)).toEqual(codes);
    expect(answer).toMatchObject({ contactMicrosoft });
  },
);

const locales: [request: object, locale: string, why: string][] = [
  [{ text: "0x80090029", locale: "ja-JP" }, "ja", "as asked"],
  [{ text: "0x80090029", locale: "nl-BE" }, "en", "none is closer"],
  [{ text: "エラー0x80090029" }, "ja", "kana"],
  [{ text: "エラー0x80090029", locale: null }, "ja", "null is none"],
  [{ text: "エラー0x80090029", locale: "en" }, "en", "what is asked for goes first"],
  [{ text: "0x80090029", locale: "__proto__" }, "en", "the name of a property"],
  [{ text: "0x80090029", locale: "-".repeat(500_000) }, "en", "half a megabyte of dashes"],
];

test.each(locales.map(([request, ...rest]) => [rest[1], rest[0], request] as const))(
  "the locale of a dry run (%s) is %s",
  async (_, locale, request) => {
    expect(await (await scanText(request)).json()).toMatchObject({ locale });
  },
);

const badScans: [body: string, why: string][] = [
  ["", "nothing"],
  ["{", "cut JSON"],
  ["null", "null"],
  ["[]", "a list"],
  ["{}", "no text"],
  ['{"text":1}', "a number"],
  ['{"subject":"x"}', "a subject alone"],
  ['{"body":"x"}', "a body alone"],
  ['{"text":"x","format":"rtf"}', "an unknown format"],
  ['{"text":"x","locale":5}', "a locale that is a number"],
];

test.each(badScans)("POST /scan with %j is answered 422 request_invalid: %s", async (body) => {
  await expectError(await ask("/scan", { method: "POST", body }), 422, "request_invalid");
});

// The catalog

test("GET /catalog answers the version, topics and codes", async () => {
  const response = await ask("/catalog");
  expect(response.status).toBe(200);
  const { version, topics, codes } = Object(await response.json());
  expect(version).toMatch(/^[0-9a-f]{12}$/);
  expect(topics.toSorted()).toEqual([
    "network-shares",
    "windows-general",
    "windows-hello-pin",
    "windows-update",
  ]);
  expect(codes).toContain("0x80070005");
  expect(codes).toEqual([...new Set(codes)].sort());
  expect(codes.join()).not.toContain("+");
});

const notations: [typed: string, code: string, why: string][] = [
  ["0x80090029", "0x80090029", "as it is spelt"],
  ["0X80090029", "0x80090029", "a large X"],
  ["80090029", "0x80090029", "without 0x"],
  ["-2146893783", "0x80090029", "in decimal, signed"],
  ["2148073513", "0x80090029", "in decimal, unsigned"],
  ["NTE_NOT_SUPPORTED", "0x80090029", "its symbol"],
  ["0x00000035", "0x80070035", "a Win32 error as Windows shows it"],
  ["0x35", "0x80070035", "short"],
  ["53", "0x80070035", "in decimal"],
];

test.each(notations)("GET /catalog/%s answers the code %s: %s", async (typed, code) => {
  const response = await ask(`/catalog/${typed}`);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ code, status: "listed" });
});

test("GET /catalog/:code answers all entries of a code, with their steps", async () => {
  expect(await (await ask("/catalog/0x80090029")).json()).toMatchObject({
    symbol: "NTE_NOT_SUPPORTED",
    meaning: { en: "The TPM is not set up." },
    decoded: { family: "hresult", facility: 9 },
    entries: [
      {
        topic: "windows-hello-pin",
        title: { en: "Creating a Windows Hello PIN" },
        second: null,
        cases: [{ steps: [{ who: "user" }, { who: "admin" }] }],
        contactMicrosoft: false,
        source: { url: "https://learn.example/windows-hello-pin" },
      },
    ],
  });
  const { entries } = Object(await (await ask("/catalog/0xC1900101")).json());
  expect(entries.map(({ second }: { second: string }) => second)).toEqual([
    null,
    "0x20017",
    "0x3????",
  ]);
});

test("GET /catalog/:code decodes a code that the catalog does not list", async () => {
  expect(await (await ask("/catalog/0x8024fffe")).json()).toMatchObject({
    code: "0x8024FFFE",
    status: "unlisted",
    product: { en: "Windows Update" },
    entries: [],
    decoded: { family: "hresult", severity: "error", facility: 36 },
  });
});

test.each(["0x80090029/", "0x80090029%2f", "0x80090029%2F", "%2f0x80090029", "0x80090029%2fx"])(
  "GET /catalog/%s is answered 404 route_unknown",
  async (path) => {
    await expectError(await ask(`/catalog/${path}`), 404, "route_unknown");
  },
);

test.each(["0x8009002", "0x800900290", "0xG0090029", "__proto__", "0x0", "NO_SUCH_NAME"])(
  "GET /catalog/%s is answered 422 code_invalid",
  async (code) => {
    await expectError(await ask(`/catalog/${code}`), 422, "code_invalid");
  },
);

// Privacy

test("the text of a ticket is in no log, no answer, no ledger and no request of the Worker", async () => {
  const canary = "canary-4711";
  const text = `error 0x80090029 ${canary} 0x00000005${canary} 80240016 ${canary}`;
  const ticket = { subject: text, body: text, locale: canary, more: canary };
  set({ STANDARD_TICKET_URL: "https://desk.example/tickets/{id}" });
  const answers = [
    await deliver(created(ticket), { id: "msg_1" }),
    await deliver(JSON.stringify({ type: canary, data: canary }), { id: "msg_2" }),
    await deliver(created({ ...ticket, id: `${canary}!` }), { id: "msg_3" }),
    await deliver(created({ ...ticket, format: canary }), { id: "msg_4" }),
    await deliver(created(ticket).slice(0, -1), { id: "msg_5" }),
    await deliver(created({ ...ticket, id: "T-2", body: null }), { id: "msg_6" }),
    await ask("/scan", { method: "POST", body: JSON.stringify({ text, locale: canary }) }),
    await ask("/scan", { method: "POST", body: canary }),
    await ask(`/tickets?state=${canary}`),
  ];
  harness.always = ({ method, url }) => {
    if (method === "GET") return Response.json({ ticket: { ...ticket, id: "T-2" } });
    if (url.includes("T-1")) return Response.json({ id: "c-1" });
    return new Response(canary, { status: 410, statusText: canary });
  };
  await pass();
  expect(await recordOf("T-1")).toMatchObject({ state: "done", commentId: "c-1" });
  expect(await recordOf("T-2")).toMatchObject({ lastFailure: "ticket_system_refused" });
  harness.always = () => Response.json({ ticket: canary, [canary]: canary });
  answers.push(await retrigger("T-2"));
  await pass();
  answers.push(await ask("/tickets"), await send("/readyz"));

  expect(answers.map(({ status }) => status)).toEqual([
    202, 200, 422, 422, 422, 202, 200, 422, 422, 202, 200, 200,
  ]);
  const answered = await Promise.all(answers.map((each) => each.text()));
  const sent = harness.calls.map(({ url, headers, body }) => [url, ...headers, body].join());
  const disk = await dump();
  expect(disk).toContain('"last_failure":"ticket_system_answer_invalid"');
  for (const texts of [answered, sent, harness.log, [disk]]) {
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.join("\n")).not.toContain(canary);
  }
});
