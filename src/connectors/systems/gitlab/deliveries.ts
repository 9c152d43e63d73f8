import * as z from "zod/mini";
import { Id, Text } from "../../client/schemas.ts";
import type { IgnoredEvent, TicketEvent } from "../../connector.ts";
import { isOurs } from "../../read-ticket.ts";

/** `project` is missing for an epic, `action` in a test delivery. */
const Event = z.object({
  object_kind: z.string(),
  project: z.nullish(z.object({ id: Id })),
  object_attributes: z.object({ action: Text, type: Text, iid: z.nullish(Id) }),
});
const NoteEvent = z.object({
  project: z.nullish(z.object({ id: Id })),
  object_attributes: z.object({
    noteable_type: Text,
    action: Text,
    system: z.nullish(z.boolean()),
    author_id: z.nullish(z.int()),
    note: Text,
  }),
  issue: z.nullish(z.object({ iid: Id, author_id: z.int() })),
});

/** A token does not protect the body, so the text is always read from GitLab. */
export function parse(payload: unknown, headers: Headers): TicketEvent | IgnoredEvent {
  const hook = headers.get("x-gitlab-event") ?? "";
  const deliveryId = headers.get("webhook-id") ?? headers.get("idempotency-key");
  if (/note hook$/i.test(hook)) return parseNote(payload, deliveryId);
  if (!/(?:issue|work item) hook$/i.test(hook)) return { ignored: "no event of an issue" };
  const { object_kind: kind, object_attributes: issue, project } = Event.parse(payload);
  if (issue.action !== "open") return { ignored: "another event" };
  if (!/^(?:issue|incident|ticket)$/i.test(issue.type ?? kind)) return { ignored: "no ticket" };
  return { ticketId: `${project?.id}-${issue.iid}`, deliveryId };
}

/** A further message by the person who opened the issue. */
function parseNote(payload: unknown, deliveryId: string | null): TicketEvent | IgnoredEvent {
  const { object_attributes: note, issue, project } = NoteEvent.parse(payload);
  if (note.noteable_type !== "Issue" || !issue || note.system)
    return { ignored: "no event of an issue" };
  const isNew = (note.action ?? "create") === "create";
  if (!isNew || note.author_id !== issue.author_id || isOurs(note.note ?? "")) {
    return { ignored: "no message of the requester" };
  }
  return { isFollowUp: true, ticketId: `${project?.id}-${issue.iid}`, deliveryId };
}
