import * as z from "zod/mini";
import { Format } from "../../ticket.ts";
import type { Delivery } from "../../webhook/delivery.ts";
import type { CreatedEvent, IgnoredEvent, OptionalText, TicketContent } from "../connector.ts";
import { Id, Text } from "./schemas.ts";

/** Systems spell it as they like, or leave it out. */
const toFormat = (text: OptionalText) => text?.toLowerCase() ?? "text";

/** A ticket as our contract has it; the scripts we ship for other systems send it, too. */
export const TicketFields = z.object({
  id: Id,
  subject: Text,
  body: Text,
  format: z.pipe(z.pipe(Text, z.transform(toFormat)), Format),
  locale: Text,
});
export type TicketFields = z.infer<typeof TicketFields>;

const Envelope = z.object({ type: z.string() });
const Created = z.object({ data: z.object({ ticket: TicketFields }) });

/**
 * Reads a delivery of our contract, or of a script of ours.
 *
 * @param canRead Whether a ticket can be read later, when its body is left out.
 */
export function parseTicketCreated(
  payload: unknown,
  { headers }: Delivery,
  canRead = true,
): CreatedEvent | IgnoredEvent {
  if (Envelope.parse(payload).type !== "ticket.created") return { ignored: "another event" };
  const { ticket } = Created.parse(payload).data;
  const isWhole = typeof ticket.body === "string" || !canRead;
  const content = isWhole ? contentOf(ticket) : undefined;
  return { ticketId: ticket.id, deliveryId: headers.get("webhook-id"), content };
}

const Named = z.object({ event: z.string(), ticket_id: z.nullish(Id) });

/**
 * Reads a delivery that only names its ticket, as a rule or a workflow of a ticket system sends it:
 * `{"event":"ticket.created","ticket_id":"7"}`.
 */
export function parseTicketNamed(payload: unknown): CreatedEvent | IgnoredEvent {
  const { event, ticket_id } = Named.parse(payload);
  return event === "ticket.created" ? { ticketId: ticket_id ?? "" } : { ignored: "another event" };
}

export function contentOf({ subject, body, format, locale }: TicketFields): TicketContent {
  return { subject, format, messages: [body], locale };
}
