import * as z from "zod/mini";
import type { Api } from "../../client/api.ts";
import { Text } from "../../client/schemas.ts";
import type { TicketSystem } from "../../connector.ts";
import { toPosted, toVisibility } from "../../posted-comment.ts";

const File = z.object({ name: z.string(), size: z.nullish(z.number()), attachment_url: Text });
export const Files = z.nullish(z.array(File));
const Body = z.pipe(
  Text,
  z.transform((text) => text ?? ""),
);
const Note = z.object({
  id: z.int(),
  body: Body,
  private: z.nullish(z.boolean()),
  attachments: Files,
  created_at: Text,
});
type Note = z.infer<typeof Note>;

const PER_PAGE = 50;
const MAX_PAGES = 20;

/** Makes the schema of an answer; a product may put the name of the thing around it. */
export type Wrap = <T>(name: string, schema: z.ZodMiniType<T>) => z.ZodMiniType<T>;

/** One page of the notes of a ticket, 50 at most. Their order is not documented. */
export function readNotes(api: Api, wrap: Wrap, ticketId: string, page = 1) {
  const path = `tickets/${ticketId}/conversations?per_page=${PER_PAGE}&page=${page}`;
  return api.get(path, wrap("conversations", z.array(Note)));
}

/** The notes of tickets. A private one is hidden from the requester. */
export function notesOf(api: Api, wrap: Wrap) {
  async function write(method: "POST" | "PUT", path: string, fields: object) {
    const note = await api.change(method, path, fields, wrap("conversation", Note));
    return toPosted(note.id, note.private);
  }

  async function findNote(ticketId: string, fits: (note: Note) => boolean) {
    for (let page = 1; ; page++) {
      const notes = await readNotes(api, wrap, ticketId, page);
      const found = notes.find(fits);
      if (found || notes.length < PER_PAGE || page === MAX_PAGES) return found;
    }
  }

  return {
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
      const found = await findNote(ticketId, ({ body }) => body.includes(marker));
      if (found === undefined) return undefined;
      const isRetracted = found.body.replace(/<[^>]*>/g, "").trim() === marker;
      return { ...toPosted(found.id, found.private !== false, found.created_at), isRetracted };
    },
  } satisfies Partial<TicketSystem>;
}
