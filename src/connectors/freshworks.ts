import * as z from "zod/mini";
import { format } from "../comment/format.ts";
import { CONTACT_MICROSOFT } from "../comment/tags.ts";
import { Failure } from "../errors.ts";
import type { Secret } from "../webhook/secrets.ts";
import { sharedToken } from "../webhook/shared-token.ts";
import { type Access, type Api, openApi } from "./api.ts";
import { type Attachment, readAttachments, sourceAt } from "./attachments.ts";
import { type Connector, isOurs, type Posting } from "./connector.ts";
import { type Http, readJson } from "./http.ts";
import { basicLogin, rootOf } from "./settings.ts";

/** What its products do not share. */
interface Product {
  readonly name: string;
  readonly settings: z.ZodMiniType<Settings, unknown>;
  /** How a delivery names a ticket; the group is its id. */
  readonly namedAs: RegExp;
  /** The schema of an answer; a product may put the name of the thing around it. */
  wrap<T>(name: string, schema: z.ZodMiniType<T>): z.ZodMiniType<T>;
}

type Settings = ReturnType<typeof toSettings>;
type Target = [method: "POST" | "PUT", path: string];

/** Where a product is, what opens it, and what its deliveries bear. */
export function toSettings(url: string, key: string, secrets: readonly Secret[], tags: boolean) {
  const headers = { authorization: basicLogin(key, "X"), accept: "application/json" };
  const root = rootOf(url, "api/v2/");
  return { root, headers, secrets, setsTags: tags };
}

const Sent = z.object({ event: z.string(), ticket_id: z.nullish(z.union([z.string(), z.int()])) });
const Text = z.nullish(z.string());
const Flag = z.nullish(z.boolean());
const File = z.object({ name: z.string(), size: z.nullish(z.number()), attachment_url: Text });
const Files = z.nullish(z.array(File));
const Ticket = z.object({
  subject: Text,
  description: Text,
  deleted: Flag,
  requester: z.nullish(z.object({ language: Text })),
  attachments: Files,
  tags: z.nullish(z.array(z.string())),
});
const Note = z.object({ id: z.int(), body: Text, private: Flag, attachments: Files });
const PER_PAGE = 50;
const MAX_PAGES = 20;
/** UTF-16 units. No limit is documented; this much fits into 64 KiB in any script. */
const MAX_LENGTH = 20_000;
const exposed = () => new Failure("ticket_system_denied", "the note did not come out private");

/** A helpdesk of Freshworks. Takes HTML; the requester does not see a private note. */
export function freshworks({ name, settings, namedAs, wrap }: Product): Connector<Settings> {
  const Notes = wrap("conversations", z.array(Note));
  const readPage = (api: Api, id: string, page: number) =>
    api.get(`tickets/${id}/conversations?per_page=${PER_PAGE}&page=${page}`, Notes);

  /** A write replaces the whole list: it is read first, and left alone when nothing changes. */
  async function setTags(api: Api, path: string, own: readonly string[]) {
    const { tags } = await api.get(path, wrap("ticket", Ticket));
    if (!tags) return;
    const kept = tags.filter((tag) => tag !== CONTACT_MICROSOFT || own.includes(tag));
    const added = own.filter((tag) => !kept.includes(tag));
    if (kept.length === tags.length && added.length === 0) return;
    await api.send("PUT", path, { tags: [...kept, ...added] }).catch((error) => {
      // As where another field of the ticket must be filled first; the comment counts for more.
      if (!(error instanceof Failure) || error.code !== "ticket_system_refused") throw error;
    });
  }

  /** Writes a note. One that should be private and is not loses its words. */
  async function write(http: Http, access: Settings, posting: Posting, ...[method, path]: Target) {
    const api = openApi(http, access);
    if (access.setsTags) await setTags(api, `tickets/${posting.ticketId}`, posting.comment.tags);
    // A comment of HTML would be taken out, so the marker is there to be seen.
    const marker = `<p>${posting.marker}</p>`;
    const body = `${format(posting.comment, "html", MAX_LENGTH)}\n${marker}`;
    const isPrivate = posting.visibility === "internal";
    const fields = method === "POST" ? { body, private: isPrivate } : { body };
    const note = readJson(await api.send(method, path, fields), wrap("conversation", Note));
    if (note.private || !isPrivate) return String(note.id);
    // A new one keeps its marker: deleted, it would come out public once more at the next try.
    const own = `conversations/${note.id}`;
    const left = method === "POST" && api.send("PUT", own, { body: marker });
    await (left || api.send("DELETE", own, undefined)).catch(() => null);
    throw exposed();
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

    fetchTicket: (access) => async (http, ticketId) => {
      const api = openApi(http, access);
      const ticket = await api.get(`tickets/${ticketId}?include=requester`, wrap("ticket", Ticket));
      if (ticket.deleted) throw new Failure("ticket_system_refused", "the ticket is deleted");
      const notes = (await readPage(api, ticketId, 1)).filter(({ body }) => !isOurs(body ?? ""));
      // Nothing says in which order they come.
      const read = notes.sort((a, b) => a.id - b.id).slice(0, 20);
      const body = [ticket.description, ...read.map((each) => each.body)].join("\n");
      const files = [ticket, ...read].flatMap(({ attachments }) => attachments ?? []);
      const locale = ticket.requester?.language ?? null;
      const attachments = await readAttachments(http, files.map(toFile(access)));
      const more = files.length > 0 && { attachments };
      return { subject: ticket.subject ?? "", body, format: "html", locale, ...more };
    },

    postComment: (http, access, posting) =>
      write(http, access, posting, "POST", `tickets/${posting.ticketId}/notes`),

    async findComment(http, access, ticketId, marker) {
      for (let page = 1; ; page++) {
        const notes = await readPage(openApi(http, access), ticketId, page);
        const found = notes.find(({ body }) => body?.includes(marker));
        if (found?.body?.replace(/<[^>]*>/g, "").trim() === marker) throw exposed();
        if (found || notes.length < PER_PAGE || page === MAX_PAGES)
          return found && String(found.id);
      }
    },

    async editComment(http, access, posting, commentId) {
      await write(http, access, posting, "PUT", `conversations/${commentId}`);
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
  return ({ name, size, attachment_url }: z.infer<typeof File>): Attachment => {
    return { name, size: size ?? null, source: sourceAt(attachment_url, access) };
  };
}
