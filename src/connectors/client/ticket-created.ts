import * as z from "zod/mini";
import { Format, type Ticket, type TicketCreated } from "../../ticket.ts";
import type { IgnoredEvent } from "../connector.ts";

const Text = z.nullish(z.string());

/** A ticket as our contract has it; the scripts we ship for other systems send it, too. */
export const TicketFields = z.object({
  id: z.string(),
  subject: Text,
  body: Text,
  format: z._default(Format, "text"),
  locale: Text,
});
export type TicketFields = z.infer<typeof TicketFields>;

const Envelope = z.object({ type: z.string() });
const Created = z.object({ data: z.object({ ticket: TicketFields }) });

/** Reads a `ticket.created` of Standard Webhooks; null for another event. */
export function readTicketCreated(payload: unknown): TicketFields | null {
  if (Envelope.parse(payload).type !== "ticket.created") return null;
  return Created.parse(payload).data.ticket;
}

/** Reads a delivery of a script of ours; a ticket whose body it leaves out is fetched. */
export function parseTicketCreated(
  payload: unknown,
  headers: Headers,
): TicketCreated | IgnoredEvent {
  const fields = readTicketCreated(payload);
  if (fields === null) return { ignored: "another event" };
  const ticket = typeof fields.body === "string" ? toTicket(fields) : null;
  return { ticketId: fields.id, deliveryId: headers.get("webhook-id"), ticket };
}

export function toTicket({ subject, body, format, locale }: TicketFields): Ticket {
  return { subject: subject ?? "", body: body ?? "", format, locale: locale ?? null };
}
