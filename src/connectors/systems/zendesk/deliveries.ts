import * as z from "zod/mini";
import { TextSecrets } from "../../../webhook/secrets.ts";
import type { HmacScheme } from "../../../webhook/signature.ts";
import { Id, Text } from "../../client/schemas.ts";
import { furtherMessage } from "../../client/ticket-created.ts";
import type { IgnoredEvent, TicketEvent } from "../../connector.ts";

export const SCHEME: HmacScheme = {
  header: "x-zendesk-webhook-signature",
  hash: "SHA-256",
  encoding: "base64",
  prefix: "",
  signed: ["<x-zendesk-webhook-signature-timestamp>", "body"],
  timestamp: { header: "x-zendesk-webhook-signature-timestamp", form: "date" },
};

/** Signs test deliveries of a webhook that is not saved yet. Zendesk's manual publishes it. */
const TEST_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==";
const isKnown = (secret: Uint8Array) => new TextDecoder().decode(secret) === TEST_SECRET;
export const Secrets = TextSecrets.check(z.refine((all) => !all.some(isKnown), "a public secret"));

/** What a trigger sends, which only names the ticket, or an event. */
const Delivered = z.union([z.object({ ticket_id: Id }), z.object({ type: z.string() })]);
const Created = z.object({ id: z.string(), detail: z.object({ id: Id }) });
const Author = z.object({ id: Id, is_staff: z.nullish(z.boolean()) });
const Commented = z.object({
  id: z.string(),
  detail: z.object({ id: Id, requester_id: Id }),
  event: z.object({ comment: z.object({ body: Text, author: Author }) }),
});

export function parse(body: unknown): TicketEvent | IgnoredEvent {
  const event = Delivered.parse(body);
  if ("ticket_id" in event) return { ticketId: event.ticket_id };
  if (event.type === "zen:event-type:ticket.comment_added") return parseComment(body);
  if (event.type !== "zen:event-type:ticket.created") return { ignored: "another event" };
  const { id, detail } = Created.parse(body);
  return { ticketId: detail.id, deliveryId: id };
}

/** A further message by the requester. */
function parseComment(payload: unknown): TicketEvent | IgnoredEvent {
  const { id: deliveryId, detail, event } = Commented.parse(payload);
  const { body, author } = event.comment;
  if (author.is_staff || author.id !== detail.requester_id) {
    return { ignored: "no message of the requester" };
  }
  return furtherMessage({ ticketId: detail.id, deliveryId }, body);
}
