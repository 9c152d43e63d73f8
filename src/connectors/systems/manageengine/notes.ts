import * as z from "zod/mini";
import type { Api } from "../../client/api.ts";
import { Id, Text } from "../../client/schemas.ts";
import type { TicketSystem, WrittenComment } from "../../connector.ts";
import { toPosted } from "../../posted-comment.ts";

const Flag = z.nullish(z.boolean());
const Time = z.nullish(z.object({ value: z.coerce.number() }));
const Note = z.object({ id: Id, description: Text, show_to_requester: Flag, created_time: Time });
const Notes = z.object({ notes: z._default(z.array(Note), []) });
const Changed = z.object({ request_note: Note });
const LIST = encodeURIComponent(
  JSON.stringify({ list_info: { row_count: 100, sort_field: "id", sort_order: "asc" } }),
);

/** The oldest 100 notes of a request. */
export async function readNotes(api: Api, ticketId: string) {
  return (await api.get(`${notesPath(ticketId)}?input_data=${LIST}`, Notes)).notes;
}

/**
 * The notes of requests.
 *
 * @see https://www.manageengine.com/products/service-desk/sdpod-v3-api/requests/request_note.html
 */
export const notesOf = (api: Api) =>
  ({
    async postComment(comment) {
      const path = notesPath(comment.ticketId);
      return posted((await api.change("POST", path, toForm(comment), Changed)).request_note);
    },

    async editComment(comment, noteId) {
      const path = notePath(comment.ticketId, noteId);
      return posted((await api.change("PUT", path, toForm(comment), Changed)).request_note);
    },

    async visibilityOf(ticketId, noteId) {
      const { request_note } = await api.get(notePath(ticketId, noteId), Changed);
      return posted(request_note).visibility;
    },

    retract: ({ ticketId }, noteId) => api.send("DELETE", notePath(ticketId, noteId)),

    async findComment(ticketId, marker) {
      const notes = await readNotes(api, ticketId);
      const found = notes.find(({ description }) => description?.includes(marker));
      return found && posted(found);
    },
  }) satisfies Partial<TicketSystem>;

const notesPath = (ticketId: string) => `requests/${ticketId}/notes`;
const notePath = (ticketId: string, noteId: string) => `${notesPath(ticketId)}/${noteId}`;

/** Every flag is set: a flag that is left out may show the note, or mail it to somebody. */
function toForm({ text, visibility }: WrittenComment) {
  const request_note = {
    description: text,
    show_to_requester: visibility === "public",
    notify_technician: false,
    mark_first_response: false,
    add_to_linked_requests: false,
  };
  return new URLSearchParams({ input_data: JSON.stringify({ request_note }) });
}

function posted({ id, show_to_requester, created_time }: z.infer<typeof Note>) {
  const createdAt = created_time ? new Date(created_time.value).toISOString() : undefined;
  return toPosted(id, show_to_requester === false, createdAt);
}
