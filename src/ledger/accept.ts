import type { Job } from "../ticket.ts";
import * as tickets from "./tickets.ts";

/** What became of a job: `unknown` is a re-trigger of a ticket that nobody can read. */
export type Receipt = "accepted" | "duplicate" | "unknown";

interface Circumstances {
  readonly now: number;
  /** The ticket system lets its tickets be read. */
  readonly canFetch: () => boolean;
}

/** Puts a job on the list, inside the transaction of its caller. */
export function accept(sql: SqlStorage, job: Job, { now, canFetch }: Circumstances): Receipt {
  const { ticketId } = job;
  if (job.kind === "created") {
    const deliveryId = job.deliveryId ?? `ticket ${ticketId}`;
    const seen = tickets.look(sql, ticketId, deliveryId);
    if (seen?.delivered) return "duplicate";
    if (seen) tickets.remember(sql, deliveryId, now);
    if (seen === null) tickets.insert(sql, job, deliveryId, now);
    else if (seen.state === "failed") {
      tickets.queueAgain(sql, ticketId, { refetch: false, force: false, now });
      tickets.announce(sql, ticketId, now);
    } else if (!seen.announced) tickets.announce(sql, ticketId, now);
    return "accepted";
  }
  const { force } = job;
  const seen = tickets.look(sql, ticketId, "");
  const refetch = canFetch();
  if (seen === null && !refetch) return "unknown";
  if (seen === null) tickets.insert(sql, job, null, now);
  else if (seen.state === "working") tickets.noteAgain(sql, ticketId, force);
  else tickets.queueAgain(sql, ticketId, { refetch, force, now });
  return "accepted";
}
