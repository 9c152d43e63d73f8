import { afterEach, describe, expect, test, vi } from "vitest";
import type { Earlier } from "../../../src/connectors/deliver-comment.ts";
import { connect } from "../../../src/connectors/index.ts";
import { scanTicket } from "../../../src/enrichment/scan-ticket.ts";
import { symbolKey } from "../../../src/hresult/symbol-hash.ts";
import fixture from "../../fixtures/jira.json";
import { FIRST_TRY, SECOND_TRY } from "../attempts.ts";
import { answer, type Call, MARKER, postingOn, toDelivery } from "../fixture.ts";

const { env } = fixture;
const { JIRA_USER: _, ...DATA_CENTER } = env;
const connection = connect("jira", env);
const OTHER_MARKER = "hresult-ffffffffffffffffffffffffffffffff";
const REPLACES: Earlier = { ...FIRST_TRY, replaces: { commentId: "7", visibility: "internal" } };

afterEach(() => vi.unstubAllGlobals());

function posting(tags: readonly string[] = ["error-hresult"]) {
  return postingOn("HELP-42", { contactMicrosoft: tags.includes("contact-microsoft"), tags });
}

interface User {
  readonly accountId?: string;
  readonly key?: string;
}

interface Written {
  readonly id: string;
  readonly author?: User;
  readonly marker: string | null;
  /** In words of ours, where it is not given. */
  readonly body?: string | null;
}

interface Jira {
  readonly me: User;
  /** The newest comment first; `marker` is null where the property is missing. */
  readonly comments: readonly Written[];
  /** How what is posted comes out. */
  readonly comesOutPublic: boolean;
  /** Whether the service user is an agent; null: Jira does not know the question. */
  readonly isAgent: boolean | null;
  /** How comments are found; null when they are gone. */
  readonly isPublic: boolean | null;
}

const BOT: User = { accountId: "712020:bot" };

/** Answers as Jira does; what is posted becomes comment 9. */
function open(jira: Partial<Jira> = {}): Call[] {
  const {
    me = BOT,
    comments = [],
    comesOutPublic = false,
    isPublic = false,
    isAgent = true,
  } = jira;
  return answer(({ method, url }) => {
    const path = new URL(url).pathname.replace("/rest/", "");
    const id = /comment\/(\d+)/.exec(path)?.[1];
    if (path === "api/2/myself") return Response.json(me);
    if (path === "api/2/mypermissions") {
      if (isAgent === null) return Response.json({ errorMessages: ["unknown"] }, { status: 400 });
      return Response.json({ permissions: { SERVICEDESK_AGENT: { havePermission: isAgent } } });
    }
    if (path.startsWith("servicedeskapi/")) {
      if (method === "POST") return Response.json({ id: "9", public: comesOutPublic });
      return isPublic === null ? gone() : Response.json({ id, public: isPublic });
    }
    if (method !== "GET") return new Response(null, { status: 204 });
    if (path === "api/2/issue/HELP-42/comment") {
      const ours = "Hello\n\nCatalog 0123456789ab";
      return Response.json({ comments: comments.map((each) => ({ body: ours, ...each })) });
    }
    const marker = comments.find((each) => each.id === id)?.marker;
    return marker ? Response.json({ value: { marker } }) : gone();
  });
}

function gone() {
  return Response.json({ errorMessages: ["not found"] }, { status: 404 });
}

/** Method, path below `rest/`, and nothing of the query; without the question who we are. */
function steps(calls: readonly Call[]): string[] {
  const others = calls.filter(({ url }) => !url.includes("/mypermissions"));
  return others.map(
    ({ method, url }) => `${method} ${new URL(url).pathname.replace("/rest/", "")}`,
  );
}

const POST = "POST servicedeskapi/request/HELP-42/comment";
const LABELS = "PUT api/2/issue/HELP-42";
const markOf = (id: string) => `PUT api/2/comment/${id}/properties/hresult-comments`;

const logins: [why: string, env: Record<string, string>, login: string][] = [
  ["Cloud: mail address and token", env, `Basic ${btoa(`${env.JIRA_USER}:${env.JIRA_TOKEN}`)}`],
  ["Data Center: the token alone", DATA_CENTER, `Bearer ${env.JIRA_TOKEN}`],
];

test.each(logins)("uses the right login for %s", async (_, variables, authorization) => {
  const calls = open();
  await connect("jira", variables).deliverComment(posting(), FIRST_TRY);
  expect(calls.map(({ headers }) => headers.authorization)).toEqual(calls.map(() => authorization));
});

const keys: [key: string, isKey: boolean][] = [
  ["HELP-42", true],
  ["A1_B-7", true],
  ["help-42", false],
  ["HELP-0", false],
  ["HELP-042", false],
  ["H-1", true],
  [`${"H".repeat(255)}-1`, true],
  [`${"H".repeat(256)}-1`, false],
  ["_H-1", false],
  ["1A-1", false],
  ["HELP-42/x", false],
  ["HELP-42?x", false],
  ["HELP-42\n", false],
  ["../HELP-42", false],
  ["10042", false],
];

test.each(keys)("%j is a key of an issue: %s", (key, isKey) => {
  const check = () => connection.checkTicketId(key);
  if (isKey) expect(check()).toBe(key);
  else expect(check).toThrow(expect.objectContaining({ code: "ticket_id_invalid" }));
});

const events: [why: string, event: unknown][] = [
  ["no issue", { webhookEvent: "jira:issue_created" }],
  ["an issue without a key", { webhookEvent: "jira:issue_created", issue: {} }],
  ["a key that is none", { webhookEvent: "jira:issue_created", issue: { key: "../x" } }],
  ["no name", { issue: { key: "HELP-42" } }],
];

test.each(events)("an event is refused that has %s", (_, event) => {
  const delivery = toDelivery({ body: JSON.stringify(event) });
  expect(() => connection.parse(delivery)).toThrow(
    expect.objectContaining({ code: "payload_invalid" }),
  );
});

test("a comment that turns out public is deleted, and fails as ticket_system_denied", async () => {
  const calls = open({ comesOutPublic: true });
  const settling = connection.deliverComment(posting(), FIRST_TRY);
  await expect(settling).rejects.toMatchObject({ code: "ticket_system_denied" });
  expect(steps(calls)).toEqual([LABELS, POST, "DELETE api/2/issue/HELP-42/comment/9"]);
});

const SOMEONE: User = { accountId: "557058:agent" };
const BY_KEY: User = { key: "JIRAUSER10100" };

const own: [why: string, jira: Partial<Jira>, commentId: string][] = [
  ["none at all", {}, "9"],
  ["one of somebody else", { comments: [{ id: "7", author: SOMEONE, marker: null }] }, "9"],
  ["somebody else's with our marker", with7({ author: SOMEONE, marker: MARKER }), "9"],
  ["one of nobody", with7({ marker: null }), "9"],
  ["ours with another marker", with7({ author: BOT, marker: OTHER_MARKER }), "9"],
  ["ours with this marker", with7({ author: BOT, marker: MARKER }), "7"],
  ["ours without a marker", with7({ author: BOT, marker: null }), "7"],
  ["by hand, with our login", with7({ author: BOT, marker: null, body: "Looked at it." }), "9"],
  ["without a text, with our login", with7({ author: BOT, marker: null, body: null }), "9"],
  ["Data Center: ours", { me: BY_KEY, ...with7({ author: BY_KEY, marker: null }) }, "7"],
  ["Data Center: another's", { me: BY_KEY, ...with7({ author: { key: "x" }, marker: null }) }, "9"],
  [
    "several: behind others and an older one of ours",
    {
      comments: [
        { id: "8", author: SOMEONE, marker: null },
        { id: "6", author: BOT, marker: OTHER_MARKER },
        { id: "5", author: BOT, marker: MARKER },
      ],
    },
    "5",
  ],
];

function with7(comment: Omit<Written, "id">): Partial<Jira> {
  return { comments: [{ id: "7", ...comment }] };
}

test.each(own)("only a comment of ours is found again: %s", async (_, jira, commentId) => {
  const calls = open(jira);
  const settled = await connection.deliverComment(posting(), SECOND_TRY);
  expect(settled).toEqual({ outcome: "posted", commentId });
  expect(steps(calls).includes(POST)).toBe(commentId === "9");
  expect(steps(calls).at(-1)).toBe(markOf(commentId));
  expect(calls.at(-1)?.body).toEqual({ marker: MARKER });
});

const unsure: [why: string, path: string, reply: () => Response, code: string][] = [
  ["who it is", "/myself", () => Response.json({}), "ticket_system_answer_invalid"],
  [
    "whose marker a comment has",
    "/properties/",
    () => new Response(null, { status: 503 }),
    "ticket_system_unavailable",
  ],
  [
    "whether it is an agent",
    "/mypermissions",
    () => new Response(null, { status: 503 }),
    "ticket_system_unavailable",
  ],
];

test.each(unsure)("posts nothing when Jira does not say %s", async (_, path, reply, code) => {
  const comments = [{ id: "7", author: BOT, body: "Catalog 0123456789ab" }];
  const calls = answer(({ url }) => {
    if (url.includes(path)) return reply();
    if (url.includes("/myself")) return Response.json(BOT);
    if (url.includes("/mypermissions")) return Response.json({ permissions: {} });
    const isFound = path !== "/mypermissions";
    return Response.json({ comments: isFound ? comments : [] });
  });
  const delivering = connection.deliverComment(posting(), SECOND_TRY);
  await expect(delivering).rejects.toMatchObject({ code });
  expect(calls.map(({ method }) => method)).not.toContain("POST");
});

describe("an earlier comment", () => {
  test("is edited while it is internal", async () => {
    const calls = open();
    const settled = await connection.deliverComment(posting(), REPLACES);
    expect(settled).toEqual({ outcome: "updated", commentId: "7" });
    expect(steps(calls)).toEqual([
      "GET servicedeskapi/request/HELP-42/comment/7",
      LABELS,
      "PUT api/2/issue/HELP-42/comment/7",
      "GET servicedeskapi/request/HELP-42/comment/7",
      markOf("7"),
    ]);
  });

  test("is deleted when it turns out public after an edit", async () => {
    const visibilities = [false, true];
    const calls = answer(({ method, url }) => {
      const id = "7";
      if (!url.includes("/servicedeskapi/")) return new Response(null, { status: 204 });
      expect(method).toBe("GET");
      return Response.json({ id, public: visibilities.shift() });
    });
    const settling = connection.deliverComment(posting(), REPLACES);
    await expect(settling).rejects.toMatchObject({ code: "ticket_system_denied" });
    expect(steps(calls).at(-1)).toBe("DELETE api/2/issue/HELP-42/comment/7");
  });

  const left: [why: string, isPublic: boolean | null][] = [
    ["public by now", true],
    ["gone", null],
  ];

  test.each(left)(
    "is left alone when it is %s, and a new comment is posted",
    async (_, isPublic) => {
      const calls = open({ isPublic });
      const settled = await connection.deliverComment(posting(), REPLACES);
      expect(settled).toEqual({ outcome: "posted", commentId: "9" });
      expect(steps(calls)).not.toContain("PUT api/2/issue/HELP-42/comment/7");
    },
  );
});

const FLAG = "contact-microsoft";
const labels: [why: string, tags: string[], env: Record<string, string>, update: unknown[]][] = [
  ["set", ["error-hresult", FLAG], env, [{ add: "error-hresult" }, { add: FLAG }]],
  ["not set", ["error-hresult"], env, [{ add: "error-hresult" }, { remove: FLAG }]],
  ["not wanted", ["error-hresult", FLAG], { ...env, JIRA_TAGS: "off" }, []],
];

test.each(labels)("the label is set with the flag: %s", async (_, tags, variables, update) => {
  for (const earlier of [FIRST_TRY, REPLACES]) {
    const calls = open();
    await connect("jira", variables).deliverComment(posting(tags), earlier);
    const sent = calls.filter(({ method, url }) => method === "PUT" && url.endsWith("/HELP-42"));
    expect(sent.map(({ body }) => body)).toEqual(
      update.length > 0 ? [{ update: { labels: update } }] : [],
    );
  }
});

const agents: [isAgent: boolean | null, posts: boolean, why: string][] = [
  [true, true, "it is one"],
  [false, false, "it is none, and would comment for all to see"],
  [null, true, "Jira does not know; what is posted is looked at all the same"],
];

test.each(agents)(
  "an internal comment is posted by an agent only: %s: %s: %s",
  async (isAgent, posts) => {
    const calls = open({ isAgent });
    const settled = await connection.deliverComment(posting(), FIRST_TRY).catch(({ code }) => code);
    expect(settled).toEqual(posts ? { outcome: "posted", commentId: "9" } : "ticket_system_denied");
    expect(steps(calls).some((each) => each.startsWith("POST"))).toBe(posts);
  },
);

test("a public comment of a person with our login is not deleted", async () => {
  const body = "We called back.";
  const comments = [{ id: "7", author: BOT, marker: null, body }];
  const calls = open({ comments, isPublic: true });
  await connection.deliverComment(posting(), SECOND_TRY);
  expect(steps(calls).filter((each) => each.startsWith("DELETE"))).toEqual([]);
});

const labelAnswers: [status: number, outcome: string, why: string][] = [
  [400, "posted", "no screen has the field"],
  [403, "ticket_system_denied", "the right is missing"],
  [404, "posted", "whether the issue is gone shows by the comment"],
  [500, "ticket_system_unavailable", "Jira breaks"],
];

test.each(labelAnswers)("labels answered %i end as %s: %s", async (status, outcome) => {
  answer(({ method, url }) => {
    if (method === "PUT" && url.endsWith("/HELP-42")) return new Response("{}", { status });
    if (url.includes("/servicedeskapi/")) return Response.json({ id: "9", public: false });
    return Response.json({ permissions: {} });
  });
  const settling = connection.deliverComment(posting(), FIRST_TRY);
  expect(await settling.catch(({ code }) => ({ outcome: code }))).toMatchObject({ outcome });
});

const wikis: [description: string, codes: string[], why: string][] = [
  ["{color:red}Error:{color} 0x80090029", ["0x80090029"], "a label in red"],
  ["0x8009{color:#de350b}0029{color}", ["0x80090029"], "half a code in red"],
  ["Error{noformat}80090029{noformat}", ["0x80090029"], "as written"],
  ["{code:title=a.log|theme=x}hr=0x80090029{code}", ["0x80090029"], "a log"],
  ["||Error||\n|{{0x80090029}}|", ["0x80090029"], "a table"],
  ["NTE\\_BAD\\_KEYSET", [symbolKey("NTE_BAD_KEYSET")], "a name"],
];

test.each(wikis)(
  "in the description %j the text %j is found: %s",
  async (description, expected) => {
    answer(() => Response.json({ fields: { description } }));
    const ticket = await connection.readTicket?.("HELP-42");
    const text = ticket ?? { subject: "", body: "", format: "text", locale: null };
    const { codes } = scanTicket(text, null);
    const found = codes.filter((each) => !("tentative" in each && each.tentative));
    expect(
      found.map((each) => ("code" in each ? each.code : "key" in each ? each.key : "")),
    ).toEqual(expected);
  },
);

test("a public comment without a marker is deleted, not taken over", async () => {
  const calls = open({ comments: [{ id: "7", author: BOT, marker: null }], isPublic: true });
  const settled = await connection.deliverComment(posting(), SECOND_TRY);
  expect(settled).toEqual({ outcome: "posted", commentId: "9" });
  expect(steps(calls)).toContain("DELETE api/2/issue/HELP-42/comment/7");
});
