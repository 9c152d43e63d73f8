import type { Outcome } from "../enrich.ts";
import type { FailureCode } from "../errors.ts";
import type { Job } from "../ticket.ts";
import { type State, TicketRow } from "./schema.ts";

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

/** Reads one ticket. */
export function find(sql: SqlStorage, id: string): TicketRow | null {
  const [row] = sql.exec("SELECT * FROM ticket WHERE id = ?", id);
  return row === undefined ? null : TicketRow.parse(row);
}

/** Spelt out one by one, so that each is served by an index. */
const WHERE = {
  any: "id > ?",
  waiting: "due_at IS NOT NULL AND state = 'waiting' AND id > ?",
  working: "due_at IS NOT NULL AND state = 'working' AND id > ?",
  done: "state = 'done' AND id > ?",
  failed: "state = 'failed' AND id > ?",
} as const;

/** Which tickets a person asks for: `after` is the last id of the page before. */
export interface Query {
  readonly state: State | "any";
  readonly limit: number;
  readonly after: string;
}

/** Reads tickets in the order of their ids. */
export function list(sql: SqlStorage, { state, limit, after }: Query): TicketRow[] {
  const query = `SELECT * FROM ticket WHERE ${WHERE[state]} ORDER BY id LIMIT ?`;
  return [...sql.exec(query, after, limit)].map((row) => TicketRow.parse(row));
}

/** Remembers a delivery; false when it was remembered before. */
export function remember(sql: SqlStorage, deliveryId: string, now: number): boolean {
  const { rowsWritten } = sql.exec(
    "INSERT OR IGNORE INTO delivery (id, received_at) VALUES (?, ?)",
    deliveryId,
    now,
  );
  return rowsWritten > 0;
}

/** Puts a ticket on the list for the first time. */
export function insert(sql: SqlStorage, job: Job, now: number): void {
  const retriggered = job.trigger === "re-trigger";
  sql.exec(
    `INSERT INTO ticket (id, state, scanned, force, revision, tried, received_at, queued_at, due_at)
     VALUES (?, 'waiting', ?, ?, ?, ?, ?, ?, ?)`,
    job.ticketId,
    job.scanned && JSON.stringify(job.scanned),
    Number(job.force),
    // A forced comment is a new one, even where an older ledger, now lost, made the first.
    job.force ? now : 1,
    Number(retriggered),
    now,
    now,
    now,
  );
}

/** Puts a ticket on the list once more. A finished one gets a new comment, others the one due. */
export function queueAgain(
  sql: SqlStorage,
  row: TicketRow,
  { refetch, force, now }: { refetch: boolean; force: boolean; now: number },
): void {
  const finished = row.state === "done";
  sql.exec(
    `UPDATE ticket SET state = 'waiting', again = NULL, attempts = 0, queued_at = ?, due_at = ?,
       scanned = ?, force = ?, revision = ?, tried = ? WHERE id = ?`,
    now,
    now,
    refetch || row.scanned === null ? null : JSON.stringify(row.scanned),
    Number(force || (row.force && !finished)),
    row.revision + Number(finished),
    Number(row.tried && !finished),
    row.id,
  );
}

/** Notes that a ticket which is being worked on is wanted once more. */
export function noteAgain(sql: SqlStorage, id: string, force: boolean): void {
  sql.exec("UPDATE ticket SET again = ? WHERE id = ?", force ? "force" : "re-trigger", id);
}

/** Takes the ticket that has been due the longest, for a time; null when none is due. */
export function lease(sql: SqlStorage, now: number, until: number): TicketRow | null {
  const [due] = sql.exec<{ id: string }>(
    `SELECT id FROM ticket WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY due_at LIMIT 1`,
    now,
  );
  const row = due && find(sql, due.id);
  if (!row) return null;
  sql.exec(
    `UPDATE ticket SET state = 'working', attempts = attempts + 1, tried = 1, due_at = ?
     WHERE id = ?`,
    until,
    row.id,
  );
  return { ...row, state: "working", attempts: row.attempts + 1 };
}

/** Gives back what a process that is gone had taken. */
export function release(sql: SqlStorage, now: number): void {
  sql.exec(
    `UPDATE ticket SET state = 'waiting', due_at = ?
     WHERE due_at IS NOT NULL AND state = 'working'`,
    now,
  );
}

/** When the next ticket is due; null when none is left. */
export function nextDue(sql: SqlStorage): number | null {
  const [row] = sql.exec<{ due: number | null }>(
    "SELECT MIN(due_at) AS due FROM ticket WHERE due_at IS NOT NULL",
  );
  return row?.due ?? null;
}

export function settleDone(sql: SqlStorage, id: string, outcome: Outcome, now: number): void {
  sql.exec(
    `UPDATE ticket SET state = 'done', outcome = ?, codes = ?, contact_microsoft = ?,
       comment_id = COALESCE(?, comment_id), digest = COALESCE(?, digest), catalog_version = ?, locale = ?, force = 0,
       last_failure = NULL, finished_at = ?, due_at = NULL WHERE id = ?`,
    outcome.outcome,
    JSON.stringify(outcome.codes),
    Number(outcome.contactMicrosoft),
    outcome.commentId,
    outcome.digest,
    outcome.catalogVersion,
    outcome.locale,
    now,
    id,
  );
}

export function settleWaiting(sql: SqlStorage, id: string, code: FailureCode, due: number): void {
  sql.exec(
    "UPDATE ticket SET state = 'waiting', last_failure = ?, due_at = ? WHERE id = ?",
    code,
    due,
    id,
  );
}

export function settleFailed(sql: SqlStorage, id: string, code: FailureCode, now: number): void {
  sql.exec(
    `UPDATE ticket SET state = 'failed', last_failure = ?, finished_at = ?, due_at = NULL
     WHERE id = ?`,
    code,
    now,
    id,
  );
}

/** What a person is told. */
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
  return (scanned?.traces ?? []).flatMap((each) =>
    "code" in each && !each.weak ? [each.code] : [],
  );
}

function toIso(ms: number) {
  return new Date(ms).toISOString();
}
