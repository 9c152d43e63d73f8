import { afterEach, describe, expect, test, vi } from "vitest";
import { connect } from "../../src/connectors/index.ts";
import { FIRST_TRY } from "../desk.ts";
import fixture from "../fixtures/redmine.json";
import { answer, FIXTURES, postingOn, replay, toDelivery } from "./fixture.ts";

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
  test("is known by the token in the address", async () => {
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

  test("tells of changes, too, which are ignored", () => {
    expect(connection.parse(plugin("updated"))).toEqual({ ignored: "another event" });
  });

  test("does not make up for a wrong signature", async () => {
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

const hidden: [why: string, me: unknown, roles: Response, posts: boolean][] = [
  ["the right is there", ME?.answer.body, role("set_notes_private"), true],
  ["the right is missing", ME?.answer.body, role("add_issue_notes"), false],
  ["it is no member", { user: { memberships: [] } }, role(), false],
  [
    "it is an administrator",
    { user: { admin: true, memberships: [{ project: { id: 3 }, roles: [] }] } },
    role(),
    true,
  ],
];

test.each(hidden)("no note is added which could be public: %s", async (_, me, roles, posts) => {
  const calls = answer(({ method, url }) => {
    if (method === "PUT") return new Response(null, { status: 204 });
    if (url.includes("users/current")) return Response.json(me);
    return url.includes("roles/") ? roles : Response.json(ISSUE?.answer.body);
  });
  await connection.settleComment(POSTING, FIRST_TRY).catch(() => {});
  expect(calls.some(({ method }) => method === "PUT")).toBe(posts);
});

test("a note that is public all the same is taken away, and the ticket system denies it", async () => {
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
  const settling = connection.settleComment(POSTING, FIRST_TRY);
  await expect(settling).rejects.toMatchObject({ code: "ticket_system_denied" });
  expect(calls.at(-1)).toMatchObject({
    method: "PUT",
    url: expect.stringMatching(/\/journals\/42\.json$/),
    body: { journal: { notes: "" } },
  });
});

const looks: [from: string | null, ids: number[], position: string, more: boolean, why: string][] =
  [
    [null, [17], "17/17", false, "the first look only notes where it stands"],
    [null, [], "0/0", false, "there is no issue yet"],
    ["0/0", [1, 2], "0/2", false, "the first issues of all"],
    ["17/17", [], "17/17", false, "nothing is new"],
    ["17/200", [151, 199, 200, 201], "17/201", false, "some come again: they may have come late"],
    ["17/200", Array.from({ length: 100 }, (_, at) => 151 + at), "17/250", true, "a full page"],
  ];

test.each(looks)(
  "looked from %j: %j leads to %j, more: %s: %s",
  async (from, ids, position, more) => {
    const calls = answer(() => Response.json({ user: {}, issues: ids.map((id) => ({ id })) }));
    const ticketIds = from === null ? [] : ids.map(String);
    expect(await connection.poll?.(from)).toEqual({ ticketIds, position, more });
    const [floor = 0, last = 0] = (from ?? "").split("/").map(Number);
    const first = Math.max(floor, last - 50) + 1;
    expect(calls[1]?.url).toContain(
      from === null ? "sort=id:desc&limit=1" : `issue_id=%3E%3D${first}&`,
    );
  },
);

test("is polled only when told so", () => {
  expect(connect("redmine", { ...fixture.env, REDMINE_POLL: "off" }).poll).toBeNull();
});

test("a wrong key fails, where a list would only be empty", async () => {
  answer(({ url }) =>
    url.includes("users/current")
      ? new Response(null, { status: 401 })
      : Response.json({ issues: [] }),
  );
  await expect(connection.poll?.(null)).rejects.toMatchObject({ code: "ticket_system_denied" });
});
