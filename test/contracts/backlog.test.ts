import { Backlog, type Entity, type Option, type Types } from "backlog-js";
import { describe, expect, test } from "vitest";
import fixture from "../fixtures/backlog.json";

/** What our recording says that we sent, or what the client of Backlog's maker sends. */
interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query: readonly string[];
  readonly key: string | undefined;
  readonly form: Readonly<Record<string, string>>;
}

interface Recorded {
  readonly method?: string;
  readonly url: string;
  readonly headers: { readonly "backlog-api-key": string };
  readonly body?: Readonly<Record<string, string>>;
  readonly answer: { readonly body: unknown };
}

function toSent(
  { url, method = "GET", headers }: Pick<Recorded, "url" | "method" | "headers">,
  form: Readonly<Record<string, string>>,
): Sent {
  const { origin, pathname, searchParams } = new URL(url);
  const query = [...searchParams].map(([name, value]) => `${name}=${value}`).sort();
  return { method, path: origin + pathname, query, key: headers["backlog-api-key"], form };
}

/** Lets the client make its call, and answers it with what is recorded. */
async function ask<T>(call: (client: Backlog) => Promise<T>, body: unknown) {
  const sent: Sent[] = [];
  const client = new Backlog({
    host: new URL(fixture.env.BACKLOG_URL).host,
    apiKey: fixture.env.BACKLOG_API_KEY,
    fetch: async (input, init = {}) => {
      const request = new Request(input, init);
      const headers = Object.fromEntries(request.headers) as Recorded["headers"];
      const form = Object.fromEntries(new URLSearchParams(String(init.body ?? "")));
      sent.push(toSent({ url: request.url, method: request.method, headers }, form));
      return typeof body === "string" ? new Response(body) : Response.json(body);
    },
  });
  return { answer: await call(client), sent };
}

/** One of the recorded requests; which, says the type that it is read as. */
function recorded(requests: readonly unknown[], index: number) {
  const request = requests[index] as Recorded | undefined;
  if (request === undefined) throw new Error("not recorded");
  return request;
}

/** The kind of activity that we act on; another number would not compile. */
const CREATED: Types.ActivityType.IssueCreated = 1;
/** Those that may only read, in spaces of either kind. */
const READERS: [
  Types.ClassicRoleType.Viewer & number,
  Types.ClassicRoleType.GuestViewer & number,
  Types.NormalRoleType.MemberOrGuestForViewIssues & number,
] = [4, 6, 4];
/** The two markups, as we write them. */
const RULES = ["backlog", "markdown"] as const satisfies Types.TextFormattingRule[];
type Unwritten = Exclude<Types.TextFormattingRule, (typeof RULES)[number]>;
const UNWRITTEN: Unwritten[] = [];

const { posted, found, edited, fetched, polled, checked } = fixture;
const COMMENT = { content: recorded(posted.requests, 1).body?.content ?? "" };

const calls: [name: string, request: Recorded, call: (client: Backlog) => Promise<unknown>][] = [
  ["the project", recorded(posted.requests, 0), (client) => client.getProject("HELP")],
  [
    "a new comment",
    recorded(posted.requests, 1),
    (client) =>
      client.postIssueComments(
        "HELP-121",
        COMMENT satisfies Required<Pick<Option.Issue.PostIssueCommentsParams, "content">>,
      ),
  ],
  [
    "the newest comments",
    recorded(found.requests, 0),
    (client) =>
      client.getIssueComments("HELP-121", {
        count: 100,
        order: "desc",
      } satisfies Option.Issue.GetIssueCommentsParams),
  ],
  [
    "other words for a comment",
    recorded(edited.requests, 1),
    (client) =>
      client.patchIssueComment(
        "HELP-121",
        7238,
        COMMENT satisfies Option.Issue.PatchIssueCommentParams,
      ),
  ],
  ["an issue", recorded(fetched.requests, 0), (client) => client.getIssue("HELP-121")],
  [
    "the oldest comments",
    recorded(fetched.requests, 1),
    (client) =>
      client.getIssueComments("HELP-121", {
        count: 100,
        order: "asc",
      } satisfies Option.Issue.GetIssueCommentsParams),
  ],
  [
    "a file",
    recorded(fetched.requests, 2),
    (client) => client.getIssueAttachment("HELP-121", 7001),
  ],
  [
    "new issues",
    recorded(polled.requests, 0),
    (client) =>
      client.getProjectActivities("HELP", {
        activityTypeId: [CREATED],
        minId: 3153,
        count: 100,
        order: "asc",
      } satisfies Option.Space.GetActivitiesParams),
  ],
  ["the user", recorded(checked.requests, 0), (client) => client.getMyself()],
  ["the projects", recorded(checked.requests, 1), (client) => client.getProjects()],
];

test.each(calls)(
  "for %s we ask as the client of Backlog's maker does",
  async (_, request, call) => {
    const { sent } = await ask(call, request.answer.body);
    expect(sent).toEqual([toSent(request, request.body ?? {})]);
  },
);

test("what is recorded has the numbers and words that the types allow", () => {
  expect(JSON.parse(fixture.delivery.body).type).toBe(CREATED);
  for (const ignored of fixture.ignored) expect(JSON.parse(ignored).type).not.toBe(CREATED);
  const { roleType } = recorded(checked.requests, 0).answer.body as Entity.User.User;
  expect(READERS).toContain(roleType);
  const rules = [posted, edited].map(
    ({ requests }) =>
      (recorded(requests, 0).answer.body as Entity.Project.Project).textFormattingRule,
  );
  expect(rules).toEqual(RULES);
  expect(UNWRITTEN).toEqual([]);
});

/** Every field of a type, by name: one more or less would not compile. */
type Fields<T> = Record<keyof Required<T>, true>;

const USER: Fields<Entity.User.User> = {
  id: true,
  userId: true,
  name: true,
  roleType: true,
  lang: true,
  mailAddress: true,
  lastLoginTime: true,
};
const PROJECT: Fields<Omit<Entity.Project.Project, "grandchildIssueEnabled">> = {
  id: true,
  projectKey: true,
  name: true,
  chartEnabled: true,
  useResolvedForChart: true,
  subtaskingEnabled: true,
  projectLeaderCanEditProjectLeader: true,
  useWiki: true,
  useFileSharing: true,
  useWikiTreeView: true,
  useOriginalImageSizeAtWiki: true,
  useSubversion: true,
  useGit: true,
  textFormattingRule: true,
  archived: true,
  displayOrder: true,
  useDevAttributes: true,
};
const ACTIVITY: Fields<Entity.Activity.Activity> = {
  id: true,
  project: true,
  type: true,
  content: true,
  notifications: true,
  createdUser: true,
  created: true,
};
const CONTENT: Fields<Entity.Activity.IssueCreatedContent> = {
  id: true,
  key_id: true,
  summary: true,
  description: true,
};
const ISSUE: Fields<Omit<Entity.Issue.Issue, "childIssueSummary">> = {
  id: true,
  projectId: true,
  issueKey: true,
  keyId: true,
  issueType: true,
  summary: true,
  description: true,
  resolution: true,
  priority: true,
  status: true,
  assignee: true,
  category: true,
  versions: true,
  milestone: true,
  startDate: true,
  dueDate: true,
  estimatedHours: true,
  actualHours: true,
  parentIssueId: true,
  createdUser: true,
  created: true,
  updatedUser: true,
  updated: true,
  customFields: true,
  attachments: true,
  sharedFiles: true,
  stars: true,
};
const POSTED: Fields<Entity.Issue.Comment> = {
  id: true,
  projectId: true,
  issueId: true,
  content: true,
  changeLog: true,
  createdUser: true,
  created: true,
  updated: true,
  stars: true,
  notifications: true,
};
const FILE: Fields<Entity.File.IssueFileInfo> = {
  id: true,
  name: true,
  size: true,
  createdUser: true,
  created: true,
};

const delivered = JSON.parse(fixture.delivery.body) as Entity.Activity.Activity;
const issue = recorded(fetched.requests, 0).answer.body as Entity.Issue.Issue;
const projects = recorded(checked.requests, 1).answer.body as Entity.Project.Project[];

const shapes: [name: string, value: object | undefined, fields: Record<string, true>][] = [
  ["delivery", delivered, ACTIVITY],
  ["project of a delivery", delivered.project, PROJECT],
  ["content of a delivery", delivered.content, CONTENT],
  ["user of a delivery", delivered.createdUser, USER],
  ["issue", issue, ISSUE],
  ["file of an issue", issue.attachments[0], FILE],
  ["user of an issue", issue.createdUser, USER],
  ["new comment", recorded(posted.requests, 1).answer.body as Entity.Issue.Comment, POSTED],
  ["changed comment", recorded(edited.requests, 1).answer.body as Entity.Issue.Comment, POSTED],
  ["project", projects[0], PROJECT],
  ["project of a comment", recorded(posted.requests, 0).answer.body as object, PROJECT],
  ["user who comments", recorded(checked.requests, 0).answer.body as object, USER],
];

test.each(shapes)(
  "the recorded %s has the fields of its type, and no other",
  (_, value, fields) => {
    expect(Object.keys(value ?? {}).sort()).toEqual(Object.keys(fields).sort());
  },
);

describe("what the client reads out of the recorded answers is what we read", () => {
  test("of an issue", async () => {
    const { body } = recorded(fetched.requests, 0).answer;
    const { answer } = await ask((client) => client.getIssue("HELP-121"), body);
    const { summary, description, createdUser, attachments } = answer;
    const { subject, locale, attachments: files } = fetched.ticket;
    expect(summary).toBe(subject);
    expect(createdUser.lang).toBe(locale);
    expect(attachments.map(({ name }) => name)).toEqual(files.map(({ name }) => name));
    expect(fetched.ticket.body.startsWith(description)).toBe(true);
    expect(recorded(fetched.requests, 2).url).toContain(`/attachments/${attachments[0]?.id}`);
  });

  test("of a new comment", async () => {
    const { body } = recorded(posted.requests, 1).answer;
    const posting = (client: Backlog) => client.postIssueComments("HELP-121", COMMENT);
    const { answer } = await ask(posting, body);
    expect([String(answer.id), answer.content]).toEqual([posted.commentId, COMMENT.content]);
  });

  test("of the newest comments", async () => {
    const { body } = recorded(found.requests, 0).answer;
    const { answer } = await ask((client) => client.getIssueComments("HELP-121", {}), body);
    const ours = answer.find(({ content }) => content?.includes("hresult-"));
    expect(String(ours?.id)).toBe(found.commentId);
  });

  test("of new issues", async () => {
    const { body } = recorded(polled.requests, 0).answer;
    const { answer } = await ask((client) => client.getProjectActivities("HELP", {}), body);
    const [scope, from] = polled.from.split(" ");
    const newer = answer.filter(({ id }) => id > Number(from));
    const keys = newer.map(({ project, content }) => {
      const { key_id } = content as Entity.Activity.IssueCreatedContent;
      return `${project.projectKey}-${key_id}`;
    });
    expect(keys).toEqual(polled.ticketIds);
    expect(`${scope} ${answer.at(-1)?.id}`).toBe(polled.position);
  });
});
