import * as z from "zod/mini";
import { CONTACT_MICROSOFT } from "../../../comment/tags.ts";
import type { Secret } from "../../../webhook/secrets.ts";
import { sharedToken } from "../../../webhook/shared-token.ts";
import type { Access, Api } from "../../client/api.ts";
import { refused } from "../../client/failures.ts";
import { Text } from "../../client/schemas.ts";
import { hintUnless } from "../../client/set-up.ts";
import { basicLogin, rootOf } from "../../client/settings.ts";
import { parseTicketNamed } from "../../client/ticket-created.ts";
import type { Connector, TicketSystem } from "../../connector.ts";
import { toPosted, toVisibility } from "../../posted-comment.ts";

/** What its products do not share. */
interface Product {
  readonly secrets: readonly Secret[];
  readonly setsTags: boolean;
  /** How a delivery names a ticket; the group is its id. */
  readonly namedAs: RegExp;
  /** What must be asked for to read a ticket's tags. */
  readonly tagsQuery: string;
  /** The schema of an answer; a product may put the name of the thing around it. */
  wrap<T>(name: string, schema: z.ZodMiniType<T>): z.ZodMiniType<T>;
}

const File = z.object({ name: z.string(), size: z.nullish(z.number()), attachment_url: Text });
const Files = z.nullish(z.array(File));
const Ticket = z.object({
  subject: Text,
  description: Text,
  deleted: z.nullish(z.boolean()),
  requester: z.nullish(z.object({ language: Text })),
  attachments: Files,
  tags: z.nullish(z.array(z.string())),
});
const Note = z.object({
  id: z.int(),
  body: Text,
  private: z.nullish(z.boolean()),
  attachments: Files,
  created_at: Text,
});
type Note = z.infer<typeof Note>;

const PER_PAGE = 50;
const MAX_PAGES = 20;

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

  const readNotes = (ticketId: string, page: number) => {
    const path = `tickets/${ticketId}/conversations?per_page=${PER_PAGE}&page=${page}`;
    return api.get(path, wrap("conversations", z.array(Note)));
  };

  async function write(method: "POST" | "PUT", path: string, fields: object) {
    const note = await api.change(method, path, fields, wrap("conversation", Note));
    return toPosted(note.id, note.private);
  }

  async function findNote(ticketId: string, fits: (note: Note) => boolean | undefined) {
    for (let page = 1; ; page++) {
      const notes = await readNotes(ticketId, page);
      const found = notes.find(fits);
      if (found || notes.length < PER_PAGE || page === MAX_PAGES) return found;
    }
  }

  const readTags = async (ticketId: string) =>
    (await api.get(`tickets/${ticketId}${tagsQuery}`, wrap("ticket", Ticket))).tags;

  /** A storage service holds the files under signed addresses. It rejects requests with our key. */
  const toFiles = (files: z.infer<typeof Files>) =>
    (files ?? []).map(({ attachment_url, ...file }) => api.fileAt(file, attachment_url));

  return {
    proof: sharedToken({ in: "header", name: "x-hresult-token" }, product.secrets),

    parse(body) {
      const event = parseTicketNamed(body);
      if ("ignored" in event) return event;
      return { ...event, ticketId: namedAs.exec(event.ticketId)?.[1] ?? "" };
    },

    async readTicket(ticketId) {
      const ticket = await api.get(`tickets/${ticketId}?include=requester`, wrap("ticket", Ticket));
      if (ticket.deleted) throw refused("the ticket is deleted");
      // Their order is not documented.
      const notes = (await readNotes(ticketId, 1)).sort((a, b) => a.id - b.id);
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

    postComment({ ticketId, text, visibility }) {
      const fields = { body: text, private: visibility === "internal" };
      return write("POST", `tickets/${ticketId}/notes`, fields);
    },

    async visibilityOf(ticketId, noteId) {
      const note = await findNote(ticketId, ({ id }) => `${id}` === noteId);
      return note && toVisibility(note.private);
    },

    editComment: ({ text }, id) => write("PUT", `conversations/${id}`, { body: text }),

    // A new note that was deleted would be posted publicly again at the next attempt.
    retract: ({ marker }, id, isEdit) =>
      isEdit
        ? api.send("DELETE", `conversations/${id}`)
        : api.send("PUT", `conversations/${id}`, { body: `<p>${marker}</p>` }),

    async findComment(ticketId, marker) {
      const found = await findNote(ticketId, ({ body }) => body?.includes(marker));
      if (found === undefined) return undefined;
      const isRetracted = found.body?.replace(/<[^>]*>/g, "").trim() === marker;
      return { ...toPosted(found.id, found.private !== false, found.created_at), isRetracted };
    },

    async check() {
      const tickets = await api.get("tickets?per_page=1", wrap("tickets", z.array(z.unknown())));
      return hintUnless(
        tickets.length > 0,
        "The agent sees no ticket of the last 30 days. Is there none?",
      );
    },
  };
}
