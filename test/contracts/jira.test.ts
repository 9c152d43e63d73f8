import * as cloud from "jira.js/cloud";
import * as serviceDesk from "jira.js/serviceDesk";
import { expect, test } from "vitest";
import fixture from "../fixtures/jira.json";

interface Schema {
  safeParse(value: unknown): { success: boolean; error?: unknown };
}

interface Recorded {
  readonly method?: string;
  readonly url: string;
  readonly body?: unknown;
  readonly answer: { readonly status?: number; readonly body?: unknown };
}

const { posted, found, edited, fetched, checked } = fixture;
const RECORDED = [posted, found, edited, fetched, checked].flatMap(
  ({ requests }) => requests as readonly Recorded[],
);

/** The schemas are of version 3, where a comment's body is no text; all else is the same. */
const CommentOfVersion2 = cloud.CommentSchema.omit({ body: true });
const CommentsOfVersion2 = {
  safeParse(value: unknown) {
    const page = value as { comments: unknown[] };
    const wrong = page.comments.find((each) => !CommentOfVersion2.safeParse(each).success);
    return wrong
      ? { success: false }
      : cloud.PageOfCommentsSchema.safeParse({ ...page, comments: [] });
  },
};

/** What `jira.js` makes of Atlassian's specification, by method and path. */
const ROUTES: [method: string, path: RegExp, request: Schema | null, answer: Schema | null][] = [
  ["GET", /^api\/2\/myself$/, null, cloud.DashboardUserSchema],
  ["GET", /^api\/2\/issue\/[A-Z]+-\d+$/, null, cloud.IssueSchema],
  ["PUT", /^api\/2\/issue\/[A-Z]+-\d+$/, cloud.IssueUpdateDetailsSchema, null],
  ["GET", /^api\/2\/issue\/[A-Z]+-\d+\/comment$/, null, CommentsOfVersion2],
  ["PUT", /^api\/2\/issue\/[A-Z]+-\d+\/comment\/\d+$/, null, CommentOfVersion2],
  ["GET", /^api\/2\/comment\/\d+\/properties\/[a-z-]+$/, null, cloud.EntityPropertySchema],
  ["PUT", /^api\/2\/comment\/\d+\/properties\/[a-z-]+$/, null, null],
  ["GET", /^api\/2\/mypermissions$/, null, cloud.PermissionsSchema],
  ["GET", /^api\/2\/attachment\/content\/\d+$/, null, null],
  [
    "POST",
    /^servicedeskapi\/request\/[A-Z]+-\d+\/comment$/,
    serviceDesk.CommentCreateSchema,
    serviceDesk.CommentSchema,
  ],
  ["GET", /^servicedeskapi\/request\/[A-Z]+-\d+\/comment\/\d+$/, null, serviceDesk.CommentSchema],
];

function routeOf({ method = "GET", url }: Recorded) {
  const path = new URL(url).pathname.replace(/^\/rest\//, "");
  const route = ROUTES.find(([wanted, pattern]) => wanted === method && pattern.test(path));
  if (route === undefined) throw new Error(`no route for ${method} ${path}`);
  return route;
}

test.each(RECORDED)("what is sent to $url, and answered, fits the specification", (recorded) => {
  const [, , request, answer] = routeOf(recorded);
  if (request) expect(request.safeParse(recorded.body)).toMatchObject({ success: true });
  const { status = 200, body } = recorded.answer;
  if (answer && status < 300) expect(answer.safeParse(body)).toMatchObject({ success: true });
});

test("the schemas refuse what does not fit", () => {
  expect(serviceDesk.CommentCreateSchema.safeParse({ body: 1 }).success).toBe(false);
  expect(serviceDesk.CommentSchema.safeParse({ id: "1", public: "no" }).success).toBe(false);
  expect(CommentsOfVersion2.safeParse({ comments: [{ id: 7 }] }).success).toBe(false);
  expect(cloud.IssueSchema.safeParse({ key: 42 }).success).toBe(false);
});

test("every route that is recorded is one of the specification, and each is recorded", () => {
  const used = new Set(RECORDED.map(routeOf));
  expect(ROUTES.filter((each) => !used.has(each))).toEqual([]);
});
