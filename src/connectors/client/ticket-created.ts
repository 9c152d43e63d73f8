import * as z from "zod/mini";
import { Format } from "../../ticket.ts";
import type { Delivery } from "../../webhook/delivery.ts";
import type {
  IgnoredEvent,
  Message,
  OptionalText,
  TicketContent,
  TicketEvent,
} from "../connector.ts";
import { Id, Text } from "./schemas.ts";

/** In any case, or missing, as ticket systems send it. */
const toFormat = (text: OptionalText) => text?.toLowerCase() ?? "text";

/** A ticket of our webhook contract. The scripts that we ship for other systems send it, too. */
export const TicketFields = z.object({
  id: Id,
  subject: Text,
  body: Text,
  format: z.pipe(z.pipe(Text, z.transform(toFormat)), Format),
  locale: Text,
  tags: z.nullish(z.array(z.string())),
});
export type TicketFields = z.infer<typeof TicketFields>;

const Envelope = z.object({ type: z.string() });
const Created = z.object({ data: z.object({ ticket: TicketFields }) });

/**
 * Reads a delivery of our webhook contract.
 *
 * @param canRead Whether the ticket can be read later if the delivery has no body.
 */
export function parseTicketCreated(
  payload: unknown,
  { headers }: Delivery,
  canRead = true,
): TicketEvent | IgnoredEvent {
  const { type } = Envelope.parse(payload);
  if (type !== "ticket.created" && type !== "ticket.replied") return { ignored: "another event" };
  const { ticket } = Created.parse(payload).data;
  const isWhole = typeof ticket.body === "string" || !canRead;
  const content = isWhole ? contentOf(ticket) : undefined;
  const event = { ticketId: ticket.id, deliveryId: headers.get("webhook-id"), content };
  return type === "ticket.created" ? event : { ...event, isFollowUp: true };
}

const Named = z.object({ event: z.string(), ticket_id: z.nullish(Id) });

/**
 * Reads a delivery that only names its ticket, as rules and workflows of ticket systems send it:
 * `{"event":"ticket.created","ticket_id":"7"}`.
 */
export function parseTicketNamed(payload: unknown): TicketEvent | IgnoredEvent {
  const { event, ticket_id } = Named.parse(payload);
  const ticketId = ticket_id ?? "";
  if (event === "ticket.created") return { ticketId };
  return event === "ticket.replied" ? { isFollowUp: true, ticketId } : { ignored: "another event" };
}

/** A further message by the requester, whose text came with the delivery. */
export function furtherMessage(
  event: Pick<TicketEvent, "ticketId" | "deliveryId">,
  message: OptionalText | Message,
  format: Format = "text",
): TicketEvent {
  return { ...event, isFollowUp: true, content: { subject: null, format, messages: [message] } };
}

export function contentOf({ subject, body, format, locale, tags }: TicketFields): TicketContent {
  return { subject, format, messages: [body], locale, labels: tags };
}
