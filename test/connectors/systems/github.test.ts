import { sign } from "@octokit/webhooks-methods";
import { afterEach, expect, test, vi } from "vitest";
import { connect } from "../../../src/connectors/index.ts";
import fixture from "../../fixtures/github.json";
import { FIRST_TRY, SECOND_TRY } from "../../worker-harness.ts";
import { answer, postingOn, toDelivery } from "../fixture.ts";

const { GITHUB_URL: _, ...ENV } = fixture.env;
const connection = connect("github", ENV);
const ISSUE = { number: 42, title: "T", body: "B", comments: 0 };

const POSTING = postingOn(
  "example-desk~windows.help~42",
  { contactMicrosoft: true, tags: ["error-hresult", "contact-microsoft"] },
  { visibility: "public" },
);

afterEach(() => {
  vi.unstubAllGlobals();
});

function parse(payload: object, headers: Record<string, string> = {}) {
  const body = JSON.stringify({ action: "opened", ...payload });
  return connection.parse(
    toDelivery({ headers: { "x-github-event": "issues", ...headers }, body }),
  );
}

test("what the library of GitHub signs is proved", async () => {
  const body = '{"zen":"日本語"}';
  const headers = { "x-hub-signature-256": await sign(ENV.GITHUB_SECRETS, body) };
  expect(await connection.verify(toDelivery({ headers, body }))).toMatchObject({ secretIndex: 0 });
});

const named: [repository: string, number: unknown, ticketId: string | null][] = [
  ["octo-org/hello", 1, "octo-org~hello~1"],
  ["Octo-Org/Hello.World_2", 4294967295, "octo-org~hello.world_2~4294967295"],
  ["octo_corp/.github", 7, "octo_corp~.github~7"],
  ["octo/..", 1, null],
  ["octo/.", 1, null],
  ["octo/a/b", 1, null],
  ["../octo", 1, null],
  ["octo", 1, null],
  ["octo/a b", 1, null],
  ["octo/a?b", 1, null],
  ["octo/hello", 0, null],
  ["octo/hello", -1, null],
  ["octo/hello", 1.5, null],
  ["octo/hello", "1", null],
];

test.each(named)("issue %j, %j is the ticket %j", (full_name, number, ticketId) => {
  const event = () => parse({ issue: { ...ISSUE, number }, repository: { full_name } });
  if (ticketId === null) expect(event).toThrow(expect.objectContaining({ status: 422 }));
  else expect(event()).toMatchObject({ ticketId });
});

const refused = ["1", "a~1", "a~b", "a~b~01", "a~b~1~2", "A~b~1", "a.b~c~1", "a~..~1", "~b~1"];

test.each(refused)("the ticket id %j is refused", (id) => {
  const code = "ticket_id_invalid";
  expect(() => connection.checkTicketId(id)).toThrow(expect.objectContaining({ code }));
});

const contents: [why: string, payload: object, body: string | null][] = [
  ["new", {}, "B"],
  ["without a text", { issue: { ...ISSUE, body: null } }, ""],
  ["with comments already", { issue: { ...ISSUE, comments: 2 } }, null],
  ["transferred, so that comments follow", { changes: { old_issue: {} } }, null],
  ["filed by a program", { sender: { login: "mail[bot]", type: "Bot" } }, "B"],
];

test.each(contents)("an issue %s: its text is %j", (_, payload, body) => {
  const headers = { "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958" };
  const repository = { full_name: "a/b" };
  expect(parse({ issue: ISSUE, repository, ...payload }, headers)).toEqual({
    ticketId: "a~b~42",
    deliveryId: "72d3162e-cc78-11e3-81ab-4c9367dc0958",
    ticket: body === null ? null : { subject: "T", body, format: "markdown", locale: null },
  });
});

const pages: [comments: number, on: number, read: number[]][] = [
  [0, 1, [1]],
  [99, 1, [1]],
  [100, 1, [2, 1]],
  [100, 2, [2, 1]],
  [250, 3, [3, 2]],
  [250, 2, [3, 2]],
];

test.each(pages)(
  "of %i comments, ours on page %i is found: it reads %j",
  async (comments, on, read) => {
    const ours = { id: 9, body: `Hello\n\n<!-- ${POSTING.marker} -->`, user: null };
    const calls = answer(({ url }) => {
      const page = new URL(url).searchParams.get("page");
      if (page === null) return Response.json({ ...ISSUE, comments });
      return Response.json(page === String(on) ? [{ id: 8, body: null }, ours] : []);
    });
    const settled = await connection.deliverComment(POSTING, SECOND_TRY);
    expect(settled).toEqual({ outcome: "posted", commentId: "9" });
    const asked = calls.map(({ url }) => new URL(url).searchParams.get("page"));
    expect(asked).toEqual([null, ...read.map(String)]);
  },
);

const labels: [tags: string | undefined, given: string[], set: string[] | null][] = [
  [undefined, ["error-hresult", "contact-microsoft"], ["error-hresult", "contact-microsoft"]],
  ["on", ["error-hresult"], ["error-hresult"]],
  ["on", [], null],
  ["off", ["error-hresult"], null],
];

test.each(labels)("GITHUB_TAGS %j, tags %j: sets the labels %j first", async (on, tags, set) => {
  const { GITHUB_TAGS: _, ...env } = ENV;
  const setting = on && { GITHUB_TAGS: on };
  const calls = answer(({ url }) => Response.json(/labels$/.test(url) ? [] : { id: 1 }));
  const posting = { ...POSTING, comment: { ...POSTING.comment, tags } };
  await connect("github", { ...env, ...setting }).deliverComment(posting, FIRST_TRY);
  const url = "https://api.github.com/repos/example-desk/windows.help/issues/42";
  expect(calls.map((call) => call.url)).toEqual([
    ...(set ? [`${url}/labels`] : []),
    `${url}/comments`,
  ]);
  if (set) expect(calls[0]?.body).toEqual({ labels: set });
});

test.each(["https://ghes.example/api/v3", "https://ghes.example/api/v3/"])(
  "GITHUB_URL %j may have a path",
  async (url) => {
    const calls = answer(() => Response.json({ id: 1 }));
    expect(await connect("github", { ...ENV, GITHUB_URL: url }).check?.("public")).toEqual([]);
    expect(calls.map((call) => call.url)).toEqual(["https://ghes.example/api/v3/user"]);
  },
);

const scopes: [scopes: string | null, isMissing: boolean][] = [
  [null, false],
  ["repo", false],
  ["gist, repo", false],
  ["public_repo, read:user", false],
  ["", true],
  ["gist", true],
  ["repo:status", true],
  ["read:repo_hook", true],
];

test.each(scopes)("a token with the scopes %j: something is missing: %s", async (told, missing) => {
  const headers = told === null ? {} : { "x-oauth-scopes": told };
  answer(() => Response.json({ id: 1 }, { headers }));
  expect(await connection.check?.("public")).toHaveLength(missing ? 1 : 0);
});
