import type { Attempt } from "../enrichment/enrich.ts";
import type { TicketRow } from "./schema.ts";

/** What is known of a ticket when work on it begins. */
export async function toAttempt(connector: string, row: TicketRow, now: number): Promise<Attempt> {
  return {
    job: { ticketId: row.id, scanned: row.scanned, force: row.force },
    marker: await markerOf(connector, row),
    triedBefore: row.tried,
    unsureUntil: new Date(row.unsure_until),
    posted: row.digest === null ? null : toPosted(row, row.digest),
    at: new Date(now),
  };
}

function toPosted({ comment_id: commentId, visibility }: TicketRow, digest: string) {
  return { commentId, visibility, digest };
}

/** Names one comment of one ticket: the same for every try, another for the next revision. */
async function markerOf(connector: string, { id, revision }: TicketRow) {
  const bytes = new TextEncoder().encode(JSON.stringify([connector, id, revision]));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `hresult-${hash.toHex().slice(0, 32)}`;
}
