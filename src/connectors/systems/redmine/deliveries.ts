import * as z from "zod/mini";
import { Id, Text } from "../../client/schemas.ts";
import type { IgnoredEvent, TicketEvent } from "../../connector.ts";
import { isOurs } from "../../read-ticket.ts";

/** What Redmine 7 sends, and what the plug-in redmine_webhook sends, which signs nothing. */
const Person = z.nullish(z.object({ id: Id }));
const Named = z.object({ id: Id, author: Person });
const Journal = z.nullish(z.object({ notes: Text, user: Person, author: Person }));
const Told = z.object({ issue: z.optional(Named), journal: Journal });
const Native = z.object({ type: z.string(), data: Told });
const Plugin = z.object({ payload: z.extend(Told, { action: z.string(), issue: Named }) });

/** Only the id is used: the plug-in's deliveries are not signed. */
export function parse(body: unknown): TicketEvent | IgnoredEvent {
  const event = z.union([Native, Plugin]).parse(body);
  const { issue, journal } = "type" in event ? event.data : event.payload;
  const action = "type" in event ? event.type : event.payload.action;
  if (["issue.created", "opened"].includes(action)) return { ticketId: Named.parse(issue).id };
  if (!["issue.updated", "updated"].includes(action)) return { ignored: "another event" };
  const author = (journal?.user ?? journal?.author)?.id;
  const isRequester = author !== undefined && author === issue?.author?.id;
  if (!issue || !journal?.notes || !isRequester || isOurs(journal.notes)) {
    return { ignored: "no message of the requester" };
  }
  return { isFollowUp: true, ticketId: issue.id };
}
