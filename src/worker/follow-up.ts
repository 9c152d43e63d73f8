import { scanTicket } from "../enrichment/scan-ticket.ts";
import type { TicketRecord } from "../ledger/record.ts";
import type { Ticket } from "../ticket.ts";

/**
 * Whether a further message of the requester is worth another look at its ticket: when the ticket has
 * no comment of ours yet, or when the message holds a code that the ticket did not hold before.
 *
 * @param message Null when the delivery did not carry its text: then only the ticket tells.
 * @param record What the ledger knows of the ticket; null when it does not know it.
 */
export function hasNews(message: Ticket | null, record: TicketRecord | null): boolean {
  if (message === null) return true;
  // Which situation it is in, only the whole ticket tells.
  const { codes } = scanTicket(message, null);
  if (codes.length === 0) return false;
  const hasComment = record?.outcome != null && record.outcome !== "no_code";
  if (record === null || !hasComment) return true;
  // A symbol is looked up later: until then nobody knows its code.
  return codes.some((each) => !("code" in each) || !record.codes.includes(each.code));
}
