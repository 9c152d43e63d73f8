import type { State, TicketRow } from "./schema.ts";

/** What a person is told of a ticket. Times are ISO 8601. */
export interface TicketRecord {
  readonly connector: string;
  readonly ticketId: string;
  readonly state: State;
  readonly outcome: TicketRow["outcome"];
  readonly codes: readonly string[];
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

/** @param pausedUntil Until then the whole ticket system waits. */
export function toRecord(connector: string, row: TicketRow, pausedUntil: number): TicketRecord {
  const next = row.state === "waiting" && row.due_at !== null ? row.due_at : null;
  return {
    connector,
    ticketId: row.id,
    state: row.state,
    outcome: row.outcome,
    codes: row.outcome === null ? found(row) : row.codes,
    contactMicrosoft: row.contact_microsoft,
    attempts: row.attempts,
    lastFailure: row.last_failure,
    commentId: row.comment_id,
    catalogVersion: row.catalog_version,
    locale: row.locale,
    receivedAt: toIso(row.received_at),
    finishedAt: row.finished_at === null ? null : toIso(row.finished_at),
    nextAttemptAt: next === null ? null : toIso(Math.max(next, pausedUntil)),
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
