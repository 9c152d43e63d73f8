import * as z from "zod/mini";
import { CONTACT_MICROSOFT } from "../../comment/tags.ts";
import { Failure } from "../../failure.ts";
import { StandardSecrets, TextSecrets } from "../../webhook/secrets.ts";
import { sharedToken } from "../../webhook/shared-token.ts";
import { standardWebhook } from "../../webhook/standard-webhook.ts";
import { denied } from "../client/failures.ts";
import { type Http, readJson } from "../client/http.ts";
import { findMarked, toMarkdown, toTicket } from "../client/markdown-issue.ts";
import { openApi } from "../client/rest.ts";
import { BaseUrl, rootOf, Switch, Token } from "../client/settings.ts";
import type { CommentId, Posting } from "../connector.ts";
import { defineConnector } from "../define-connector.ts";
import { unlessRefused } from "../labels.ts";

const Settings = z.pipe(
  z.object({
    GITLAB_URL: BaseUrl,
    GITLAB_TOKEN: Token,
    GITLAB_SIGNING_SECRETS: z.optional(StandardSecrets),
    GITLAB_SECRETS: z.optional(TextSecrets),
    GITLAB_TAGS: Switch,
  }),
  z.transform((env) => ({
    root: rootOf(env.GITLAB_URL, "api/v4/"),
    headers: { "private-token": env.GITLAB_TOKEN, accept: "application/json" },
    signingSecrets: env.GITLAB_SIGNING_SECRETS,
    secrets: env.GITLAB_SECRETS,
    setsLabels: env.GITLAB_TAGS,
  })),
);
type Settings = z.infer<typeof Settings>;

const Text = z.nullish(z.string());
/** An epic has no project; where a hook is only tested, there is no action. */
const Event = z.object({
  object_kind: z.string(),
  project: z.nullish(z.object({ id: z.int() })),
  object_attributes: z.object({ action: Text, type: Text, iid: z.nullish(z.int()) }),
});
const Issue = z.object({ title: z.string(), description: Text });
const Note = z.object({ id: z.int(), body: z.string(), internal: z.nullish(z.boolean()) });
const Scopes = z.object({ scopes: z.array(z.string()) });
const EXPOSED = "a note did not come out internal, and stands without its words";
const COMMENTS = "order_by=created_at&activity_filter=only_comments";

/** Issues of GitLab. Takes Markdown; guests do not see an internal note. */
export const gitlab = defineConnector({
  name: "gitlab",
  settings: Settings,
  ticketId: /^[1-9]\d{0,9}-[1-9]\d{0,9}$/, // project and issue
  internalNotes: true,
  ping: { headers: { "x-gitlab-event": "Push Hook" }, body: { object_kind: "push" } },
  proof({ signingSecrets, secrets }) {
    if (signingSecrets) return standardWebhook(signingSecrets);
    if (secrets) return sharedToken({ in: "header", name: "x-gitlab-token" }, secrets);
    throw new Failure("settings_invalid", "GITLAB_SIGNING_SECRETS: missing, or GITLAB_SECRETS");
  },

  parse(payload, { headers }) {
    const isOfIssue = /(?:issue|work item) hook$/i.test(headers.get("x-gitlab-event") ?? "");
    if (!isOfIssue) return { ignored: "no event of an issue" };
    const { object_kind: kind, object_attributes: issue, project } = Event.parse(payload);
    if (issue.action !== "open") return { ignored: "another event" };
    if (!/^(?:issue|incident|ticket)$/i.test(issue.type ?? kind)) return { ignored: "no ticket" };
    const deliveryId = headers.get("webhook-id") ?? headers.get("idempotency-key");
    // A token proves nothing of the body, so it is always read again.
    return { ticketId: `${project?.id}-${issue.iid}`, deliveryId, ticket: null };
  },

  readTicket: (settings) => async (http, ticketId) => {
    const { api, issue } = open(http, settings, ticketId);
    const [{ title, description }, notes] = await Promise.all([
      api.get(issue, Issue),
      api.get(`${issue}/notes?sort=asc&per_page=20&${COMMENTS}`, z.array(Note)),
    ]);
    return toTicket(title, description, notes);
  },

  postComment: (http, settings, posting) => write(http, settings, posting, null),

  async findComment(http, settings, ticketId, marker) {
    const { api, issue } = open(http, settings, ticketId);
    const notes = await api.get(`${issue}/notes?sort=desc&per_page=100&${COMMENTS}`, z.array(Note));
    if (notes.some(({ body }) => body === marker)) throw denied(EXPOSED);
    return findMarked(notes, marker);
  },

  async editComment(http, settings, posting, commentId) {
    await write(http, settings, posting, commentId);
  },

  async check(http, settings) {
    const { scopes } = await openApi(http, settings).get("personal_access_tokens/self", Scopes);
    return /\b(?:api|granular)\b/.test(`${scopes}`) ? [] : ["GITLAB_TOKEN has no scope api"];
  },
});

function open(http: Http, settings: Settings, ticketId: string) {
  return { api: openApi(http, settings), issue: `projects/${ticketId.replace("-", "/issues/")}` };
}

/** @param commentId The note that gets new words; null for a new one. */
async function write(http: Http, settings: Settings, posting: Posting, commentId: CommentId) {
  const { api, issue } = open(http, settings, posting.ticketId);
  const { tags } = posting.comment;
  if (settings.setsLabels) {
    // Whoever may not do this may not hide a note either, which GitLab would write for all to see:
    // a missing right is not left out.
    const stale = commentId && !tags.includes(CONTACT_MICROSOFT) ? CONTACT_MICROSOFT : "";
    const change = { add_labels: `${tags}`, remove_labels: stale };
    const set = async () => readJson(await api.send("PUT", issue, change), Issue);
    await unlessRefused({ connector: "gitlab", id: posting.ticketId }, set());
  }
  const body = toMarkdown(posting);
  const internal = posting.visibility === "internal";
  const answer = commentId
    ? await api.send("PUT", `${issue}/notes/${commentId}`, { body })
    : await api.send("POST", `${issue}/notes`, { body, internal });
  const note = readJson(answer, Note);
  if (!internal || note.internal) return String(note.id);
  // It keeps its marker: deleted, it would come out once more at the next try.
  await api.send("PUT", `${issue}/notes/${note.id}`, { body: posting.marker });
  throw denied(EXPOSED);
}
