import { afterEach, expect, test, vi } from "vitest";
import { connect } from "../../../src/connectors/index.ts";
import fixture from "../../fixtures/zammad.json";
import { FIRST_TRY, SECOND_TRY } from "../attempts.ts";
import { answer, type Call, postingOn, toDelivery, watchLog } from "../fixture.ts";

const { env, delivery, fetched, posted } = fixture;
const connection = connect("zammad", env);

const POSTING = postingOn("81", {
  contactMicrosoft: true,
  tags: ["error-hresult", "contact-microsoft"],
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const arrived = (body: string, headers: Record<string, string> = {}) =>
  toDelivery({ headers, body });

const parse = (body: object, headers?: Record<string, string>) =>
  connection.parse(arrived(JSON.stringify(body), headers));

/** Made with `openssl dgst -sha1 -hmac` and `-sha256 -hmac`. */
const signatures: [why: string, signature: string, code: string | null][] = [
  ["SHA-1", "sha1=0976b551c295769a7d6fea57fc164c64ff4ed42a", null],
  ["SHA-1, in capitals", "sha1=0976B551C295769A7D6FEA57FC164C64FF4ED42A", null],
  ["SHA-1, unnamed", "0976b551c295769a7d6fea57fc164c64ff4ed42a", "signature_mismatch"],
  ["half of SHA-1", "sha1=0976b551c295769a7d6f", "signature_mismatch"],
  [
    "SHA-256",
    "sha256=d068444e8e94497f233bcdfd31f97c737d6e9769b1ac557eacc4bfe8095f066b",
    "signature_mismatch",
  ],
];

test.each(signatures)("a signature by %s", async (_, signature, code) => {
  const verifying = connection.verify(arrived(delivery.body, { "x-hub-signature": signature }));
  if (code) await expect(verifying).rejects.toMatchObject({ code });
  else expect((await verifying).secretIndex).toBe(0);
});

/** @see https://admin-docs.zammad.org/en/latest/manage/webhook/payload.html */
const TICKET =
  "article_count article_ids create_article_sender create_article_sender_id create_article_type create_article_type_id created_at created_by created_by_id customer customer_id group group_id id last_contact_at last_contact_customer_at number organization organization_id owner owner_id priority priority_id state state_id ticket_time_accounting ticket_time_accounting_ids title updated_at updated_by updated_by_id";
const ARTICLE =
  "accounted_time attachments body content_type created_at created_by created_by_id from id internal origin_by_id sender sender_id ticket_id to type type_id updated_at updated_by updated_by_id";

test("the recording has the fields of the documented payload", () => {
  const { ticket, article, ...more } = JSON.parse(delivery.body);
  expect(Object.keys(ticket).sort().join(" ")).toBe(TICKET);
  expect(Object.keys(article)).toEqual(expect.arrayContaining(ARTICLE.split(" ")));
  expect(more).toEqual({});
});

const CUSTOMERS = { id: 104, sender: "Customer" };
const payloads: [
  ids: number[] | undefined,
  article: object | null,
  isTicket: boolean,
  why: string,
][] = [
  [[104], CUSTOMERS, true, "the first"],
  [[105, 104], CUSTOMERS, true, "the first, answered already"],
  [undefined, CUSTOMERS, true, "ids unknown"],
  [[104], { sender: "Customer" }, true, "its id unknown"],
  [[103, 104], CUSTOMERS, false, "a later one"],
  [[104], { id: 104, sender: "Agent" }, false, "of an agent"],
  [[104], { id: 104, sender: "System" }, false, "of Zammad itself"],
  [[104], {}, false, "none"],
  [[104], null, false, "none"],
];

test.each(payloads)(
  "articles %j, and %j, are a new ticket: %s, %s",
  (article_ids, article, isTicket) => {
    const event = parse(
      { ticket: { id: 81, article_ids }, article },
      { "x-zammad-delivery": "job-1" },
    );
    const ticket = { ticketId: "81", deliveryId: "job-1", ticket: null };
    expect(event).toEqual(isTicket ? ticket : { ignored: expect.any(String) });
  },
);

const openers: [sender: string, on: string | undefined, isTicket: boolean][] = [
  ["Customer", undefined, true],
  ["Customer", "on", true],
  ["Agent", undefined, false],
  ["Agent", "off", false],
  ["Agent", "on", true],
  ["System", "on", false],
];

test.each(openers)("a ticket opened by %s, with ZAMMAD_AGENT_TICKETS=%s, counts: %s", (...row) => {
  const [sender, on, isTicket] = row;
  const body = JSON.stringify({
    ticket: { id: "81", article_ids: ["104"] },
    article: { id: "104", sender },
  });
  const connected = connect("zammad", { ...env, ...(on && { ZAMMAD_AGENT_TICKETS: on }) });
  const ignored = { ignored: "no article of a customer" };
  const ticket = { ticketId: "81", deliveryId: null, ticket: null };
  expect(connected.parse(arrived(body))).toEqual(isTicket ? ticket : ignored);
});

const told = ({ method, url }: Call) => `${method} ${url.replace(/^.*\/api\/v1\//, "")}`;
const TAG = "POST tags/add";
const NOTE = "POST ticket_articles";

/** Answers by method and path; what is not told is done. */
function answerWith(answers: Record<string, () => Response>) {
  const article = posted.requests[1]?.answer.body as object;
  return answer((call) => answers[told(call)]?.() ?? Response.json(article, { status: 201 }));
}

test("each tag is set before the note", async () => {
  const calls = answerWith({});
  await connection.deliverComment(POSTING, FIRST_TRY);
  expect(calls.map(told)).toEqual([TAG, TAG, NOTE]);
  expect(calls[1]?.body).toEqual({ item: "contact-microsoft", object: "Ticket", o_id: 81 });
});

test("leaves tags alone when told so", async () => {
  const calls = answerWith({});
  await connect("zammad", { ...env, ZAMMAD_TAGS: "off" }).deliverComment(POSTING, FIRST_TRY);
  expect(calls.map(told)).toEqual([NOTE]);
});

const TICKET_OF = "GET tickets/81";
const HISTORY = "GET users/history/8";
const refused = (status: number) => () => Response.json({ error: "x" }, { status });
const customer = { [TICKET_OF]: () => Response.json({ title: "PIN", customer_id: 8 }) };

test.each([403, 422])("a tag that may not be made keeps no note away: %i", async (status) => {
  const log = watchLog();
  const history = { [HISTORY]: () => Response.json({ history: [], assets: {} }) };
  const calls = answerWith({ ...customer, ...history, [TAG]: refused(status) });
  expect(await connection.deliverComment(POSTING, FIRST_TRY)).toMatchObject({ outcome: "posted" });
  expect(calls.map(told).at(-1)).toBe(NOTE);
  expect(calls.map(told).filter((each) => each === TAG)).toHaveLength(2);
  const line = { event: "labels_skipped", ticketId: "81", detail: `answered ${status}` };
  expect(log).toEqual([expect.objectContaining(line)]);
});

test.each([
  [500, "ticket_system_unavailable"],
  [429, "ticket_system_busy"],
])("a tag answered with %i keeps the note for later, as %s", async (status, code) => {
  const calls = answerWith({ [TAG]: refused(status) });
  await expect(connection.deliverComment(POSTING, FIRST_TRY)).rejects.toMatchObject({ code });
  expect(calls.map(told)).toEqual([TAG]);
});

test("who may not set tags and is no agent writes no note", async () => {
  const calls = answerWith({ ...customer, [TAG]: refused(403), [HISTORY]: refused(403) });
  const code = "ticket_system_denied";
  await expect(connection.deliverComment(POSTING, FIRST_TRY)).rejects.toMatchObject({ code });
  expect(calls.map(told)).toEqual([TAG, TICKET_OF, HISTORY]);
});

test("a public note of an earlier try is taken away, and not taken for an internal one", async () => {
  const found = { id: 108, internal: false, subject: POSTING.marker, sender: "Customer" };
  const list = (created_at: string) => ({
    "GET ticket_articles/by_ticket/81": () => Response.json([{ ...found, created_at }]),
  });
  const now = { ...POSTING, at: new Date() };
  answerWith(list("2026-01-01T00:00:00Z"));
  const settled = await connection.deliverComment(now, SECOND_TRY);
  expect(settled, "one that somebody showed to all is left alone").toMatchObject({
    commentId: "108",
  });
  const calls = answerWith(list(new Date().toISOString()));
  const code = "ticket_system_denied";
  await expect(connection.deliverComment(now, SECOND_TRY)).rejects.toMatchObject({ code });
  expect(calls.map(told).at(-1)).toBe("DELETE ticket_articles/108");
});

test.each([200, 403])("a note that came out public is taken away: %i", async (status) => {
  const calls = answerWith({
    [NOTE]: () => Response.json({ id: 108, internal: false }, { status: 201 }),
    "DELETE ticket_articles/108": () => Response.json({}, { status }),
  });
  const code = "ticket_system_denied";
  await expect(connection.deliverComment(POSTING, FIRST_TRY)).rejects.toMatchObject({ code });
  expect(calls.map(told)).toEqual([TAG, TAG, NOTE, "DELETE ticket_articles/108"]);
});

test("a public note is a note, and no mail", async () => {
  const calls = answerWith({
    [NOTE]: () => Response.json({ id: 108, internal: false }, { status: 201 }),
  });
  const posting = { ...POSTING, visibility: "public" } as const;
  expect(await connection.deliverComment(posting, FIRST_TRY)).toMatchObject({ commentId: "108" });
  expect(calls.at(-1)?.body).toMatchObject({ type: "note", internal: false });
});

test("a customer without a language leaves it to the text", async () => {
  const [ticket, articles] = fetched.requests;
  answer(({ url }) => {
    if (url.includes("users")) return Response.json({ id: 8, preferences: {} });
    if (url.includes("ticket_attachment")) return new Response("");
    return Response.json((url.includes("by_ticket") ? articles : ticket)?.answer.body);
  });
  expect(await connection.readTicket?.("81")).toMatchObject({ locale: null });
});
