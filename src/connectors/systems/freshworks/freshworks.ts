import * as z from "zod/mini";
import { CONTACT_MICROSOFT } from "../../../comment/tags.ts";
import type { Secret } from "../../../webhook/secrets.ts";
import { headerToken } from "../../../webhook/shared-token.ts";
import type { Access, Api } from "../../client/api.ts";
import { refused } from "../../client/failures.ts";
import { Text } from "../../client/schemas.ts";
import { hintUnless } from "../../client/set-up.ts";
import { basicLogin, rootOf } from "../../client/settings.ts";
import { parseTicketNamed } from "../../client/ticket-created.ts";
import type { Connector, TicketSystem } from "../../connector.ts";
import { Files, notesOf, readNotes, type Wrap } from "./notes.ts";

/** What its products do not share. */
interface Product {
  readonly secrets: readonly Secret[];
  readonly setsTags: boolean;
  /** How a delivery names a ticket; the group is its id. */
  readonly namedAs: RegExp;
  /** What must be asked for to read a ticket's tags. */
  readonly tagsQuery: string;
  readonly wrap: Wrap;
}

const Ticket = z.object({
  subject: Text,
  description: Text,
  deleted: z.nullish(z.boolean()),
  requester: z.nullish(z.object({ language: Text })),
  attachments: Files,
  tags: z.nullish(z.array(z.string())),
});

/** What the helpdesks of Freshworks share. */
export const FACTS = {
  ticketId: /^[1-9]\d{0,14}$/,
  // No limit is documented; this much fits into 64 KiB in any script. A comment of HTML would be
  // taken out.
  comment: { markup: "html", maxLength: 20_000, marker: "last-line", internal: true },
  ping: { body: { event: "ticket.updated" } },
} as const satisfies Partial<Connector>;

export function accessTo(url: string, key: string): Access {
  const headers = { authorization: basicLogin(key, "X"), accept: "application/json" };
  return { root: rootOf(url, "api/v2/"), headers };
}

/** A helpdesk of Freshworks. The requester does not see a private note. */
export function connectFreshworks(api: Api, product: Product): TicketSystem {
  const { namedAs, tagsQuery, wrap } = product;

  const readTags = async (ticketId: string) =>
    (await api.get(`tickets/${ticketId}${tagsQuery}`, wrap("ticket", Ticket))).tags;

  /** A storage service holds the files under signed addresses. It rejects requests with our key. */
  const toFiles = (files: z.infer<typeof Files>) =>
    (files ?? []).map(({ attachment_url, ...file }) => api.fileAt(file, attachment_url));

  return {
    proof: headerToken(product.secrets),

    parse(body) {
      const event = parseTicketNamed(body);
      if ("ignored" in event) return event;
      return { ...event, ticketId: namedAs.exec(event.ticketId)?.[1] ?? "" };
    },

    async readTicket(ticketId) {
      const ticket = await api.get(`tickets/${ticketId}?include=requester`, wrap("ticket", Ticket));
      if (ticket.deleted) throw refused("the ticket is deleted");
      const notes = (await readNotes(api, wrap, ticketId)).sort((a, b) => a.id - b.id);
      return {
        subject: ticket.subject,
        format: "html",
        messages: [
          ticket.description,
          ...notes.map(({ body, attachments }) => ({ text: body, files: toFiles(attachments) })),
        ],
        files: toFiles(ticket.attachments),
        locale: ticket.requester?.language,
        labels: tagsQuery === "" ? ticket.tags : await readTags(ticketId),
      };
    },

    /**
     * A write replaces the whole list, so the list is read first. Freshworks refuses the write while
     * another mandatory field of the ticket is empty.
     */
    async setLabels({ ticketId, comment: { tags: own } }) {
      if (!product.setsTags) return;
      const tags = await readTags(ticketId);
      if (!tags) return;
      const kept = tags.filter((tag) => tag !== CONTACT_MICROSOFT || own.includes(tag));
      const added = own.filter((tag) => !kept.includes(tag));
      if (kept.length === tags.length && added.length === 0) return;
      await api.send("PUT", `tickets/${ticketId}`, { tags: [...kept, ...added] });
    },

    ...notesOf(api, wrap),

    async check() {
      const tickets = await api.get("tickets?per_page=1", wrap("tickets", z.array(z.unknown())));
      return hintUnless(
        tickets.length > 0,
        "The agent sees no ticket of the last 30 days. Is there none?",
      );
    },
  };
}
