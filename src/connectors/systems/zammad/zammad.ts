import * as z from "zod/mini";
import { hubSignature } from "../../../webhook/hub-signature.ts";
import { TextSecrets } from "../../../webhook/secrets.ts";
import { type Attachment, readAttachments } from "../../client/attachments.ts";
import { openApi } from "../../client/rest.ts";
import { BaseUrl, rootOf, Switch, Token } from "../../client/settings.ts";
import { joinTexts } from "../../client/texts.ts";
import { isOurs } from "../../connector.ts";
import { defineConnector } from "../../define-connector.ts";
import { keepInternal, Note, postNote } from "./note.ts";

const Settings = z.pipe(
  z.object({
    ZAMMAD_URL: BaseUrl,
    ZAMMAD_TOKEN: Token,
    ZAMMAD_SHA1_SECRETS: TextSecrets,
    ZAMMAD_TAGS: Switch,
  }),
  z.transform((env) => ({
    root: rootOf(env.ZAMMAD_URL, "api/v1/"),
    headers: { authorization: `Token token=${env.ZAMMAD_TOKEN}` },
    secrets: env.ZAMMAD_SHA1_SECRETS,
    setsTags: env.ZAMMAD_TAGS,
  })),
);

const Text = z.nullish(z.string());
const Size = z.nullish(z.pipe(z.union([z.string(), z.number()]), z.transform(Number)));
const Named = z.object({ id: z.int(), article_ids: z.nullish(z.array(z.int())) });
const Cause = z.object({ id: z.nullish(z.int()), sender: Text });
const Delivered = z.object({ ticket: Named, article: z.nullish(Cause) });
const Ticket = z.object({ title: Text, customer_id: z.int() });
const User = z.object({ preferences: z.nullish(z.object({ locale: Text })) });
const Kind = z.nullish(z.object({ "original-format": z.optional(z.unknown()) }));
const File = z.object({ id: z.int(), filename: z.string(), size: Size, preferences: Kind });
const Files = z.nullish(z.array(File));
const Article = z.extend(Note, {
  sender: Text,
  body: Text,
  content_type: Text,
  attachments: Files,
});

/** Zammad. Takes HTML; customers do not see an internal note. */
export const zammad = defineConnector({
  name: "zammad",
  settings: Settings,
  ticketId: /^[1-9]\d{0,9}$/,
  internalNotes: true,
  // Zammad knows no other hash, and signs no time.
  proof: ({ secrets }) => hubSignature("x-hub-signature", secrets, "sha1"),
  ping: { body: { ticket: { id: 1 } } },

  parse(body, { headers }) {
    const { ticket, article } = Delivered.parse(body);
    if (article?.sender !== "Customer") return { ignored: "no article of a customer" };
    const first = Math.min(...(ticket.article_ids ?? []));
    if ((article.id ?? 0) > first) return { ignored: "not the first article" };
    return { ticketId: `${ticket.id}`, deliveryId: headers.get("x-zammad-delivery"), ticket: null };
  },

  readTicket: (settings) => async (http, ticketId) => {
    const api = openApi(http, settings);
    const { title, customer_id } = await api.get(`tickets/${ticketId}`, Ticket);
    const all = await api.get(`ticket_articles/by_ticket/${ticketId}`, z.array(Article));
    const { preferences } = await api.get(`users/${customer_id}`, User);
    // An automatic reply is nobody's words.
    const people = all.filter((each) => each.sender !== "System" && !isOurs(each.subject ?? ""));
    const read = people.sort((a, b) => a.id - b.id).slice(0, 21);
    const files = read.flatMap(({ id, attachments }) => {
      // A mail in HTML is there a second time, as a file.
      const own = (attachments ?? []).filter((each) => !each.preferences?.["original-format"]);
      return own.map(({ id: file, filename: name, size }): Attachment => {
        const url = new URL(`ticket_attachment/${ticketId}/${id}/${file}`, settings.root);
        return { name, size: size ?? null, source: { url, headers: settings.headers } };
      });
    });
    const more = files.length > 0 ? { attachments: await readAttachments(http, files) } : {};
    const text = joinTexts(read.map((each) => [each.content_type ?? "", each.body]));
    return { subject: title ?? "", ...text, locale: preferences?.locale ?? null, ...more };
  },

  postComment: (http, settings, posting) =>
    postNote(openApi(http, settings), posting, settings.setsTags),

  async findComment(http, settings, ticketId, marker, visibility) {
    const api = openApi(http, settings);
    const notes = await api.get(`ticket_articles/by_ticket/${ticketId}`, z.array(Note));
    const found = notes.find(({ subject }) => subject === marker);
    return found && keepInternal(api, found, visibility);
  },

  async check(http, settings) {
    const tickets = await openApi(http, settings).get("tickets?per_page=1", z.array(z.unknown()));
    return tickets.length > 0 ? [] : ["The service user is no agent, or sees no ticket."];
  },
});
