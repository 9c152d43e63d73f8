import * as z from "zod/mini";
import { format } from "../../comment/format.ts";
import { CONTACT_MICROSOFT } from "../../comment/tags.ts";
import { TextSecrets } from "../../webhook/secrets.ts";
import { type HmacScheme, hmac } from "../../webhook/signature.ts";
import { type Attachment, readAttachments, sourceAt } from "../client/attachments.ts";
import { readJson } from "../client/http.ts";
import { type Api, openApi } from "../client/rest.ts";
import { BaseUrl, basicLogin, rootOf, Switch, Token } from "../client/settings.ts";
import { isOurs } from "../connector.ts";
import { defineConnector } from "../define-connector.ts";
import { orWithoutLabel } from "../labels.ts";

/** Of the test deliveries of a webhook that is not saved yet; it stands in Zendesk's manual. */
const TEST_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==";
const isKnown = (secret: Uint8Array) => new TextDecoder().decode(secret) === TEST_SECRET;

const Settings = z.pipe(
  z.object({
    ZENDESK_URL: BaseUrl,
    ZENDESK_USER: z.optional(Token),
    ZENDESK_TOKEN: Token,
    ZENDESK_SECRETS: TextSecrets.check(z.refine((all) => !all.some(isKnown), "a public secret")),
    ZENDESK_TAGS: Switch,
  }),
  z.transform(({ ZENDESK_USER: user, ZENDESK_TOKEN: key, ...env }) => ({
    root: rootOf(env.ZENDESK_URL, "api/v2/"),
    headers: { authorization: user ? basicLogin(`${user}/token`, key) : `Bearer ${key}` },
    secrets: env.ZENDESK_SECRETS,
    setsTags: env.ZENDESK_TAGS,
  })),
);

const SCHEME: HmacScheme = {
  header: "x-zendesk-webhook-signature",
  hash: "SHA-256",
  encoding: "base64",
  prefix: "",
  signed: ["<x-zendesk-webhook-signature-timestamp>", "body"],
  timestamp: { header: "x-zendesk-webhook-signature-timestamp", form: "date" },
};

const Int = z.nullish(z.int());
const Text = z.nullish(z.string());
const Tags = z.array(z.string());
const Id = z.pipe(z.union([z.string(), z.int()]), z.transform(String));
const Delivered = z.union([z.object({ ticket_id: Id }), z.object({ type: z.string() })]);
const Created = z.object({ id: z.string(), detail: z.object({ id: Id }) });
const Ticket = z.object({ subject: Text, requester_id: Int, tags: Tags, updated_at: z.string() });
const User = z.object({ id: Int, role: Text, locale: Text });
const Shown = z.object({ ticket: Ticket, users: z.nullish(z.array(User)) });
const Files = z.nullish(z.array(z.object({ file_name: z.string(), size: Int, content_url: Text })));
const Comment = z.object({ id: Id, body: Text, html_body: Text, attachments: Files });
const Page = z.object({ comments: z.array(Comment) });
const Event = z.object({ id: Id, type: z.string() });
const Updated = z.object({ audit: z.nullish(z.object({ events: z.array(Event) })) });
const textOf = ({ html_body, body }: z.infer<typeof Comment>) => html_body ?? body ?? "";

/** Zendesk Support. Takes HTML; an internal note is a comment that is not public. */
export const zendesk = defineConnector({
  name: "zendesk",
  settings: Settings,
  ticketId: /^[1-9]\d{0,14}$/,
  internalNotes: true,
  proof: ({ secrets }) => hmac(SCHEME, secrets),
  ping: { body: { type: "zen:event-type:ticket.status_changed" } },

  parse(body) {
    const event = Delivered.parse(body);
    if ("ticket_id" in event) return { ticketId: event.ticket_id, deliveryId: null, ticket: null };
    if (event.type !== "zen:event-type:ticket.created") return { ignored: "another event" };
    const { id, detail } = Created.parse(body);
    return { ticketId: detail.id, deliveryId: id, ticket: null };
  },

  readTicket: (settings) => async (http, ticketId) => {
    const api = openApi(http, settings);
    const { ticket, users } = await api.get(`tickets/${ticketId}?include=users`, Shown);
    const { comments } = await api.get(`tickets/${ticketId}/comments?page[size]=30`, Page);
    const read = comments.filter((each) => !isOurs(textOf(each))).slice(0, 21);
    const listed = read.flatMap(({ attachments }) => attachments ?? []);
    const files = listed.map(({ file_name: name, size = null, content_url }): Attachment => {
      return { name, size, source: sourceAt(content_url, settings) };
    });
    const more = files.length > 0 ? { attachments: await readAttachments(http, files) } : {};
    const locale = users?.find(({ id }) => id === ticket.requester_id)?.locale ?? null;
    const body = read.map(textOf).join("\n");
    return { subject: ticket.subject ?? "", body, format: "html", locale, ...more };
  },

  async postComment(http, settings, { ticketId, comment, visibility, marker }) {
    const api = openApi(http, settings);
    const tags = settings.setsTags ? await withTags(api, ticketId, comment.tags) : {};
    // HTML comments are taken out, so the marker is there to be seen. 64 KiB fit.
    const html_body = `${format(comment, "html", 20_000)}\n<p>${marker}</p>`;
    const update = { comment: { html_body, public: visibility === "public" } };
    const sent = await orWithoutLabel({ connector: "zendesk", id: ticketId }, tags, (label) =>
      api.send("PUT", `tickets/${ticketId}`, { ticket: { ...update, ...label } }),
    );
    const { audit } = readJson(sent, Updated);
    return audit?.events.find(({ type }) => type === "Comment")?.id ?? null;
  },

  async findComment(http, settings, ticketId, marker) {
    const newest = `tickets/${ticketId}/comments?page[size]=100&sort=-created_at`;
    const { comments } = await openApi(http, settings).get(newest, Page);
    return comments.find((each) => textOf(each).includes(marker))?.id;
  },

  async check(http, settings) {
    const { user } = await openApi(http, settings).get("users/me", z.object({ user: User }));
    return user.role === "end-user" ? ["The token is wrong, or its user is no agent."] : [];
  },
});

/** A write replaces all tags; it is refused when somebody else wrote meanwhile. */
async function withTags(api: Api, ticketId: string, own: readonly string[]) {
  const { ticket } = await api.get(`tickets/${ticketId}`, Shown);
  const others = ticket.tags.filter((tag) => tag !== CONTACT_MICROSOFT);
  const tags = [...new Set([...others, ...own])];
  return { tags, safe_update: true, updated_stamp: ticket.updated_at };
}
