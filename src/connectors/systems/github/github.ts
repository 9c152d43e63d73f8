import * as z from "zod/mini";
import { CONTACT_MICROSOFT } from "../../../comment/tags.ts";
import { hubSignature } from "../../../webhook/hub-signature.ts";
import { TextSecrets } from "../../../webhook/secrets.ts";
import { Anything, Id, Text } from "../../client/schemas.ts";
import { faultUnless } from "../../client/set-up.ts";
import { BaseUrl, OnByDefault, requireOneOf, rootOf, Token } from "../../client/settings.ts";
import type { IgnoredEvent, TicketContent, TicketEvent } from "../../connector.ts";
import { defineConnector } from "../../define-connector.ts";
import { isOurs } from "../../read-ticket.ts";
import { createAppTokens, PrivateKey } from "./app.ts";

const Label = z.object({ name: z.string() });
const Issue = z.object({
  title: z.string(),
  body: Text,
  comments: z.int(),
  labels: z.nullish(z.array(Label)),
});
const Event = z.object({
  action: z.string(),
  issue: z.extend(Issue, { number: z.int() }),
  repository: z.object({ full_name: z.string() }),
  /** Set for a transferred issue, whose comments move with it. */
  changes: Anything,
});
const Person = z.nullish(z.object({ id: z.nullish(z.int()), type: Text }));
const CommentEvent = z.object({
  action: z.string(),
  issue: z.object({ number: z.int(), user: Person, pull_request: Anything }),
  comment: z.object({ body: Text, user: Person }),
  repository: z.object({ full_name: z.string() }),
});
const Comment = z.object({ id: Id });
const App = z.object({ permissions: z.record(z.string(), z.string()) });
const User = z.nullish(z.object({ type: Text }));
const Comments = z.array(z.extend(Comment, { body: Text, user: User }));

/** Issues of GitHub, which has no internal notes. */
export const github = defineConnector({
  name: "github",
  settings: z
    .object({
      GITHUB_URL: z._default(BaseUrl, "https://api.github.com"),
      GITHUB_TOKEN: z.optional(Token),
      GITHUB_APP_ID: z.optional(z.string().check(z.regex(/^\w{1,40}$/, "the id of a GitHub App"))),
      GITHUB_PRIVATE_KEY: z.optional(PrivateKey),
      GITHUB_SECRETS: TextSecrets,
      GITHUB_TAGS: OnByDefault,
    })
    .check(requireOneOf(["GITHUB_TOKEN"], ["GITHUB_APP_ID", "GITHUB_PRIVATE_KEY"])),
  // Owner, repository and number, in lower case: GitHub ignores case in names. No name has a tilde.
  ticketId: /^[a-z0-9][a-z0-9_-]{0,99}~(?!\.{1,2}~)[a-z0-9._-]{1,100}~[1-9]\d{0,9}$/,
  ticketPage: ({ GITHUB_URL }, id) => pageOf(GITHUB_URL, id),
  comment: { markup: "markdown", maxLength: 65_536, marker: "html-comment-last", internal: false },
  deliversText: true,
  ping: { headers: { "x-github-event": "ping" }, body: { zen: "Keep it logically awesome." } },
  access({ GITHUB_URL, GITHUB_TOKEN: token, GITHUB_APP_ID: id, GITHUB_PRIVATE_KEY: key }, http) {
    const root = rootOf(GITHUB_URL);
    // GitHub refuses a request that names no user agent.
    const headers = { "user-agent": "hresult-comments" };
    if (!id || !key) return { root, headers: { ...headers, authorization: `Bearer ${token}` } };
    return { root, headers, token: createAppTokens(http, { root, headers }, { id, key }) };
  },

  connect: ({ settings, api }) => ({
    proof: hubSignature("x-hub-signature-256", settings.GITHUB_SECRETS),

    // A webhook may be set up to send a form, with the payload in one of its fields.
    payloadIn: (body, { headers }) =>
      /^application\/x-www-form-urlencoded\b/i.test(headers.get("content-type") ?? "")
        ? (new URLSearchParams(body).get("payload") ?? "")
        : body,

    parse(payload, { headers }) {
      if (headers.get("x-github-event") === "issue_comment") return parseComment(payload, headers);
      if (headers.get("x-github-event") !== "issues") return { ignored: "no event of an issue" };
      const { action, issue, repository, changes } = Event.parse(payload);
      if (action !== "opened") return { ignored: "another event" };
      const ticketId = ticketIdOf(repository, issue);
      const isWhole = issue.comments === 0 && changes === undefined;
      const content = isWhole ? contentOf(issue, []) : undefined;
      return { ticketId, deliveryId: headers.get("x-github-delivery"), content };
    },

    async readTicket(ticketId) {
      const [issue, comments] = await Promise.all([
        api.get(issuePath(ticketId), Issue),
        api.get(`${issuePath(ticketId)}/comments?per_page=20`, Comments),
      ]);
      return contentOf(issue, comments);
    },

    async setLabels({ ticketId, comment: { tags: labels } }, isEdit) {
      // An empty list would remove every label.
      if (!settings.GITHUB_TAGS || labels.length === 0) return;
      const path = `${issuePath(ticketId)}/labels`;
      const set = await api.change("POST", path, { labels }, z.array(Label));
      const isStale =
        !labels.includes(CONTACT_MICROSOFT) && set.some(({ name }) => name === CONTACT_MICROSOFT);
      if (isEdit && isStale) await api.send("DELETE", `${path}/${CONTACT_MICROSOFT}`);
    },

    postComment: ({ ticketId, text }) =>
      api.change("POST", `${issuePath(ticketId)}/comments`, { body: text }, Comment),

    editComment: ({ ticketId, text }, id) =>
      api.change("PATCH", `${issuePath(ticketId)}/../comments/${id}`, { body: text }, Comment),

    async findComment(ticketId, marker) {
      const { comments } = await api.get(issuePath(ticketId), Issue);
      // The oldest come first; ours is among the newest: on the last page, or the one before it.
      const last = Math.ceil((comments + 1) / 100);
      const read = [last, last - 1].filter(Boolean).map((page) => {
        return api.get(`${issuePath(ticketId)}/comments?per_page=100&page=${page}`, Comments);
      });
      return (await Promise.all(read)).flat().find(({ body }) => body?.includes(marker));
    },

    async check() {
      if (settings.GITHUB_APP_ID && settings.GITHUB_PRIVATE_KEY) {
        const { permissions } = await api.get("app", App);
        const mayWrite = permissions.issues === "write";
        return faultUnless(mayWrite, "The app lacks the permission Issues: read and write.");
      }
      const { headers } = await api.probe("user");
      // Only a classic token tells its scopes.
      const scopes = headers.get("x-oauth-scopes") ?? "repo";
      return faultUnless(
        /(?:^|\s)(?:public_)?repo(?:,|$)/.test(scopes),
        "GITHUB_TOKEN lacks scope repo",
      );
    },
  }),
});

/** A further message by the person who opened the issue. */
function parseComment(payload: unknown, headers: Headers): TicketEvent | IgnoredEvent {
  const { action, issue, comment, repository } = CommentEvent.parse(payload);
  if (action !== "created" || issue.pull_request) return { ignored: "another event" };
  const isRequester = comment.user?.id !== undefined && comment.user.id === issue.user?.id;
  if (!isRequester || comment.user?.type === "Bot" || isOurs(comment.body ?? "")) {
    return { ignored: "no message of the requester" };
  }
  return {
    isFollowUp: true,
    ticketId: ticketIdOf(repository, issue),
    deliveryId: headers.get("x-github-delivery"),
    content: { subject: null, format: "markdown", messages: [comment.body] },
  };
}

function ticketIdOf(repository: { full_name: string }, { number }: { number: number }) {
  return `${repository.full_name.replace("/", "~")}~${number}`.toLowerCase();
}

/** `api.github.com` belongs to `github.com`; GitHub Enterprise Server has its API under `/api/v3`. */
function pageOf(apiUrl: string, ticketId: string): URL {
  const base = apiUrl.replace("//api.", "//").replace(/\/api\/v3\/?$/, "");
  return rootOf(base, ticketId.replace("~", "/").replace("~", "/issues/"));
}

function issuePath(ticketId: string) {
  return `repos/${ticketId.replace("~", "/").replace("~", "/issues/")}`;
}

function contentOf(
  { title, body, labels }: z.infer<typeof Issue>,
  comments: z.infer<typeof Comments>,
): TicketContent {
  const people = comments.filter(({ user }) => user?.type !== "Bot");
  return {
    subject: title,
    format: "markdown",
    messages: [body, ...people.map((each) => each.body)],
    labels: labels?.map(({ name }) => name),
  };
}
