import { afterEach, expect, test, vi } from "vitest";
import { type Comment, paragraph, toLine } from "../../../src/comment/comment.ts";
import { connect } from "../../../src/connectors/index.ts";
import { toFailure } from "../../../src/failure.ts";
import fixture from "../../fixtures/backlog.json";
import { FIRST_TRY, SECOND_TRY } from "../attempts.ts";
import { answer, MARKER, postingOn } from "../fixture.ts";

const connection = connect("backlog", fixture.env);
const [issueRequest, commentsRequest] = fixture.fetched.requests;
const ISSUE = issueRequest?.answer.body as object;
const KEY = fixture.env.BACKLOG_API_KEY;

const WORDS: Partial<Comment> = {
  blocks: [paragraph("Hello")],
  footer: [{ kind: "link", text: "The article", url: "https://learn.example/a" }],
  shortened: toLine("Shortened."),
};
const POSTING = postingOn("HELP-121", WORDS, { visibility: "public" });
const COMMENT = POSTING.comment;

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Answers a post, and before it the question for the project's markup. */
function desk(textFormattingRule: unknown = "markdown") {
  return answer(({ method }) =>
    method === "GET"
      ? Response.json({ projectKey: "HELP", textFormattingRule })
      : Response.json({ id: 1 }),
  );
}

const contentOf = (body: unknown) => (body as { content: string }).content;

const markups: [rule: unknown, link: string, why: string][] = [
  ["backlog", "[[The article>https://learn.example/a]]", "the project's own notation"],
  ["markdown", "[The article](<https://learn.example/a>)", "Markdown"],
  ["later", "[The article](<https://learn.example/a>)", "unknown: as new projects have it"],
  [undefined, "[The article](<https://learn.example/a>)", "not said: the same"],
];

test.each(markups)("with the formatting rule %j a link is %s: %s", async (rule, link) => {
  const calls = desk(rule);
  await connection.deliverComment(POSTING, FIRST_TRY);
  expect(contentOf(calls[1]?.body)).toBe(`Hello\n\n${link}\n\n${MARKER}`);
});

test("the project of an issue is the part of its key before the last dash", async () => {
  const calls = desk();
  await connection.deliverComment({ ...POSTING, ticketId: "A_1_2-3" }, FIRST_TRY);
  expect(calls.map(({ url }) => new URL(url).pathname)).toEqual([
    "/api/v2/projects/A_1_2",
    "/api/v2/issues/A_1_2-3/comments",
  ]);
});

test("a long comment is cut, and keeps its marker", async () => {
  const calls = desk();
  const blocks = Array.from({ length: 2000 }, () => paragraph("These are thirty-two letters now."));
  await connection.deliverComment({ ...POSTING, comment: { ...COMMENT, blocks } }, FIRST_TRY);
  const content = contentOf(calls[1]?.body);
  expect(content.length).toBeLessThanOrEqual(50_000);
  expect(content.endsWith(`\n\n${MARKER}`)).toBe(true);
  expect(content).toContain("Shortened.");
});

const looks: [content: string | null, commentId: string, why: string][] = [
  [`Hello\n\n${MARKER}`, "88", "the marker is in it"],
  ["hresult-ff", "1", "another marker is in it"],
  [null, "1", "a change of fields"],
];

test.each(looks)("if a comment holds %j, the comment id is %s: %s", async (content, commentId) => {
  answer(({ method, url }) => {
    if (url.endsWith("desc")) return Response.json([{ id: 88, content }]);
    return Response.json(method === "GET" ? { projectKey: "HELP" } : { id: 1 });
  });
  expect(await connection.deliverComment(POSTING, SECOND_TRY)).toMatchObject({ commentId });
});

const activity = (id: number) => ({
  id,
  project: { projectKey: "HELP" },
  type: 1,
  content: { id: 9, key_id: id },
});
const keys = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `HELP-${from + index}`);
const activities = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => activity(from + index));

const SCOPE = "https://example.backlog.com/api/v2/HELP";

test("with a position of another project the poll counts as a first one", async () => {
  const calls = answer(() => Response.json([activity(70)]));
  const other = "https://example.backlog.com/api/v2/TEST 12";
  expect(await connection.poll?.(other)).toEqual({
    ticketIds: [],
    position: `${SCOPE} 70`,
    more: false,
  });
  expect(calls[0]?.url).toContain("count=1");
});

const polls: [from: string | null, found: object[], polled: object, why: string][] = [
  [null, [activity(70)], { ticketIds: [], position: "70", more: false }, "the first look"],
  [null, [], { ticketIds: [], position: "0", more: false }, "the first look, at nothing"],
  ["0", [activity(1)], { ticketIds: ["HELP-1"], position: "1", more: false }, "the first issue"],
  ["70", [], { ticketIds: [], position: "70", more: false }, "nothing new"],
  ["70", [activity(70)], { ticketIds: [], position: "70", more: false }, "the known one again"],
  [
    "70",
    [activity(72), activity(71)],
    { ticketIds: ["HELP-72", "HELP-71"], position: "72", more: false },
    "the newest first",
  ],
  [
    "70",
    activities(71, 170),
    { ticketIds: keys(71, 170), position: "170", more: true },
    "a whole page",
  ],
  [
    "70",
    activities(70, 169),
    { ticketIds: keys(71, 169), position: "169", more: false },
    "a whole page that begins with the known one",
  ],
];

test.each(polls)("a poll from position %j finds %j", async (from, found, polled) => {
  const calls = answer(() => Response.json(found));
  const { position, ...rest } = (await connection.poll?.(from && `${SCOPE} ${from}`)) ?? {};
  expect({ ...rest, position: position?.replace(`${SCOPE} `, "") }).toEqual(polled);
  const query = new URL(calls[0]?.url ?? "").searchParams;
  expect(query.get("activityTypeId[]")).toBe("1");
  expect([query.get("minId"), query.get("count")]).toEqual([from, from === null ? "1" : "100"]);
});

test("does not poll without a project", () => {
  const { BACKLOG_PROJECT: _, ...env } = fixture.env;
  expect(connect("backlog", env).poll).toBeNull();
});

const projects: [project: string | undefined, seen: string[], role: number, missing: number][] = [
  ["HELP", ["SALES", "HELP"], 2, 0],
  ["HELP", ["SALES"], 2, 1],
  ["HELP", [], 1, 1],
  [undefined, ["SALES"], 3, 0],
  [undefined, [], 2, 1],
  [undefined, ["SALES"], 4, 1],
  [undefined, ["SALES"], 6, 1],
  [undefined, [], 6, 2],
];

test.each(projects)(
  "for %j, seeing %j in role %i, lacks %i",
  async (project, seen, role, missing) => {
    const { BACKLOG_PROJECT: _, ...env } = fixture.env;
    const checked = connect("backlog", { ...env, ...(project && { BACKLOG_PROJECT: project }) });
    answer(({ url }) =>
      Response.json(
        url.endsWith("myself") ? { roleType: role } : seen.map((projectKey) => ({ projectKey })),
      ),
    );
    expect(await checked.check?.("public")).toHaveLength(missing);
  },
);

const locales: [createdUser: unknown, locale: string | null][] = [
  [{ lang: "ja" }, "ja"],
  [{ lang: "en" }, "en"],
  [{ lang: null }, null],
  [{}, null],
  [null, null],
];

test.each(locales)("the language of an issue by %j is %j", async (createdUser, locale) => {
  answer(({ url }) =>
    Response.json(url.includes("comments") ? [] : { ...ISSUE, createdUser, attachments: [] }),
  );
  const ticket = await connection.readTicket?.("HELP-121");
  expect(ticket?.locale).toBe(locale);
  expect(ticket).not.toHaveProperty("attachments");
});

test("the API key is not in a URL, and is sent to no other host", async () => {
  const calls = answer(({ url }) => {
    if (url.startsWith("https://files.example/")) return new Response("0x801C03ED");
    if (url.includes("attachments")) {
      return new Response(null, { status: 302, headers: { location: "https://files.example/1" } });
    }
    const { body } = (url.includes("comments") ? commentsRequest : issueRequest)?.answer ?? {};
    return Response.json(body);
  });
  const ticket = await connection.readTicket?.("HELP-121");
  expect(ticket?.attachments?.[0]?.text).toBe("0x801C03ED");
  expect(calls.map(({ url }) => new URL(url).host)).toContain("files.example");
  for (const { url, headers } of calls) {
    expect(url).not.toContain(KEY);
    const isOwn = url.startsWith("https://example.backlog.com/");
    expect(headers["backlog-api-key"]).toBe(isOwn ? KEY : undefined);
  }
});

test.each([401, 404, 500])("a failure %i does not quote the API key", async (status) => {
  answer(() => new Response(KEY, { status }));
  const failure = await connection.readTicket?.("HELP-121").catch(toFailure);
  expect(JSON.stringify([failure, toFailure(failure).message])).not.toContain(KEY);
});

test("waits for the time that Backlog asks for", async () => {
  vi.setSystemTime(1_795_479_926_000);
  const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795479960" };
  answer(() => new Response("{}", { status: 429, headers }));
  const busy = { code: "ticket_system_busy", retryAfterMs: 34_000 };
  await expect(connection.readTicket?.("HELP-121")).rejects.toMatchObject(busy);
  vi.useRealTimers();
});
