import type { Job } from "../ticket.ts";
import { type State, TicketRow } from "./schema.ts";

/** Reads one ticket; null when there is none, or none that can be read. */
export function find(sql: SqlStorage, id: string): TicketRow | null {
  const [row] = sql.exec("SELECT * FROM ticket WHERE id = ?", id);
  return TicketRow.safeParse(row).data ?? null;
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
  return [...sql.exec(query, after, limit)].flatMap((row) => TicketRow.safeParse(row).data ?? []);
}

/** Forgets a ticket. @returns False when there was none. */
export function forget(sql: SqlStorage, id: string): boolean {
  return sql.exec("DELETE FROM ticket WHERE id = ?", id).rowsWritten > 0;
}

/** What is known of a ticket before its delivery is accepted. */
export interface Seen {
  readonly state: State;
  /** The delivery was accepted before. */
  readonly delivered: boolean;
  /** The ticket system told of the ticket before. */
  readonly announced: boolean;
}

/** Looks whether a delivery or its ticket came before. */
export function look(sql: SqlStorage, id: string, deliveryId: string): Seen | null {
  const [row] = sql.exec<{ state: State; delivered: number; announced: number }>(
    `SELECT state, delivery_id = ?1 OR EXISTS (SELECT 1 FROM delivery WHERE id = ?1) AS delivered,
       announced_at IS NOT NULL AS announced
     FROM ticket WHERE id = ?2`,
    deliveryId,
    id,
  );
  if (row === undefined) return null;
  return { state: row.state, delivered: row.delivered === 1, announced: row.announced === 1 };
}

/** Remembers a further delivery of a ticket. */
export function remember(sql: SqlStorage, deliveryId: string, now: number): void {
  sql.exec("INSERT INTO delivery (id, received_at) VALUES (?, ?)", deliveryId, now);
}

/** Notes that the ticket system told of a ticket. */
export function announce(sql: SqlStorage, id: string, now: number): void {
  sql.exec("UPDATE ticket SET announced_at = ? WHERE id = ?", now, id);
}

/** Puts a ticket on the list for the first time. */
export function insert(sql: SqlStorage, job: Job, deliveryId: string | null, now: number): void {
  sql.exec(
    `INSERT INTO ticket
       (id, state, delivery_id, scanned, force, revision, tried, received_at, queued_at, due_at,
        announced_at)
     VALUES (?1, 'waiting', ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?7, ?8)`,
    job.ticketId,
    deliveryId,
    job.scanned && JSON.stringify(job.scanned),
    Number(job.force),
    // A forced comment is a new one, even where an older ledger, now lost, made the first.
    job.force ? now : 1,
    Number(job.trigger === "re-trigger"),
    now,
    job.trigger === "created" ? now : null,
  );
}

/** How a ticket is put on the list once more. */
export interface Again {
  readonly refetch: boolean;
  readonly force: boolean;
  readonly now: number;
}

/** Puts a ticket on the list once more. A finished one gets a new comment, others the one due. */
export function queueAgain(sql: SqlStorage, id: string, { refetch, force, now }: Again): void {
  sql.exec(
    `UPDATE ticket SET state = 'waiting', outcome = NULL, finished_at = NULL, again = NULL,
       attempts = 0, crashes = 0, offences = 0, queued_at = ?1, due_at = ?1,
       scanned = IIF(?2, NULL, scanned),
       force = ?3 OR (force AND state <> 'done'),
       revision = revision + (state = 'done'),
       tried = tried AND state <> 'done'
     WHERE id = ?4`,
    now,
    Number(refetch),
    Number(force),
    id,
  );
}

/** Notes that a ticket which is being worked on is wanted once more; force stays. */
export function noteAgain(sql: SqlStorage, id: string, force: boolean): void {
  sql.exec(
    "UPDATE ticket SET again = IIF(again = 'force', again, ?) WHERE id = ?",
    force ? "force" : "re-trigger",
    id,
  );
}
