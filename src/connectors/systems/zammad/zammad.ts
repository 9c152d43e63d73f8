import * as z from "zod/mini";
import { hubSignature } from "../../../webhook/hub-signature.ts";
import { TextSecrets } from "../../../webhook/secrets.ts";
import { formatOf, Id, Text } from "../../client/schemas.ts";
import { hintUnless } from "../../client/set-up.ts";
import { BaseUrl, OffByDefault, OnByDefault, rootOf, Token } from "../../client/settings.ts";
import { furtherMessage } from "../../client/ticket-created.ts";
import { defineConnector } from "../../define-connector.ts";
import { toPosted } from "../../posted-comment.ts";
import { articlesPath, Note, readMessages } from "./articles.ts";
import { addTags, readTags } from "./tags.ts";

const Ids = z.array(z.coerce.number());
const Named = z.object({ id: Id, article_ids: z.nullish(Ids) });
const Cause = z.object({
  id: z.nullish(z.coerce.number()),
  sender: Text,
  body: Text,
  content_type: Text,
});
const Delivered = z.object({ ticket: Named, article: z.nullish(Cause) });
const Ticket = z.object({ title: Text, customer_id: z.int() });
const User = z.object({ preferences: z.nullish(z.object({ locale: Text })) });

/** Zammad. Customers do not see an internal note. */
export const zammad = defineConnector({
  name: "zammad",
  settings: z.object({
    ZAMMAD_URL: BaseUrl,
    ZAMMAD_TOKEN: Token,
    ZAMMAD_SHA1_SECRETS: TextSecrets,
    ZAMMAD_TAGS: OnByDefault,
    /** Whether tickets that an agent opens, as for a caller on the phone, count as well. */
    ZAMMAD_AGENT_TICKETS: OffByDefault,
  }),
  ticketId: /^[1-9]\d{0,9}$/,
  ticketPage: ({ ZAMMAD_URL }, id) => rootOf(ZAMMAD_URL, `#ticket/zoom/${id}`),
  // Zammad's limit. The marker is the subject of the note.
  comment: { markup: "html", maxLength: 1_500_000, marker: "apart", internal: true },
  ping: { body: { ticket: { id: 1 } } },
  access: ({ ZAMMAD_URL, ZAMMAD_TOKEN }) => ({
    root: rootOf(ZAMMAD_URL, "api/v1/"),
    headers: { authorization: `Token token=${ZAMMAD_TOKEN}` },
  }),

  connect: ({ settings, api }) => ({
    // Zammad supports no other hash, and signs no time.
    proof: hubSignature("x-hub-signature", settings.ZAMMAD_SHA1_SECRETS, "sha1"),

    parse(body, { headers }) {
      const { ticket, article } = Delivered.parse(body);
      const { sender } = article ?? {};
      const isPerson =
        sender === "Customer" || (sender === "Agent" && settings.ZAMMAD_AGENT_TICKETS);
      if (!article || !isPerson) return { ignored: "no article of a customer" };
      const first = Math.min(...(ticket.article_ids ?? []));
      const deliveryId = headers.get("x-zammad-delivery");
      if ((article.id ?? 0) <= first) return { ticketId: ticket.id, deliveryId };
      if (sender !== "Customer") return { ignored: "not the first article" };
      const message = { text: article.body, format: formatOf(article.content_type) };
      return furtherMessage({ ticketId: ticket.id, deliveryId }, message);
    },

    async readTicket(id) {
      const { title, customer_id } = await api.get(`tickets/${id}`, Ticket);
      const messages = await readMessages(api, id);
      const { preferences } = await api.get(`users/${customer_id}`, User);
      const labels = await readTags(api, id);
      return { subject: title, format: "text", messages, locale: preferences?.locale, labels };
    },

    async setLabels({ ticketId, comment }) {
      if (settings.ZAMMAD_TAGS) await addTags(api, ticketId, comment.tags);
    },

    async postComment({ ticketId, text, marker, visibility }) {
      const article = {
        ticket_id: Number(ticketId),
        subject: marker,
        body: text,
        content_type: "text/html",
        type: "note",
        sender: "Agent",
        internal: visibility === "internal",
      };
      const { id, internal } = await api.change("POST", "ticket_articles", article, Note);
      return toPosted(id, internal);
    },

    async findComment(ticketId, marker) {
      const notes = await api.get(articlesPath(ticketId), z.array(Note));
      const found = notes.find(({ subject }) => subject === marker);
      return found && toPosted(found.id, found.internal, found.created_at);
    },

    retract: (_, id) => api.send("DELETE", `ticket_articles/${id}`),

    async check() {
      const tickets = await api.get("tickets?per_page=1", z.array(z.unknown()));
      return hintUnless(
        tickets.length > 0,
        "The user sees no ticket. Is there none, or is it no agent?",
      );
    },
  }),
});
