import * as z from "zod/mini";
import { CONTACT_MICROSOFT } from "../../comment/tags.ts";
import { TextSecrets } from "../../webhook/secrets.ts";
import { type HmacScheme, hmac } from "../../webhook/signature.ts";
import { createAccessToken, requestGrant } from "../client/access-token.ts";
import { pictureAddresses } from "../client/inline-pictures.ts";
import { Id, Text } from "../client/schemas.ts";
import { faultUnless } from "../client/set-up.ts";
import {
  BaseUrl,
  basicLogin,
  OnByDefault,
  requireOneOf,
  rootOf,
  Token,
} from "../client/settings.ts";
import type { IgnoredEvent, TicketEvent } from "../connector.ts";
import { defineConnector } from "../define-connector.ts";

/** Signs test deliveries of a webhook that is not saved yet. Zendesk's manual publishes it. */
const TEST_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==";
const isKnown = (secret: Uint8Array) => new TextDecoder().decode(secret) === TEST_SECRET;

const SCHEME: HmacScheme = {
  header: "x-zendesk-webhook-signature",
  hash: "SHA-256",
  encoding: "base64",
  prefix: "",
  signed: ["<x-zendesk-webhook-signature-timestamp>", "body"],
  timestamp: { header: "x-zendesk-webhook-signature-timestamp", form: "date" },
};

const Int = z.nullish(z.int());
const Delivered = z.union([z.object({ ticket_id: Id }), z.object({ type: z.string() })]);
const Created = z.object({ id: z.string(), detail: z.object({ id: Id }) });
const Author = z.object({ id: Id, is_staff: z.nullish(z.boolean()) });
const Commented = z.object({
  id: z.string(),
  detail: z.object({ id: Id, requester_id: Id }),
  event: z.object({ comment: z.object({ body: Text, author: Author }) }),
});
const Ticket = z.object({
  subject: Text,
  requester_id: Int,
  tags: z.array(z.string()),
  updated_at: z.string(),
});
const User = z.object({ id: Int, role: Text, locale: Text });
const Shown = z.object({ ticket: Ticket, users: z.nullish(z.array(User)) });
const File = z.object({ file_name: z.string(), size: Int, content_url: Text });
const Comment = z.object({
  id: Id,
  body: Text,
  html_body: Text,
  attachments: z.nullish(z.array(File)),
});
const Page = z.object({ comments: z.array(Comment) });
const Current = z.object({ token: z.object({ scopes: z.array(z.string()) }) });
const Event = z.object({ id: Id, type: z.string() });
const Updated = z.object({ audit: z.nullish(z.object({ events: z.array(Event) })) });
const textOf = ({ html_body, body }: z.infer<typeof Comment>) => html_body ?? body ?? "";

/** Zendesk Support. An internal note is a comment that is not public. */
export const zendesk = defineConnector({
  name: "zendesk",
  settings: z
    .object({
      ZENDESK_URL: BaseUrl,
      ZENDESK_CLIENT_ID: z.optional(Token),
      ZENDESK_CLIENT_SECRET: z.optional(Token),
      /** API tokens and their users end on 2027-04-30. */
      ZENDESK_USER: z.optional(Token),
      ZENDESK_TOKEN: z.optional(Token),
      ZENDESK_SECRETS: TextSecrets.check(z.refine((all) => !all.some(isKnown), "a public secret")),
      ZENDESK_TAGS: OnByDefault,
    })
    .check(requireOneOf(["ZENDESK_TOKEN"], ["ZENDESK_CLIENT_ID", "ZENDESK_CLIENT_SECRET"])),
  ticketId: /^[1-9]\d{0,14}$/,
  ticketPage: ({ ZENDESK_URL }, id) => rootOf(ZENDESK_URL, `agent/tickets/${id}`),
  // Zendesk removes HTML comments. It accepts 64 KiB; this many characters fit in any script.
  comment: { markup: "html", maxLength: 20_000, marker: "last-line", internal: true },
  ping: { body: { type: "zen:event-type:ticket.status_changed" } },

  access(settings, http) {
    const { ZENDESK_CLIENT_ID: id, ZENDESK_CLIENT_SECRET: secret } = settings;
    const { ZENDESK_USER: user, ZENDESK_TOKEN: key = "" } = settings;
    const root = rootOf(settings.ZENDESK_URL, "api/v2/");
    if (!id || !secret) {
      return {
        root,
        headers: { authorization: user ? basicLogin(`${user}/token`, key) : `Bearer ${key}` },
      };
    }
    const endpoint = rootOf(settings.ZENDESK_URL, "oauth/tokens");
    const client = { grant_type: "client_credentials", client_id: id, client_secret: secret };
    const fields = { ...client, scope: "read tickets:write" };
    const token = createAccessToken(() => requestGrant(http, endpoint, fields, "json"));
    return { root, headers: {}, token };
  },

  connect: ({ settings, api }) => ({
    proof: hmac(SCHEME, settings.ZENDESK_SECRETS),

    parse(body) {
      const event = Delivered.parse(body);
      if ("ticket_id" in event) return { ticketId: event.ticket_id };
      if (event.type === "zen:event-type:ticket.comment_added") return parseComment(body);
      if (event.type !== "zen:event-type:ticket.created") return { ignored: "another event" };
      const { id, detail } = Created.parse(body);
      return { ticketId: detail.id, deliveryId: id };
    },

    async readTicket(ticketId) {
      const { ticket, users } = await api.get(`tickets/${ticketId}?include=users`, Shown);
      const { comments } = await api.get(`tickets/${ticketId}/comments?page[size]=30`, Page);
      return {
        subject: ticket.subject,
        format: "html",
        messages: comments.map((comment) => ({
          text: textOf(comment),
          pictures: inlinePictures(textOf(comment), settings.ZENDESK_URL).map((address) =>
            api.fileAt(PASTED, address),
          ),
          files: (comment.attachments ?? []).map(({ file_name: name, size, content_url }) =>
            api.fileAt({ name, size }, content_url),
          ),
        })),
        locale: users?.find(({ id }) => id === ticket.requester_id)?.locale,
        labels: ticket.tags,
      };
    },

    /** A write replaces all tags. `safe_update` refuses it if the ticket has changed in between. */
    async labelFields({ ticketId, comment }) {
      if (!settings.ZENDESK_TAGS) return {};
      const { ticket } = await api.get(`tickets/${ticketId}`, Shown);
      const others = ticket.tags.filter((tag) => tag !== CONTACT_MICROSOFT);
      const tags = [...new Set([...others, ...comment.tags])];
      return { tags, safe_update: true, updated_stamp: ticket.updated_at };
    },

    async postComment({ ticketId, text, visibility }, tags) {
      const comment = { html_body: text, public: visibility === "public" };
      const update = { ticket: { comment, ...tags } };
      const { audit } = await api.change("PUT", `tickets/${ticketId}`, update, Updated);
      return { id: audit?.events.find(({ type }) => type === "Comment")?.id ?? null };
    },

    async findComment(ticketId, marker) {
      const newest = `tickets/${ticketId}/comments?page[size]=100&sort=-created_at`;
      const { comments } = await api.get(newest, Page);
      return comments.find((each) => textOf(each).includes(marker));
    },

    async check() {
      const { user } = await api.get("users/me", z.object({ user: User }));
      if (user.role === "end-user") {
        return faultUnless(false, "The token is wrong, or its user is no agent.");
      }
      // An API token has no scopes, and acts as its user.
      if (settings.ZENDESK_USER && !settings.ZENDESK_CLIENT_ID) return [];
      const { token } = await api.get("oauth/tokens/current", Current);
      const mayWrite = token.scopes.some((scope) => /^(?:tickets:)?write$/.test(scope));
      return faultUnless(mayWrite, "The token may only read: it needs the scope tickets:write.");
    },
  }),
});

const INLINE_PATH = /^\/attachments\/token\/[A-Za-z0-9]+\/?$/;
/** The type of a picture that was pasted into a text shows when it is read. */
const PASTED = { name: "picture", type: "image/png" };

/** The addresses at which Zendesk itself serves the pictures of a text. */
function inlinePictures(html: string, url: string): string[] {
  const { origin } = new URL(url);
  return pictureAddresses(html).flatMap((address) => {
    const found = URL.parse(address, origin);
    const isOwn = found?.origin === origin && INLINE_PATH.test(found.pathname);
    return isOwn ? [found.href] : [];
  });
}

/** A further message by the requester. */
function parseComment(payload: unknown): TicketEvent | IgnoredEvent {
  const { id: deliveryId, detail, event } = Commented.parse(payload);
  const { body, author } = event.comment;
  if (author.is_staff || author.id !== detail.requester_id) {
    return { ignored: "no message of the requester" };
  }
  const content = { subject: null, format: "text", messages: [body] } as const;
  return { isFollowUp: true, ticketId: detail.id, deliveryId, content };
}
