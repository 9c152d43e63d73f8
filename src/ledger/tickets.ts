import type { Outcome } from "../enrich.ts";
import { type FailureCode, PAUSING } from "../errors.ts";
import type { Job } from "../ticket.ts";
import { type State, TicketRow } from "./schema.ts";

/** A ticket that so often made the whole system wait is left to its own delays. */
const MAX_OFFENCES = 2;

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

/** What is known of a ticket before its delivery is accepted. */
export interface Seen {
  readonly state: State;
  /** The delivery was accepted before. */
  readonly delivered: boolean;
}

/** Looks whether a delivery or its ticket came before. */
export function look(sql: SqlStorage, id: string, deliveryId: string): Seen | null {
  const [row] = sql.exec<{ state: State; delivered: number }>(
    `SELECT state, delivery_id = ?1 OR EXISTS (SELECT 1 FROM delivery WHERE id = ?1) AS delivered
     FROM ticket WHERE id = ?2`,
    deliveryId,
    id,
  );
  return row ? { state: row.state, delivered: row.delivered === 1 } : null;
}

/** Remembers a further delivery of a ticket. */
export function remember(sql: SqlStorage, deliveryId: string, now: number): void {
  sql.exec("INSERT INTO delivery (id, received_at) VALUES (?, ?)", deliveryId, now);
}

/** Puts a ticket on the list for the first time. */
export function insert(sql: SqlStorage, job: Job, deliveryId: string | null, now: number): void {
  sql.exec(
    `INSERT INTO ticket
       (id, state, delivery_id, scanned, force, revision, tried, received_at, queued_at, due_at)
     VALUES (?1, 'waiting', ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?7)`,
    job.ticketId,
    deliveryId,
    job.scanned && JSON.stringify(job.scanned),
    Number(job.force),
    // A forced comment is a new one, even where an older ledger, now lost, made the first.
    job.force ? now : 1,
    Number(job.trigger === "re-trigger"),
    now,
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

const LEASE_ORDER = {
  oldest: "due_at",
  /** A probe: one that never succeeds must not be the only one that is tried. */
  leastTried: "attempts, due_at",
} as const;

/** Which tickets are taken, and until when. */
export interface Lease {
  readonly order: keyof typeof LEASE_ORDER;
  readonly count: number;
  /** When they were due at the latest. */
  readonly dueBy: number;
  readonly until: number;
}

/** Takes the next tickets that are due, for a time; `due_at` is still what it was before. */
export function lease(sql: SqlStorage, { order, count, dueBy, until }: Lease): TicketRow[] {
  const due = sql.exec(
    `SELECT * FROM ticket WHERE due_at <= ? AND state = 'waiting'
     ORDER BY ${LEASE_ORDER[order]} LIMIT ?`,
    dueBy,
    count,
  );
  const read = [...due].map((row) => [String(row.id), TicketRow.safeParse(row).data] as const);
  const rows = read.flatMap(([, row]) => row ?? []);
  // Written by a version that is unknown here: shown as failed, so that a person sees it.
  const unknown = read.filter(([, row]) => row === undefined);
  for (const [id] of unknown) settleFailed(sql, id, "unexpected", dueBy);
  if (rows.length === 0) {
    return unknown.length > 0 ? lease(sql, { order, count, dueBy, until }) : [];
  }
  sql.exec(
    `UPDATE ticket SET state = 'working', attempts = attempts + 1, tried = 1, due_at = ?
     WHERE id IN (SELECT value FROM json_each(?))`,
    until,
    JSON.stringify(rows.map(({ id }) => id)),
  );
  return rows.map((row) => ({ ...row, attempts: row.attempts + 1 }));
}

/** A ticket which a process that is gone was working on. */
export interface Abandoned {
  readonly id: string;
  /** Until when it had been taken. */
  readonly until: number;
  /** How often that has happened to it, this time included. */
  readonly crashes: number;
}

/** What a process that is gone had taken. */
export function abandoned(sql: SqlStorage): Abandoned[] {
  const rows = sql.exec<{ id: string; until: number; crashes: number }>(
    `SELECT id, due_at AS until, crashes + 1 AS crashes FROM ticket
     WHERE due_at IS NOT NULL AND state = 'working'`,
  );
  return [...rows];
}

/** Gives one of them back. */
export function release(
  sql: SqlStorage,
  { id, crashes }: Abandoned,
  due: number,
  unsureUntil: number,
): void {
  sql.exec(
    "UPDATE ticket SET state = 'waiting', crashes = ?, due_at = ?, unsure_until = ? WHERE id = ?",
    crashes,
    due,
    unsureUntil,
    id,
  );
}

/** When the next ticket is due; null when none is left. */
export function nextDue(sql: SqlStorage): number | null {
  const [row] = sql.exec<{ due: number }>(
    `SELECT due_at AS due FROM ticket WHERE due_at IS NOT NULL AND state = 'waiting'
     ORDER BY due_at LIMIT 1`,
  );
  return row?.due ?? null;
}

/** The ticket system answers again: what waited because of it comes in the order in which it came. */
export function bringForward(sql: SqlStorage): void {
  sql.exec(
    `UPDATE ticket SET due_at = queued_at
     WHERE due_at IS NOT NULL AND state = 'waiting' AND offences < ${MAX_OFFENCES}
       AND last_failure IN (${PAUSING.map((code) => `'${code}'`).join()})`,
  );
}

/** The clock was set back: what is due keeps its distance. */
export function shift(sql: SqlStorage, byMs: number): void {
  sql.exec("UPDATE ticket SET due_at = due_at + ? WHERE due_at IS NOT NULL", byMs);
}

/** How a ticket is wanted once more, by what came while it was being worked on. */
type WantedAgain = TicketRow["again"];

export function settleDone(
  sql: SqlStorage,
  id: string,
  outcome: Outcome,
  now: number,
): WantedAgain {
  const [row] = sql.exec<{ again: WantedAgain }>(
    `UPDATE ticket SET state = 'done', outcome = ?, codes = ?, contact_microsoft = ?,
       comment_id = COALESCE(?, comment_id), digest = COALESCE(?, digest), catalog_version = ?,
       locale = ?, force = 0, last_failure = NULL, crashes = 0, finished_at = ?, due_at = NULL
     WHERE id = ? RETURNING again`,
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

export function settleWaiting(sql: SqlStorage, id: string, waiting: Waiting): WantedAgain {
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

/** Gives a ticket back as if it had not been taken. */
export function settleUntried(sql: SqlStorage, id: string, due: number): void {
  sql.exec(
    "UPDATE ticket SET state = 'waiting', attempts = attempts - 1, due_at = ? WHERE id = ?",
    due,
    id,
  );
}

export function settleFailed(
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
