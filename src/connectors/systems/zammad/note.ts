import * as z from "zod/mini";
import { format } from "../../../comment/format.ts";
import { toFailure } from "../../../failure.ts";
import { denied, isRecent } from "../../client/failures.ts";
import { readJson } from "../../client/http.ts";
import type { Api } from "../../client/rest.ts";
import type { Posting, Visibility } from "../../connector.ts";
import { logLeftOut, unlessRefused } from "../../labels.ts";

export const Note = z.object({
  id: z.int(),
  internal: z.boolean(),
  subject: z.nullish(z.string()),
  created_at: z.nullish(z.string()),
});
const Ticket = z.object({ customer_id: z.int() });

/** UTF-16 units; far more than a comment ever has. */
const MAX_LENGTH = 1_500_000;

/** Sets tags, and adds a note. */
export async function postNote(api: Api, posting: Posting, setsTags: boolean): Promise<string> {
  const { ticketId, comment, visibility, marker } = posting;
  // First, since a user who is no agent may not do this: of his notes all would be public.
  for (const tag of setsTags ? comment.tags : []) await setTag(api, ticketId, tag);
  const article = {
    ticket_id: Number(ticketId),
    subject: marker,
    body: format(comment, "html", MAX_LENGTH),
    content_type: "text/html",
    type: "note",
    sender: "Agent",
    internal: visibility === "internal",
  };
  const note = readJson(await api.send("POST", "ticket_articles", article), Note);
  return keepInternal(api, note, visibility);
}

/** Takes a note away which should be internal and is not; an older one was shown by somebody. */
export async function keepInternal(
  api: Api,
  { id, internal, created_at }: z.infer<typeof Note>,
  visibility: Visibility,
): Promise<string> {
  if (internal || visibility === "public" || !isRecent(created_at)) return String(id);
  await api.send("DELETE", `ticket_articles/${id}`, undefined).catch(() => null);
  throw denied("the note came out public");
}

/** Where nobody may make new tags, this one is left out: the comment counts for more. */
async function setTag(api: Api, ticketId: string, item: string) {
  const ticket = { connector: "zammad", id: ticketId };
  const tag = { item, object: "Ticket", o_id: Number(ticketId) };
  try {
    await unlessRefused(ticket, api.send("POST", "tags/add", tag));
  } catch (error) {
    const failure = toFailure(error);
    if (failure.code !== "ticket_system_denied") throw error;
    await mustBeAgent(api, ticketId);
    logLeftOut(ticket, failure);
  }
}

/** Fails for who is none: in every version, agents alone may read what was done to a user. */
async function mustBeAgent(api: Api, ticketId: string) {
  const { customer_id } = await api.get(`tickets/${ticketId}`, Ticket);
  await api.get(`users/history/${customer_id}`, z.unknown());
}
