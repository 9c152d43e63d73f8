import { Webhook } from "standardwebhooks";
import { afterEach, expect, test, vi } from "vitest";
import { type Block, item, numbers, paragraph } from "../../../src/comment/comment.ts";
import { connect } from "../../../src/connectors/index.ts";
import fixture from "../../fixtures/gitlab.json";
import { FIRST_TRY, SECOND_TRY } from "../attempts.ts";
import { answer, postingOn, stringsOf, toDelivery } from "../fixture.ts";

const { GITLAB_SIGNING_SECRETS, ...ENV } = fixture.env;
const SIGNED = { GITLAB_SIGNING_SECRETS };
const TOKENS = { GITLAB_SECRETS: "new-token-0123456789,old-token-0123456789" };
const connection = connect("gitlab", fixture.env);

const POSTING = postingOn("7-42", {
  contactMicrosoft: true,
  tags: ["error-hresult", "contact-microsoft"],
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const arrived = (headers: Record<string, string>, body: string) =>
  toDelivery({ headers, body }, new Date(fixture.delivery.at));

const { "x-gitlab-event": _, ...signature } = fixture.delivery.headers;
const token = (text: string) => ({ "x-gitlab-token": text });

const proofs: [why: string, env: object, headers: Record<string, string>, result: string][] = [
  ["a token", TOKENS, token("new-token-0123456789"), "secret 0"],
  ["an older token", TOKENS, token("old-token-0123456789"), "secret 1"],
  ["another token", TOKENS, token("any-token-0123456789"), "signature_mismatch"],
  ["no token", TOKENS, {}, "signature_missing"],
  ["a signature, but it asks for a token", TOKENS, signature, "signature_missing"],
  ["a signature", SIGNED, signature, "secret 0"],
  [
    "both, and it knows both",
    { ...TOKENS, ...SIGNED },
    { ...signature, ...token("x") },
    "secret 0",
  ],
  [
    "a token, where it also knows how to check a signature",
    { ...TOKENS, ...SIGNED },
    token("new-token-0123456789"),
    "signature_missing",
  ],
];

test.each(proofs)("a delivery with %s", async (_, env, headers, result) => {
  const verifying = connect("gitlab", { ...ENV, ...env })
    .verify(arrived(headers, fixture.delivery.body))
    .then(
      ({ secretIndex }) => `secret ${secretIndex}`,
      ({ code }) => code,
    );
  expect(await verifying).toBe(result);
});

test("verifies what the library of Standard Webhooks signs", async () => {
  const at = new Date(fixture.delivery.at);
  const headers = {
    "webhook-id": "k-1",
    "webhook-timestamp": String(at.getTime() / 1000),
    "webhook-signature": new Webhook(GITLAB_SIGNING_SECRETS).sign("k-1", at, "日本語"),
  };
  expect(await connection.verify(arrived(headers, "日本語"))).toMatchObject({ secretIndex: 0 });
});

test("names both variables when no secret is set", () => {
  expect(() => connect("gitlab", ENV)).toThrow(/GITLAB_SIGNING_SECRETS: missing.*GITLAB_SECRETS/);
});

const events: [hook: string, kind: string, attributes: object, result: string][] = [
  ["Issue Hook", "issue", { type: "Issue" }, "7-42"],
  ["Issue Hook", "issue", { type: undefined }, "7-42"],
  ["Confidential Issue Hook", "issue", { type: "Issue", confidential: true }, "7-42"],
  ["Issue Hook", "work_item", { type: "Incident" }, "7-42"],
  ["Issue Hook", "work_item", { type: "Ticket" }, "7-42"],
  ["Work Item Hook", "work_item", { type: "Issue" }, "7-42"],
  ["Issue Hook", "work_item", { type: "Task" }, "no ticket"],
  ["Issue Hook", "work_item", { type: undefined }, "no ticket"],
  ["Issue Hook", "issue", { action: "reopen" }, "another event"],
  ["Issue Hook", "issue", { action: undefined }, "another event"],
  ["Note Hook", "note", {}, "no event of an issue"],
  ["Merge Request Hook", "merge_request", {}, "no event of an issue"],
  ["Issue Hook", "issue", { iid: 0 }, "payload_invalid"],
  ["Issue Hook", "issue", { iid: null }, "payload_invalid"],
  ["Issue Hook", "issue", { iid: "42" }, "7-42"],
  ["Issue Hook", "issue", { iid: "x" }, "payload_invalid"],
];

test.each(events)("%s, %s, %j: %s", (hook, object_kind, attributes, result) => {
  const object_attributes = { iid: 42, action: "open", ...attributes };
  const payload = { object_kind, project: { id: 7 }, object_attributes };
  const headers = { "x-gitlab-event": hook, "idempotency-key": "k-1" };
  const parse = () => connection.parse(arrived(headers, JSON.stringify(payload)));
  if (result === "payload_invalid") {
    expect(parse).toThrow(expect.objectContaining({ code: result }));
  } else if (/^\d/.test(result)) {
    expect(parse()).toEqual({ ticketId: result, deliveryId: "k-1", ticket: null });
  } else {
    expect(parse()).toEqual({ ignored: result });
  }
});

test.each(["7", "7-", "-42", "0-42", "7-042", "7-42-1", "7-4.2", "7/42"])(
  "the ticket id %j is refused",
  (id) => {
    const code = "ticket_id_invalid";
    expect(() => connection.checkTicketId(id)).toThrow(expect.objectContaining({ code }));
  },
);

const ISSUE = "https://gitlab.example/api/v4/projects/7/issues/42";

/** Answers as GitLab does, with notes that are internal or not. */
function desk(internal: boolean | undefined) {
  return answer(({ url }) =>
    Response.json(/notes/.test(url) ? { id: 9, body: "", internal } : { title: "T" }),
  );
}

const outcomes: [
  visibility: "internal" | "public",
  internal: boolean | undefined,
  isExposed: boolean,
][] = [
  ["internal", true, false],
  ["internal", false, true],
  ["internal", undefined, true],
  ["public", false, false],
];

test.each(outcomes)(
  "a note that is to be %s, and internal comes back %j: it loses its words: %s",
  async (visibility, internal, isExposed) => {
    const calls = desk(internal);
    const settling = connection.deliverComment({ ...POSTING, visibility }, FIRST_TRY);
    if (isExposed) await expect(settling).rejects.toMatchObject({ code: "ticket_system_denied" });
    else expect(await settling).toMatchObject({ commentId: "9" });
    expect(calls.map((call) => `${call.method} ${call.url}`)).toEqual([
      `PUT ${ISSUE}`,
      `POST ${ISSUE}/notes`,
      ...(isExposed ? [`PUT ${ISSUE}/notes/9`] : []),
    ]);
    expect(calls[1]?.body).toMatchObject({ internal: visibility === "internal" });
    expect(calls[2]?.body).toEqual(isExposed ? { body: POSTING.marker } : undefined);
  },
);

test("no new note follows an emptied one", async () => {
  const calls = answer(() => Response.json([{ id: 9, body: POSTING.marker, internal: false }]));
  const code = "ticket_system_denied";
  await expect(connection.deliverComment(POSTING, SECOND_TRY)).rejects.toMatchObject({ code });
  expect(calls.map(({ method }) => method)).toEqual(["GET"]);
});

const EMPTIED = { id: 9, body: POSTING.marker, internal: false };
const WHOLE = { id: 10, body: `Hello <!-- ${POSTING.marker} -->`, internal: true };

test.each([[[WHOLE, EMPTIED]], [[EMPTIED, WHOLE]]])(
  "an emptied note counts before another with the same marker: %j",
  async (notes) => {
    answer(() => Response.json(notes));
    const code = "ticket_system_denied";
    await expect(connection.deliverComment(POSTING, SECOND_TRY)).rejects.toMatchObject({ code });
  },
);

test("a user who may not set labels writes nothing public", async () => {
  const calls = answer(() => new Response("{}", { status: 403 }));
  const code = "ticket_system_denied";
  await expect(connection.deliverComment(POSTING, FIRST_TRY)).rejects.toMatchObject({ code });
  expect(calls.map(({ method }) => method)).toEqual(["PUT"]);
});

const BOTH = ["error-hresult", "contact-microsoft"];
const labels: [tags: string, given: string[], edits: boolean, sent: object | null][] = [
  ["on", BOTH, false, { add_labels: "error-hresult,contact-microsoft", remove_labels: "" }],
  ["on", ["error-hresult"], false, { add_labels: "error-hresult", remove_labels: "" }],
  [
    "on",
    ["error-hresult"],
    true,
    { add_labels: "error-hresult", remove_labels: "contact-microsoft" },
  ],
  ["on", BOTH, true, { add_labels: "error-hresult,contact-microsoft", remove_labels: "" }],
  ["off", BOTH, false, null],
  ["off", BOTH, true, null],
];

test.each(labels)("GITLAB_TAGS %s, tags %j, edits %s: %j", async (on, tags, edits, sent) => {
  const calls = desk(true);
  const replaces = edits ? ({ commentId: "9", visibility: "internal" } as const) : null;
  const posting = { ...POSTING, comment: { ...POSTING.comment, tags } };
  const connected = connect("gitlab", { ...fixture.env, GITLAB_TAGS: on });
  await connected.deliverComment(posting, { ...FIRST_TRY, replaces });
  expect(calls.filter(({ url }) => !/notes/.test(url)).map(({ body }) => body)).toEqual(
    sent ? [sent] : [],
  );
});

const slashes: [why: string, blocks: Block[]][] = [
  ["a paragraph", [paragraph("/close"), paragraph("  /close")]],
  ["code", [paragraph("`/close`"), paragraph("`a\n/close`")]],
  ["a later line", [paragraph("a\n/close\n/assign me")]],
  ["a list", [numbers([item("/close", [item("/close\n/close")])])]],
];

test.each(slashes)("no line begins with a slash: %s", async (_, blocks) => {
  const calls = desk(true);
  await connection.deliverComment(
    { ...POSTING, comment: { ...POSTING.comment, blocks } },
    FIRST_TRY,
  );
  const [text = ""] = stringsOf(calls[1]?.body);
  expect(text).toContain("close");
  expect(text).not.toMatch(/^\s*\//m);
});

const scopes: [scopes: string[], missing: string[]][] = [
  [["api"], []],
  [["granular"], []],
  [["read_api", "read_user"], ["GITLAB_TOKEN has no scope api"]],
];

test.each(scopes)("a token with the scopes %j: missing: %j", async (given, missing) => {
  answer(() => Response.json({ scopes: given }));
  const found = await connection.check?.("internal");
  expect(found?.map(({ sentence }) => sentence)).toEqual(missing);
});
