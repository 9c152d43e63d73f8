import * as z from "zod/mini";
import { CONTACT_MICROSOFT } from "../../../comment/tags.ts";
import { hmac } from "../../../webhook/signature.ts";
import { clientCredentials, oauthToken } from "../../client/oauth.ts";
import { Id, Text } from "../../client/schemas.ts";
import { faultUnless } from "../../client/set-up.ts";
import {
  BaseUrl,
  basicLogin,
  OnByDefault,
  requireOneOf,
  rootOf,
  Token,
} from "../../client/settings.ts";
import { defineConnector } from "../../define-connector.ts";
import { Comments, textOf, toMessage } from "./comments.ts";
import { parse, SCHEME, Secrets } from "./deliveries.ts";

const Int = z.nullish(z.int());
const Ticket = z.object({
  subject: Text,
  requester_id: Int,
  tags: z.array(z.string()),
  updated_at: z.string(),
});
const User = z.object({ id: Int, role: Text, locale: Text });
const Shown = z.object({ ticket: Ticket, users: z.nullish(z.array(User)) });
const Current = z.object({ token: z.object({ scopes: z.array(z.string()) }) });
const Event = z.object({ id: Id, type: z.string() });
const Updated = z.object({ audit: z.nullish(z.object({ events: z.array(Event) })) });

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
      ZENDESK_SECRETS: Secrets,
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
    const fields = { ...clientCredentials(id, secret), scope: "read tickets:write" };
    const token = oauthToken(http, endpoint, fields, "json");
    return { root, headers: {}, token };
  },

  connect: ({ settings, api }) => ({
    proof: hmac(SCHEME, settings.ZENDESK_SECRETS),
    parse,

    async readTicket(ticketId) {
      const { ticket, users } = await api.get(`tickets/${ticketId}?include=users`, Shown);
      const { comments } = await api.get(`tickets/${ticketId}/comments?page[size]=30`, Comments);
      const { origin } = rootOf(settings.ZENDESK_URL);
      return {
        subject: ticket.subject,
        format: "html",
        messages: comments.map((comment) => toMessage(api, comment, origin)),
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
      const { comments } = await api.get(newest, Comments);
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
