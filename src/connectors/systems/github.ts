import * as z from "zod/mini";
import { hubSignature } from "../../webhook/hub-signature.ts";
import { TextSecrets } from "../../webhook/secrets.ts";
import { type Http, readJson } from "../client/http.ts";
import { findMarked, toMarkdown, toTicket } from "../client/markdown-issue.ts";
import { openApi } from "../client/rest.ts";
import { BaseUrl, rootOf, Switch, Token } from "../client/settings.ts";
import type { CommentId, Posting } from "../connector.ts";
import { defineConnector } from "../define-connector.ts";
import { unlessRefused } from "../labels.ts";

const Settings = z.pipe(
  z.object({
    GITHUB_URL: z._default(BaseUrl, "https://api.github.com"),
    GITHUB_TOKEN: Token,
    GITHUB_SECRETS: TextSecrets,
    GITHUB_TAGS: Switch,
  }),
  z.transform((env) => ({
    root: rootOf(env.GITHUB_URL),
    // GitHub turns away who does not name himself.
    headers: { authorization: `Bearer ${env.GITHUB_TOKEN}`, "user-agent": "hresult-comments" },
    secrets: env.GITHUB_SECRETS,
    setsLabels: env.GITHUB_TAGS,
  })),
);
type Settings = z.infer<typeof Settings>;

const Text = z.nullish(z.string());
const Issue = z.object({ title: z.string(), body: Text, comments: z.int() });
const Event = z.object({
  action: z.string(),
  issue: z.extend(Issue, { number: z.int() }),
  repository: z.object({ full_name: z.string() }),
  /** Where a transferred issue came from; its comments follow it. */
  changes: z.optional(z.unknown()),
});
const Id = z.object({ id: z.int() });
const Comments = z.array(z.extend(Id, { body: Text, user: z.nullish(z.object({ type: Text })) }));

/** Issues of GitHub. Takes Markdown; whoever sees an issue sees all comments. */
export const github = defineConnector({
  name: "github",
  settings: Settings,
  // Owner, repository, number. No name has a tilde; case does not count in names, so all is lower.
  ticketId: /^[a-z0-9][a-z0-9_-]{0,99}~(?!\.{1,2}~)[a-z0-9._-]{1,100}~[1-9]\d{0,9}$/,
  internalNotes: false,
  proof: ({ secrets }) => hubSignature("x-hub-signature-256", secrets),
  ping: { headers: { "x-github-event": "ping" }, body: { zen: "Keep it logically awesome." } },

  parse(payload, { headers }) {
    if (headers.get("x-github-event") !== "issues") return { ignored: "no event of an issue" };
    const { action, issue, repository, changes } = Event.parse(payload);
    if (action !== "opened") return { ignored: "another event" };
    const ticketId = `${repository.full_name.replace("/", "~")}~${issue.number}`.toLowerCase();
    const isWhole = issue.comments === 0 && changes === undefined;
    const ticket = isWhole ? toTicket(issue.title, issue.body, []) : null;
    return { ticketId, deliveryId: headers.get("x-github-delivery"), ticket };
  },

  readTicket: (settings) => async (http, ticketId) => {
    const { api, issue } = open(http, settings, ticketId);
    const [{ title, body }, comments] = await Promise.all([
      api.get(issue, Issue),
      api.get(`${issue}/comments?per_page=20`, Comments),
    ]);
    const people = comments.filter(({ user }) => user?.type !== "Bot");
    return toTicket(title, body, people);
  },

  postComment: (http, settings, posting) => write(http, settings, posting, null),

  async findComment(http, settings, ticketId, marker) {
    const { api, issue } = open(http, settings, ticketId);
    const { comments } = await api.get(issue, Issue);
    // The oldest come first; ours is among the newest: on the last page, or the one before it.
    const last = Math.ceil((comments + 1) / 100);
    const pages = [last, last - 1].filter(Boolean).map((page) => `per_page=100&page=${page}`);
    const read = pages.map((page) => api.get(`${issue}/comments?${page}`, Comments));
    return findMarked((await Promise.all(read)).flat(), marker);
  },

  async editComment(http, settings, posting, commentId) {
    await write(http, settings, posting, commentId);
  },

  async check(http, { root, headers }) {
    const answer = await http(new URL("user", root), { headers });
    readJson(answer, Id);
    // Only a classic token tells its scopes.
    const scopes = answer.headers.get("x-oauth-scopes") ?? "repo";
    return /(?:^|\s)(?:public_)?repo(?:,|$)/.test(scopes) ? [] : ["GITHUB_TOKEN lacks scope repo"];
  },
});

function open(http: Http, settings: Settings, ticketId: string) {
  const issue = `repos/${ticketId.replace("~", "/").replace("~", "/issues/")}`;
  return { api: openApi(http, settings), issue };
}

/** @param commentId The comment that gets new words; null for a new one. */
async function write(http: Http, settings: Settings, posting: Posting, commentId: CommentId) {
  const { api, issue } = open(http, settings, posting.ticketId);
  const labels = settings.setsLabels ? posting.comment.tags : [];
  // An empty list would take every label away.
  if (labels[0]) {
    const set = async () =>
      readJson(await api.send("POST", `${issue}/labels`, { labels }), z.array(Id));
    await unlessRefused({ connector: "github", id: posting.ticketId }, set());
  }
  const body = toMarkdown(posting);
  const answer = commentId
    ? await api.send("PATCH", `${issue}/../comments/${commentId}`, { body })
    : await api.send("POST", `${issue}/comments`, { body });
  return String(readJson(answer, Id).id);
}
