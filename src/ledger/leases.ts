import { BREAKER_FAILURES } from "../failure.ts";
import { writeFailed } from "./outcomes.ts";
import { TicketRow } from "./schema.ts";

/** A ticket that so often made the whole system wait is left to its own delays. */
const MAX_OFFENCES = 2;

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
  for (const [id] of unknown) writeFailed(sql, id, "unexpected", dueBy);
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
       AND last_failure IN (${BREAKER_FAILURES.map((code) => `'${code}'`).join()})`,
  );
}

/** The clock was set back: what is due keeps its distance. */
export function shift(sql: SqlStorage, byMs: number): void {
  sql.exec("UPDATE ticket SET due_at = due_at + ? WHERE due_at IS NOT NULL", byMs);
}

/** Gives a ticket back as if it had not been taken. */
export function giveBack(sql: SqlStorage, id: string, due: number): void {
  sql.exec(
    "UPDATE ticket SET state = 'waiting', attempts = attempts - 1, due_at = ? WHERE id = ?",
    due,
    id,
  );
}
