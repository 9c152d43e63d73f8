import * as z from "zod/mini";
import { CONTACT_MICROSOFT } from "../../../comment/tags.ts";
import type { Secret } from "../../../webhook/secrets.ts";
import { sharedToken } from "../../../webhook/shared-token.ts";
import { type Attachment, readAttachments, sourceAt } from "../../client/attachments.ts";
import { refused } from "../../client/failures.ts";
import type { Http } from "../../client/http.ts";
import { type Access, type Api, openApi } from "../../client/rest.ts";
import { basicLogin, rootOf } from "../../client/settings.ts";
import { type Connector, isOurs, type Posting } from "../../connector.ts";
import { unlessRefused } from "../../labels.ts";
import { Files, type Listed, openNotes, Text, type Wrap } from "./notes.ts";

/** What its products do not share. */
interface Product {
  readonly name: string;
  readonly settings: z.ZodMiniType<Settings, unknown>;
  /** How a delivery names a ticket; the group is its id. */
  readonly namedAs: RegExp;
  readonly wrap: Wrap;
  /** What must be asked for to read a ticket's tags. */
  readonly tagsQuery: string;
}

type Settings = ReturnType<typeof toSettings>;

/** Where a product is, what opens it, and what its deliveries bear. */
export function toSettings(url: string, key: string, secrets: readonly Secret[], tags: boolean) {
  const headers = { authorization: basicLogin(key, "X"), accept: "application/json" };
  const root = rootOf(url, "api/v2/");
  return { root, headers, secrets, setsTags: tags };
}

const Sent = z.object({ event: z.string(), ticket_id: z.nullish(z.union([z.string(), z.int()])) });
const Ticket = z.object({
  subject: Text,
  description: Text,
  deleted: z.nullish(z.boolean()),
  requester: z.nullish(z.object({ language: Text })),
  attachments: Files,
  tags: z.nullish(z.array(z.string())),
});

/** A helpdesk of Freshworks. Takes HTML; the requester does not see a private note. */
export function freshworks(product: Product): Connector<Settings> {
  const { name, settings, namedAs, wrap, tagsQuery } = product;

  /** A write replaces the whole list: it is read first, and left alone when nothing changes. */
  async function setTags(api: Api, ticketId: string, own: readonly string[]) {
    const path = `tickets/${ticketId}`;
    const { tags } = await api.get(path + tagsQuery, wrap("ticket", Ticket));
    if (!tags) return;
    const kept = tags.filter((tag) => tag !== CONTACT_MICROSOFT || own.includes(tag));
    const added = own.filter((tag) => !kept.includes(tag));
    if (kept.length === tags.length && added.length === 0) return;
    // As where another field of the ticket must be filled first.
    const setting = api.send("PUT", path, { tags: [...kept, ...added] });
    await unlessRefused({ connector: name, id: ticketId }, setting);
  }

  /** The notes of a ticket, whose tags are set first when one is to be written. */
  async function notesOf(http: Http, access: Settings, { ticketId, comment }: Posting) {
    const api = openApi(http, access);
    if (access.setsTags) await setTags(api, ticketId, comment.tags);
    return openNotes(api, wrap, ticketId);
  }

  return {
    name,
    settings,
    ticketId: /^[1-9]\d{0,14}$/,
    internalNotes: true,
    proof: ({ secrets }) => sharedToken({ in: "header", name: "x-hresult-token" }, secrets),
    ping: { body: { event: "ticket.updated" } },

    parse(body) {
      const { event, ticket_id } = Sent.parse(body);
      if (event !== "ticket.created") return { ignored: "another event" };
      return { ticketId: namedAs.exec(`${ticket_id}`)?.[1] ?? "", deliveryId: null, ticket: null };
    },

    readTicket: (access) => async (http, ticketId) => {
      const api = openApi(http, access);
      const ticket = await api.get(`tickets/${ticketId}?include=requester`, wrap("ticket", Ticket));
      if (ticket.deleted) throw refused("the ticket is deleted");
      const page = await openNotes(api, wrap, ticketId).page(1);
      const notes = page.filter(({ body }) => !isOurs(body ?? ""));
      // Nothing says in which order they come.
      const read = notes.sort((a, b) => a.id - b.id).slice(0, 20);
      const body = [ticket.description, ...read.map((each) => each.body)].join("\n");
      const files = [ticket, ...read].flatMap(({ attachments }) => attachments ?? []);
      const locale = ticket.requester?.language ?? null;
      const attachments = await readAttachments(http, files.map(toFile(access)));
      const more = files.length > 0 && { attachments };
      return { subject: ticket.subject ?? "", body, format: "html", locale, ...more };
    },

    async postComment(http, access, posting) {
      return (await notesOf(http, access, posting)).post(posting);
    },

    findComment: (http, access, ticketId, marker, visibility) =>
      openNotes(openApi(http, access), wrap, ticketId).findOurs(marker, visibility),

    async editComment(http, access, posting, commentId) {
      await openNotes(openApi(http, access), wrap, posting.ticketId).mustFit(posting, commentId);
      await (await notesOf(http, access, posting)).edit(posting, commentId);
    },

    async check(http, access) {
      const Tickets = wrap("tickets", z.array(z.unknown()));
      const { length } = await openApi(http, access).get("tickets?per_page=1", Tickets);
      return length > 0 ? [] : ["The agent sees no ticket of the last 30 days."];
    },
  };
}

/** Files lie with a storage service, whose addresses are signed; it refuses a key beside that. */
function toFile(access: Access) {
  return ({ name, size, attachment_url }: Listed): Attachment => {
    return { name, size: size ?? null, source: sourceAt(attachment_url, access) };
  };
}
