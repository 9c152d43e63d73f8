import * as z from "zod/mini";
import { format } from "../../../comment/format.ts";
import { denied, isRecent, OTHER_EYES, refused } from "../../client/failures.ts";
import { type Answer, readJson } from "../../client/http.ts";
import type { Api } from "../../client/rest.ts";
import type { Posting, Visibility } from "../../connector.ts";

/** The schema of an answer; a product may put the name of the thing around it. */
export type Wrap = <T>(name: string, schema: z.ZodMiniType<T>) => z.ZodMiniType<T>;

export const Text = z.nullish(z.string());
const File = z.object({ name: z.string(), size: z.nullish(z.number()), attachment_url: Text });
export type Listed = z.infer<typeof File>;
export const Files = z.nullish(z.array(File));
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
/** UTF-16 units. No limit is documented; this much fits into 64 KiB in any script. */
const MAX_LENGTH = 20_000;

/** The notes and answers of a ticket. */
export function openNotes(api: Api, wrap: Wrap, ticketId: string) {
  const Notes = wrap("conversations", z.array(Note));
  const read = (answer: Answer) => readJson(answer, wrap("conversation", Note));
  const rewrite = (id: number | string, body: string) =>
    api.send("PUT", `conversations/${id}`, { body });

  const page = (number: number) =>
    api.get(`tickets/${ticketId}/conversations?per_page=${PER_PAGE}&page=${number}`, Notes);

  async function find(fits: (note: Note) => boolean): Promise<Note | undefined> {
    for (let number = 1; ; number++) {
      const notes = await page(number);
      const found = notes.find(fits);
      if (found || notes.length < PER_PAGE || number === MAX_PAGES) return found;
    }
  }

  /** Deleted, a note that came out public would come out public once more at the next try. */
  async function takeWords(id: number, marker: string): Promise<never> {
    await rewrite(id, markerLine(marker)).catch(() => null);
    throw exposed();
  }

  return {
    page,

    async post(posting: Posting): Promise<string> {
      const { visibility, marker } = posting;
      const fields = { body: write(posting), private: visibility === "internal" };
      const note = read(await api.send("POST", `tickets/${ticketId}/notes`, fields));
      if (!note.private && visibility === "internal") return takeWords(note.id, marker);
      return String(note.id);
    },

    /** @throws {Failure} `ticket_system_denied` for one of ours that came out public. */
    async findOurs(marker: string, visibility: Visibility): Promise<string | undefined> {
      const found = await find(({ body }) => body?.includes(marker) ?? false);
      if (found === undefined) return undefined;
      if (found.body?.replace(/<[^>]*>/g, "").trim() === marker) throw exposed();
      const isExposed = found.private === false && visibility === "internal";
      if (isExposed && isRecent(found.created_at)) return takeWords(found.id, marker);
      return String(found.id);
    },

    /** @throws {Failure} `ticket_system_refused` for a note that is gone, or that others read now. */
    async mustFit({ visibility }: Posting, commentId: string): Promise<void> {
      const note = await find(({ id }) => String(id) === commentId);
      if (note?.private === (visibility === "internal")) return;
      throw refused(OTHER_EYES);
    },

    async edit(posting: Posting, commentId: string): Promise<void> {
      const note = read(await rewrite(commentId, write(posting)));
      if (note.private || posting.visibility === "public") return;
      await api.send("DELETE", `conversations/${note.id}`, undefined).catch(() => null);
      throw exposed();
    },
  };
}

/** A comment of HTML would be taken out, so the marker is there to be seen. */
function write({ comment, marker }: Posting) {
  return `${format(comment, "html", MAX_LENGTH)}\n${markerLine(marker)}`;
}

function markerLine(marker: string) {
  return `<p>${marker}</p>`;
}

const exposed = () => denied("the note did not come out private");
