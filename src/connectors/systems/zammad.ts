import * as z from "zod/mini";
import { type Failure, toFailure } from "../../failure.ts";
import { hubSignature } from "../../webhook/hub-signature.ts";
import { TextSecrets } from "../../webhook/secrets.ts";
import type { Api } from "../client/api.ts";
import { isRefusal, refused } from "../client/failures.ts";
import { pictureAddresses } from "../client/inline-pictures.ts";
import { Anything, formatOf, Id, Text } from "../client/schemas.ts";
import { hintUnless } from "../client/set-up.ts";
import { BaseUrl, OffByDefault, OnByDefault, rootOf, Token } from "../client/settings.ts";
import type { Message } from "../connector.ts";
import { defineConnector } from "../define-connector.ts";
import { toPosted } from "../posted-comment.ts";
import { isOurs } from "../read-ticket.ts";

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
const Tags = z.object({ tags: z.nullish(z.array(z.string())) });
const User = z.object({ preferences: z.nullish(z.object({ locale: Text })) });
const File = z.object({
  id: z.int(),
  filename: z.string(),
  size: z.nullish(z.coerce.number()),
  preferences: z.nullish(z.object({ "original-format": Anything })),
});
const Note = z.object({ id: z.int(), internal: z.boolean(), subject: Text, created_at: Text });
const Article = z.extend(Note, {
  sender: Text,
  body: Text,
  content_type: Text,
  attachments: z.nullish(z.array(File)),
});

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
      const content = { subject: null, format: "text", messages: [message] } as const;
      return { isFollowUp: true, ticketId: ticket.id, deliveryId, content };
    },

    async readTicket(id) {
      const { title, customer_id } = await api.get(`tickets/${id}`, Ticket);
      const articles = await api.get(articlesPath(id), z.array(Article));
      const { preferences } = await api.get(`users/${customer_id}`, User);
      const labels = await readTags(api, id);
      // Leaves automatic replies out.
      const messages = articles
        .filter(({ sender, subject }) => sender !== "System" && !isOurs(subject ?? ""))
        .sort((a, b) => a.id - b.id)
        .map((article) => toMessage(api, id, article));
      return { subject: title, format: "text", messages, locale: preferences?.locale, labels };
    },

    /** Leaves out tags that Zammad refuses, as where agents may not create new ones. */
    async setLabels({ ticketId, comment }) {
      if (!settings.ZAMMAD_TAGS) return;
      let refusal: Failure | null = null;
      for (const item of comment.tags) {
        const tag = { item, object: "Ticket", o_id: Number(ticketId) };
        try {
          await api.send("POST", "tags/add", tag);
        } catch (error) {
          refusal = toFailure(error);
          if (refusal.code === "ticket_system_denied") await requireAgent(api, ticketId);
          else if (!isRefusal(refusal)) throw error;
        }
      }
      if (refusal) throw refused(refusal.message);
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

const articlesPath = (ticketId: string) => `ticket_articles/by_ticket/${ticketId}`;

/** None where Zammad refuses to tell them, as to a user who is no agent. */
async function readTags(api: Api, ticketId: string) {
  try {
    return (await api.get(`tags?object=Ticket&o_id=${ticketId}`, Tags)).tags;
  } catch (error) {
    const failure = toFailure(error);
    if (isRefusal(failure) || failure.code === "ticket_system_denied") return [];
    throw error;
  }
}

function toMessage(api: Api, ticketId: string, article: z.infer<typeof Article>): Message {
  const { id, body: text, content_type, attachments } = article;
  // Zammad attaches the HTML original of a mail, too.
  const own = (attachments ?? []).filter((each) => !each.preferences?.["original-format"]);
  const files = own.map(({ id: file, filename: name, size }) =>
    api.file({ name, size }, `ticket_attachment/${ticketId}/${id}/${file}`),
  );
  const pictures = inlineFiles(text ?? "", ticketId, id).map((file) =>
    api.file(PASTED, `ticket_attachment/${ticketId}/${id}/${file}`),
  );
  return { text, format: formatOf(content_type), files, pictures };
}

/** Zammad tells neither name nor type of a picture that was pasted into a text. */
const PASTED = { name: "picture", type: "image/png" };

/** The files of an article that its text shows. Zammad leaves them out of the attachments. */
function inlineFiles(html: string, ticketId: string, articleId: number): string[] {
  return pictureAddresses(html).flatMap((address) => {
    const [, ticket, article, file] = INLINE.exec(address) ?? [];
    return ticket === ticketId && article === `${articleId}` && file ? [file] : [];
  });
}

const INLINE = /^\/api\/v1\/ticket_attachment\/(\d+)\/(\d+)\/(\d+)(?:\?view=inline)?$/;

/** Fails unless the service user is an agent: notes of other users are always public. */
async function requireAgent(api: Api, ticketId: string) {
  const { customer_id } = await api.get(`tickets/${ticketId}`, Ticket);
  // Only agents may read the history of a user, in every version.
  await api.get(`users/history/${customer_id}`, z.unknown());
}
