import * as z from "zod/mini";
import type { Api } from "../../client/api.ts";
import { answerInvalid } from "../../client/failures.ts";
import { Text } from "../../client/schemas.ts";
import type { TicketSystem } from "../../connector.ts";
import { toPosted } from "../../posted-comment.ts";
import { NumericId, Ref } from "./schemas.ts";

const Private = z._default(z.boolean(), false);
const Note = z.object({ id: NumericId, notes: Text, private_notes: Private, created_on: Text });
const File = z.object({ id: NumericId, filename: z.string(), filesize: z.int() });
const Issue = z.object({
  issue: z.object({
    project: Ref,
    subject: Text,
    description: Text,
    journals: z._default(z.array(Note), []),
    attachments: z._default(z.array(File), []),
  }),
});

/** An issue with its notes and the list of its files. */
export async function readIssue(api: Api, id: string) {
  return (await api.get(`issues/${id}.json?include=journals,attachments`, Issue)).issue;
}

/** The notes of issues. Redmine calls them journals, and adds one by a change of its issue. */
export const notesOf = (api: Api) =>
  ({
    async postComment({ ticketId, text, marker, visibility }) {
      const issue = { notes: text, private_notes: visibility === "internal" };
      await api.send("PUT", `issues/${ticketId}.json`, { issue });
      // Redmine does not say what it calls the note.
      const made = await findNote(api, ticketId, ({ notes }) => notes?.includes(marker));
      if (made) return made;
      throw answerInvalid("no note was added");
    },

    findComment: (ticketId, marker) =>
      findNote(api, ticketId, ({ notes }) => notes?.includes(marker)),

    visibilityOf: async (ticketId, noteId) =>
      (await findNote(api, ticketId, ({ id }) => `${id}` === noteId))?.visibility,

    async editComment({ text }, id) {
      await changeNote(api, id, text);
      return {};
    },

    // Redmine deletes a note with an empty text.
    retract: (_, id) => changeNote(api, id, ""),
  }) satisfies Partial<TicketSystem>;

type Fits = (note: z.infer<typeof Note>) => boolean | undefined;

async function findNote(api: Api, id: string, fits: Fits) {
  const found = (await readIssue(api, id)).journals.find(fits);
  return found && toPosted(found.id, found.private_notes, found.created_on);
}

function changeNote(api: Api, id: string, notes: string) {
  return api.send("PUT", `journals/${id}.json`, { journal: { notes } });
}
