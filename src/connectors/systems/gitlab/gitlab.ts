import * as z from "zod/mini";
import { CONTACT_MICROSOFT } from "../../../comment/tags.ts";
import { StandardSecrets, TextSecrets } from "../../../webhook/secrets.ts";
import { sharedToken } from "../../../webhook/shared-token.ts";
import { standardWebhook } from "../../../webhook/standard-webhook.ts";
import { Id, Text } from "../../client/schemas.ts";
import { faultUnless } from "../../client/set-up.ts";
import { BaseUrl, OnByDefault, requireOneOf, rootOf, Token } from "../../client/settings.ts";
import { defineConnector } from "../../define-connector.ts";
import { toPosted } from "../../posted-comment.ts";
import { parse } from "./deliveries.ts";

const Issue = z.object({
  title: z.string(),
  description: Text,
  labels: z.nullish(z.array(z.string())),
});
const Flag = z.nullish(z.boolean());
const Note = z.object({ id: Id, body: z.string(), internal: Flag, created_at: Text });
const Scopes = z.object({ scopes: z.array(z.string()) });
const COMMENTS = "order_by=created_at&activity_filter=only_comments";

/** Issues of GitLab. Guests do not see an internal note. */
export const gitlab = defineConnector({
  name: "gitlab",
  settings: z
    .object({
      GITLAB_URL: BaseUrl,
      GITLAB_TOKEN: Token,
      GITLAB_SIGNING_SECRETS: z.optional(StandardSecrets),
      GITLAB_SECRETS: z.optional(TextSecrets),
      GITLAB_TAGS: OnByDefault,
    })
    .check(requireOneOf(["GITLAB_SIGNING_SECRETS"], ["GITLAB_SECRETS"])),
  ticketId: /^[1-9]\d{0,9}-[1-9]\d{0,9}$/, // project and issue
  // GitLab accepts more.
  comment: { markup: "markdown", maxLength: 65_536, marker: "html-comment-last", internal: true },
  ping: { headers: { "x-gitlab-event": "Push Hook" }, body: { object_kind: "push" } },
  access: ({ GITLAB_URL, GITLAB_TOKEN }) => ({
    root: rootOf(GITLAB_URL, "api/v4/"),
    headers: { "private-token": GITLAB_TOKEN, accept: "application/json" },
  }),

  connect: ({ settings, api }) => ({
    proof: settings.GITLAB_SIGNING_SECRETS
      ? standardWebhook(settings.GITLAB_SIGNING_SECRETS)
      : sharedToken({ in: "header", name: "x-gitlab-token" }, settings.GITLAB_SECRETS ?? []),

    parse: (payload, { headers }) => parse(payload, headers),

    async readTicket(ticketId) {
      const oldest = `${issuePath(ticketId)}/notes?sort=asc&per_page=20&${COMMENTS}`;
      const [{ title, description, labels }, notes] = await Promise.all([
        api.get(issuePath(ticketId), Issue),
        api.get(oldest, z.array(Note)),
      ]);
      const messages = [description, ...notes.map(({ body }) => body)];
      return { subject: title, format: "markdown", messages, labels };
    },

    // A user who may not set labels may not post internal notes either, and GitLab would make the
    // note public. So a missing right ends the attempt here.
    async setLabels({ ticketId, comment: { tags } }, isEdit) {
      if (!settings.GITLAB_TAGS) return;
      const stale = isEdit && !tags.includes(CONTACT_MICROSOFT) ? CONTACT_MICROSOFT : "";
      const labels = { add_labels: `${tags}`, remove_labels: stale };
      await api.change("PUT", issuePath(ticketId), labels, Issue);
    },

    async postComment({ ticketId, text, visibility }) {
      const fields = { body: text, internal: visibility === "internal" };
      const note = await api.change("POST", `${issuePath(ticketId)}/notes`, fields, Note);
      return toPosted(note.id, note.internal);
    },

    async editComment({ ticketId, text }, id) {
      const note = await api.change("PUT", notePath(ticketId, id), { body: text }, Note);
      return toPosted(note.id, note.internal);
    },

    // Keeps the marker, so that the next attempt finds the note and does not post it again.
    retract: ({ ticketId, marker }, id) =>
      api.send("PUT", notePath(ticketId, id), { body: marker }),

    async findComment(ticketId, marker) {
      const newest = `${issuePath(ticketId)}/notes?sort=desc&per_page=100&${COMMENTS}`;
      const ours = (await api.get(newest, z.array(Note))).filter(({ body }) =>
        body.includes(marker),
      );
      const found = ours.find(({ body }) => body === marker) ?? ours[0];
      if (found === undefined) return undefined;
      const isRetracted = found.body === marker;
      return { ...toPosted(found.id, found.internal, found.created_at), isRetracted };
    },

    async check() {
      const { scopes } = await api.get("personal_access_tokens/self", Scopes);
      return faultUnless(/\b(?:api|granular)\b/.test(`${scopes}`), "GITLAB_TOKEN has no scope api");
    },
  }),
});

const issuePath = (ticketId: string) => `projects/${ticketId.replace("-", "/issues/")}`;
const notePath = (ticketId: string, id: string) => `${issuePath(ticketId)}/notes/${id}`;
