import { scanTicket } from "../enrichment/scan-ticket.ts";
import type { TicketRecord } from "../ledger/record.ts";
import type { Ticket } from "../ticket.ts";

/**
 * Says whether a further message is a reason to read its ticket again: the ticket has no comment yet,
 * or the message contains a code that the ticket did not contain before.
 *
 * @param message Null when the delivery did not carry the text. Then the answer is true.
 * @param record The ledger's record of the ticket; null when there is none.
 */
export function hasNews(message: Ticket | null, record: TicketRecord | null): boolean {
  if (message === null) return true;
  // The situation is decided by the whole ticket, so the message is scanned without signs.
  const { codes } = scanTicket(message, null);
  if (codes.length === 0) return false;
  const hasComment =
    record?.outcome != null && record.outcome !== "no_code" && record.outcome !== "skipped";
  if (record === null || !hasComment) return true;
  // The code of a symbol is unknown until it is looked up, so a symbol counts as new.
  return codes.some((each) => !("code" in each) || !record.codes.includes(each.code));
}
