import { afterEach, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { paragraph } from "../../../src/comment/comment.ts";
import { connect } from "../../../src/connectors/index.ts";
import fixture from "../../fixtures/redmine.json";
import { FIRST_TRY } from "../attempts.ts";
import { answer, FIXTURES, HELLO, MARKER, postingOn, replay, toDelivery } from "../fixture.ts";

const { REDMINE_ADDRESS_SECRETS: TOKEN, ...REST } = fixture.env;
const connection = connect("redmine", fixture.env);
const [ISSUE, ME, ROLE] = fixture.posted.requests;

afterEach(() => vi.unstubAllGlobals());

const POSTING = postingOn("17", { contactMicrosoft: true });

function plugin(action: string, token?: string) {
  const body = JSON.stringify({ payload: { action, issue: { id: 17 }, url: "https://x.example" } });
  return toDelivery({ body, query: token === undefined ? {} : { token } });
}

describe("the plug-in, which signs nothing", () => {
  test("is verified by the token in the URL", async () => {
    const verified = await connection.verify(plugin("opened", TOKEN));
    expect(connection.parse(verified)).toEqual(fixture.event);
  });

  const wrong: [
    why: string,
    token: string | undefined,
    env: Record<string, string>,
    code: string,
  ][] = [
    ["without a token", undefined, fixture.env, "signature_missing"],
    ["with a wrong token", `${TOKEN}x`, fixture.env, "signature_mismatch"],
    ["where only signatures are taken", TOKEN, REST, "signature_missing"],
  ];

  test.each(wrong)("is refused %s", async (_, token, env, code) => {
    const verifying = connect("redmine", env).verify(plugin("opened", token));
    await expect(verifying).rejects.toMatchObject({ code });
  });

  test("also reports changes, which are ignored", () => {
    expect(connection.parse(plugin("updated"))).toEqual({
      ignored: "no message of the requester",
    });
  });

  test("is not accepted with a wrong signature", async () => {
    const delivery = plugin("opened", TOKEN);
    delivery.headers.set("x-redmine-signature-256", `sha256=${"0".repeat(64)}`);
    await expect(connection.verify(delivery)).rejects.toMatchObject({ code: "signature_mismatch" });
  });
});

test("a created issue without an issue is no event", () => {
  const delivery = toDelivery({ body: '{"type":"issue.created","data":{}}' });
  expect(() => connection.parse(delivery)).toThrow(
    expect.objectContaining({ code: "payload_invalid" }),
  );
});

function role(...permissions: string[]) {
  return Response.json({ role: { id: 6, permissions } });
}

const hidden: [why: string, me: unknown, rights: string[], posts: boolean][] = [
  ["the right is there", ME?.answer.body, ["set_notes_private"], true],
  ["the right is missing", ME?.answer.body, ["add_issue_notes"], false],
  ["it is no member", { user: { memberships: [] } }, [], false],
  [
    "it is a member of another project only",
    { user: { memberships: [{ project: { id: 99 }, roles: [{ id: 6 }] }] } },
    ["set_notes_private"],
    false,
  ],
  [
    "it is an administrator",
    { user: { admin: true, memberships: [{ project: { id: 3 }, roles: [] }] } },
    [],
    true,
  ],
];

test.each(hidden)("no note is added that could be public: %s", async (_, me, rights, posts) => {
  const calls = answer(({ method, url }) => {
    if (method === "PUT") return new Response(null, { status: 204 });
    if (url.includes("users/current")) return Response.json(me);
    return url.includes("roles/") ? role(...rights) : Response.json(ISSUE?.answer.body);
  });
  await connection.deliverComment(POSTING, FIRST_TRY).catch(() => {});
  expect(calls.some(({ method }) => method === "PUT")).toBe(posts);
});

test("a note that Redmine does not show after it was posted is a failure", async () => {
  const [, fixed] = FIXTURES.find(([name]) => name === "redmine") ?? [];
  const requests = (fixed?.posted.requests ?? []).map((each) => {
    const withoutNotes = JSON.stringify(each.answer).replaceAll(POSTING.marker, "");
    return { ...each, answer: JSON.parse(withoutNotes) };
  });
  replay(requests);
  const code = "ticket_system_answer_invalid";
  await expect(connection.deliverComment(POSTING, FIRST_TRY)).rejects.toMatchObject({ code });
});

test("a change of an issue without a note is passed over", async () => {
  const [, fixed] = FIXTURES.find(([name]) => name === "redmine") ?? [];
  const requests = structuredClone(fixed?.posted.requests ?? []);
  const shown = requests.at(-1)?.answer.body as { issue: { journals: object[] } } | undefined;
  shown?.issue.journals.unshift({ id: 1, notes: null, private_notes: false });
  replay(requests);
  const { commentId } = await connection.deliverComment(POSTING, FIRST_TRY);
  expect(commentId).toBe(fixed?.posted.commentId);
});

test("a note that turns out public is deleted, and fails as ticket_system_denied", async () => {
  const [, fixed] = FIXTURES.find(([name]) => name === "redmine") ?? [];
  const requests = fixed?.posted.requests ?? [];
  const last = requests.at(-1);
  if (!last || !ME || !ROLE) throw new Error("no recording");
  const body = structuredClone(last.answer.body) as {
    issue: { journals: { private_notes: boolean }[] };
  };
  for (const each of body.issue.journals) each.private_notes = false;
  const emptied = { ...last, url: last.url, answer: { status: 204, headers: {}, body: undefined } };
  const calls = replay([
    ...requests.slice(0, -1),
    { ...last, answer: { ...last.answer, body } },
    emptied,
  ]);
  const settling = connection.deliverComment(POSTING, FIRST_TRY);
  await expect(settling).rejects.toMatchObject({ code: "ticket_system_denied" });
  expect(calls.at(-1)).toMatchObject({
    method: "PUT",
    url: expect.stringMatching(/\/journals\/42\.json$/),
    body: { journal: { notes: "" } },
  });
});

const SCOPE = "https://redmine.example/desk/";
const NOW = Date.parse("2026-11-26T12:00:00Z");
const BEFORE = NOW - 60_000;
const ids = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

const looks: [from: string | null, ids: number[], position: string, more: boolean, why: string][] =
  [
    [null, [17], `17/17/${NOW}`, false, "the first look only notes where it stands"],
    [null, [], `0/0/${NOW}`, false, "there is no issue yet"],
    [`0/0/${BEFORE}`, [1, 2], `0/2/${NOW}`, false, "the first issues of all"],
    [`17/17/${BEFORE}`, [], `17/17/${NOW}`, false, "nothing is new"],
    [`17/200/${BEFORE}`, [151, 200, 201], `17/201/${NOW}`, false, "some may have come late"],
    [
      `17/200/${BEFORE}`,
      ids(151, 250),
      `17/250/${BEFORE}`,
      true,
      "a full page: the rest is as old",
    ],
  ];

test.each(looks)("a poll from %j with the answer %j finds %j, more: %s: %s", async (...row) => {
  const [from, found, position, more] = row;
  vi.setSystemTime(NOW);
  const calls = redmine(found.map((id) => ({ id, project: { id: 3 } })));
  const ticketIds = from === null ? [] : found.map(String);
  const polled = await connection.poll?.(from && `${SCOPE} ${from}`);
  expect(polled).toEqual({ ticketIds, position: `${SCOPE} ${position}`, more });
  const [floor = 0, last = 0] = (from ?? "").split("/").map(Number);
  const first = Math.max(floor, last - 50) + 1;
  const since = "created_on=%3E%3D2026-11-25T11:59:00Z";
  expect(calls[1]?.url).toContain(
    from === null ? "sort=id:desc&limit=1" : `issue_id=%3E%3D${first}&${since}&`,
  );
  vi.useRealTimers();
});

/** A Redmine that keeps the newest note, and answers a change of a field with this status. */
function noting(journals: object[], fieldStatus = 204) {
  let notes = journals;
  return answer(({ method, url, body }) => {
    const { issue } = (body ?? {}) as { issue?: { notes?: string; custom_fields?: unknown } };
    if (issue?.notes) notes = [{ id: 50, notes: issue.notes, private_notes: true }];
    if (issue?.custom_fields) return new Response(null, { status: fieldStatus });
    if (method === "PUT") return new Response(null, { status: 204 });
    if (url.includes("users/current")) return Response.json(ME?.answer.body);
    if (url.includes("roles/")) return role("set_notes_private");
    return Response.json({ issue: { project: { id: 3 }, journals: notes } });
  });
}

/** A Redmine whose service user is a member of one project. */
function redmine(issues: object[], me: unknown = ME?.answer.body) {
  return answer(({ url }) => Response.json(url.includes("users/current") ? me : { issues }));
}

test("issues of public projects are not found", async () => {
  redmine([
    { id: 18, project: { id: 3 } },
    { id: 19, project: { id: 8 } },
  ]);
  const polled = await connection.poll?.(`${SCOPE} 17/17/${BEFORE}`);
  expect(polled?.ticketIds).toEqual(["18"]);
});

test("without a project, no position is stored", async () => {
  redmine([], { user: { memberships: [] } });
  const code = "ticket_system_denied";
  await expect(connection.poll?.(null)).rejects.toMatchObject({ code });
});

test("a position of an earlier version, without an address, counts", async () => {
  const calls = redmine([{ id: 101, project: { id: 3 } }]);
  expect((await connection.poll?.("50/100"))?.ticketIds).toEqual(["101"]);
  expect(calls.at(-1)?.url).toContain("issue_id=%3E%3D51&created_on=%3E%3D1969-12-31T00:00:00Z&");
});

test("a note is posted even if the field of the flag cannot be set", async () => {
  const calls = noting([{ id: 42, notes: "Hello", private_notes: true }], 422);
  const replaces = { commentId: "42", visibility: "internal" } as const;
  const edited = await connection.deliverComment(POSTING, { ...FIRST_TRY, replaces });
  expect(edited).toEqual({ outcome: "updated", commentId: "42" });
  expect(calls.at(-1)?.url).toContain("journals/42.json");
  expect(await connection.deliverComment(POSTING, FIRST_TRY)).toMatchObject({ commentId: "50" });
});

const flags: [fieldId: string, contactMicrosoft: boolean, fields: object[]][] = [
  ["4", true, [{ id: 4, value: "yes" }]],
  ["4", false, [{ id: 4, value: "no" }]],
  ["", true, []],
];

test.each(flags)("with the field %j and the flag %s it sets %j", async (id, flag, fields) => {
  const calls = noting([]);
  const connected = connect("redmine", { ...fixture.env, REDMINE_FLAG_FIELD: id });
  await connected.deliverComment(postingOn("17", { contactMicrosoft: flag }), FIRST_TRY);
  const changes = z.object({ issue: z.object({ custom_fields: z.array(z.unknown()) }) });
  expect(
    calls.flatMap(({ body }) => changes.safeParse(body).data?.issue.custom_fields ?? []),
  ).toEqual(fields);
});

const markups: [markup: string, note: string][] = [
  ["textile", `Run @sfc@\n\nCatalog 1\n\n<!-- ${MARKER} -->`],
  ["markdown", `Run \`sfc\`\n\nCatalog 1\n\n[//]: # (${MARKER})`],
];

test.each(markups)("with REDMINE_MARKUP=%s the note is %j", async (REDMINE_MARKUP, notes) => {
  const calls = noting([]);
  const connected = connect("redmine", { ...fixture.env, REDMINE_MARKUP });
  const comment = { ...HELLO, blocks: [paragraph("Run `sfc`")] };
  await connected.deliverComment(postingOn("17", comment), FIRST_TRY);
  expect(calls.map(({ body }) => body)).toContainEqual({ issue: { notes, private_notes: true } });
});

test("with a position of another Redmine the poll counts as a first one", async () => {
  const calls = redmine([{ id: 500, project: { id: 3 } }]);
  const polled = await connection.poll?.(`https://test.example/ 12/12/${BEFORE}`);
  expect(polled?.ticketIds).toEqual([]);
  expect(calls.at(-1)?.url).toContain("sort=id:desc");
});

const proofs: [left: string[], says: string | null][] = [
  [["REDMINE_SECRETS"], null],
  [["REDMINE_ADDRESS_SECRETS"], null],
  [["REDMINE_POLL"], null],
  [[], "REDMINE_SECRETS: missing, or REDMINE_ADDRESS_SECRETS, or REDMINE_POLL"],
];

test.each(proofs)("with only %j as a source of tickets it says %j", (left, says) => {
  const ways = ["REDMINE_SECRETS", "REDMINE_ADDRESS_SECRETS", "REDMINE_POLL"];
  const env = Object.entries(fixture.env).filter(
    ([variable]) => !ways.includes(variable) || left.includes(variable),
  );
  const connecting = () => connect("redmine", Object.fromEntries(env));
  if (says === null) expect(connecting().name).toBe("redmine");
  else expect(connecting).toThrow(says);
});

test("an issue id may be text", () => {
  const delivery = toDelivery({ body: '{"type":"issue.created","data":{"issue":{"id":"17"}}}' });
  expect(connection.parse(delivery)).toMatchObject({ ticketId: "17" });
});

test("polls only if a setting says so", () => {
  expect(connect("redmine", { ...fixture.env, REDMINE_POLL: "off" }).poll).toBeNull();
});

const shown: [journals: object[], outcome: string, why: string][] = [
  [[{ id: 42, notes: "Hello", private_notes: true }], "updated", "it is there"],
  [[{ id: 42, notes: "Hello", private_notes: false }], "posted", "somebody showed it to all"],
  [[{ id: 41, notes: "Hello", private_notes: true }], "posted", "it is gone"],
];

test.each(shown)("with the notes %j an edit is %s: %s", async (journals, outcome) => {
  const calls = noting(journals);
  const replaces = { commentId: "42", visibility: "internal" } as const;
  const settled = await connection.deliverComment(POSTING, { ...FIRST_TRY, replaces });
  expect(settled.outcome).toBe(outcome);
  const written = calls.filter(({ method }) => method === "PUT").map(({ url }) => url);
  expect(written.includes(`${SCOPE}journals/42.json`)).toBe(outcome === "updated");
  // The field of the flag is set either way.
  expect(JSON.stringify(calls.map(({ body }) => body))).toContain('"custom_fields":[{"id":4,');
});

test("an issue of a project without membership gets no public note either", async () => {
  const calls = answer(({ url }) =>
    Response.json(url.includes("users/current") ? { user: {} } : ISSUE?.answer.body),
  );
  const settling = connection.deliverComment({ ...POSTING, visibility: "public" }, FIRST_TRY);
  await expect(settling).rejects.toMatchObject({ code: "ticket_system_refused" });
  expect(calls.some(({ method }) => method === "PUT")).toBe(false);
});

test("public notes do not need the right for private ones", async () => {
  answer(({ url }) =>
    url.includes("roles/")
      ? role("view_issues", "add_issue_notes", "edit_own_issue_notes")
      : Response.json(ME?.answer.body),
  );
  expect(await connection.check?.("public")).toEqual([]);
  expect(await connection.check?.("internal")).toHaveLength(2);
});

test("a wrong key fails, although a list would only be empty", async () => {
  answer(({ url }) =>
    url.includes("users/current")
      ? new Response(null, { status: 401 })
      : Response.json({ issues: [] }),
  );
  await expect(connection.poll?.(null)).rejects.toMatchObject({ code: "ticket_system_denied" });
});
