import type { Outcome } from "../enrichment/enrich.ts";
import type { FailureCode } from "../failure.ts";
import type { TicketRow } from "./schema.ts";

/** How a ticket is wanted once more, by what came while it was being worked on. */
export type WantedAgain = TicketRow["again"];

/** The ticket has its comment, or needs none. */
export function writeDone(sql: SqlStorage, id: string, outcome: Outcome, now: number): WantedAgain {
  const [row] = sql.exec<{ again: WantedAgain }>(
    `UPDATE ticket SET state = 'done', outcome = ?, codes = ?, contact_microsoft = ?,
       comment_id = COALESCE(?, comment_id), visibility = COALESCE(?, visibility),
       digest = COALESCE(?, digest), catalog_version = ?, locale = ?, force = 0, last_failure = NULL, crashes = 0, finished_at = ?, due_at = NULL
     WHERE id = ? RETURNING again`,
    outcome.outcome,
    JSON.stringify(outcome.codes),
    Number(outcome.contactMicrosoft),
    outcome.commentId,
    outcome.visibility,
    outcome.digest,
    outcome.catalogVersion,
    outcome.locale,
    now,
    id,
  );
  return row?.again ?? null;
}

/** How a ticket goes on after a failure. */
export interface Waiting {
  readonly code: FailureCode;
  readonly due: number;
  /** A comment that was sent may show up until then. */
  readonly unsureUntil: number;
  /** It was this ticket that made the whole system wait. */
  readonly offence: boolean;
}

/** The ticket is tried again later. */
export function writeWaiting(sql: SqlStorage, id: string, waiting: Waiting): WantedAgain {
  const { code, due, unsureUntil, offence } = waiting;
  const [row] = sql.exec<{ again: WantedAgain }>(
    `UPDATE ticket SET state = 'waiting', last_failure = ?, crashes = 0,
       offences = offences + ?, unsure_until = MAX(unsure_until, ?), due_at = ? WHERE id = ?
     RETURNING again`,
    code,
    Number(offence),
    unsureUntil,
    due,
    id,
  );
  return row?.again ?? null;
}

/**
 * Tickets that met a failure before it turned out to be the ticket system's: they have opened the
 * circuit as well, and those that failed for good are tried again.
 *
 * @param since Those that were put on the list earlier stay as they are.
 */
export function takeBack(
  sql: SqlStorage,
  ids: readonly string[],
  { code, now, since }: { code: FailureCode; now: number; since: number },
): void {
  sql.exec(
    `UPDATE ticket SET offences = offences + 1, due_at = COALESCE(due_at, ?1), finished_at = NULL,
       state = IIF(state = 'failed', 'waiting', state)
     WHERE id IN (SELECT value FROM json_each(?2)) AND last_failure = ?3 AND queued_at > ?4`,
    now,
    JSON.stringify(ids),
    code,
    since,
  );
}

/** The ticket is not tried again, until a person or a delivery starts it. */
export function writeFailed(
  sql: SqlStorage,
  id: string,
  code: FailureCode,
  now: number,
): WantedAgain {
  const [row] = sql.exec<{ again: WantedAgain }>(
    `UPDATE ticket SET state = 'failed', last_failure = ?, finished_at = ?, due_at = NULL
     WHERE id = ? RETURNING again`,
    code,
    now,
    id,
  );
  return row?.again ?? null;
}
