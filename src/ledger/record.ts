import type { State, TicketRow } from "./ticket-store.ts";

/** What a person is told of a ticket. Times are ISO 8601. */
export interface TicketRecord {
  readonly connector: string;
  readonly ticketId: string;
  /** Where a person opens the ticket; null when it is not known. */
  readonly url: string | null;
  readonly state: State;
  readonly outcome: TicketRow["outcome"];
  /** What was done with the comment: `post`, `shadow` or `tags`. */
  readonly mode: string;
  readonly codes: readonly string[];
  /** For each code the topic whose advice was given, or null. */
  readonly topics: readonly (string | null)[];
  /** The topic of the ticket; null when it is not certain. */
  readonly situation: string | null;
  readonly contactMicrosoft: boolean;
  readonly attempts: number;
  readonly lastFailure: string | null;
  readonly commentId: string | null;
  readonly catalogVersion: string | null;
  readonly locale: string | null;
  readonly receivedAt: string;
  readonly finishedAt: string | null;
  readonly nextAttemptAt: string | null;
}

/** @param openUntil Until then the whole ticket system is left alone. */
export function toRecord(connector: string, ticket: TicketRow, openUntil: number): TicketRecord {
  const next = ticket.state === "waiting" && ticket.dueAt !== null ? ticket.dueAt : null;
  const codes = ticket.outcome === null ? found(ticket) : ticket.codes;
  return {
    connector,
    ticketId: ticket.id,
    url: ticket.url,
    state: ticket.state,
    outcome: ticket.outcome,
    mode: ticket.mode,
    codes,
    topics: codes.map((_, index) => (ticket.outcome && ticket.topics[index]) ?? null),
    situation: ticket.outcome && ticket.situation,
    contactMicrosoft: ticket.contactMicrosoft,
    attempts: ticket.attempts,
    lastFailure: ticket.lastFailure,
    commentId: ticket.commentId,
    catalogVersion: ticket.catalogVersion,
    locale: ticket.locale,
    receivedAt: toIso(ticket.receivedAt),
    finishedAt: ticket.finishedAt === null ? null : toIso(ticket.finishedAt),
    nextAttemptAt: next === null ? null : toIso(Math.max(next, openUntil)),
  };
}

/** What the scan found, until an outcome says what counts of it. */
function found({ scanned }: TicketRow) {
  return (scanned?.codes ?? []).flatMap((each) =>
    "code" in each && !each.tentative ? [each.code] : [],
  );
}

function toIso(ms: number) {
  return new Date(ms).toISOString();
}
