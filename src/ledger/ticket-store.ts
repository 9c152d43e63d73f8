import * as z from "zod/mini";
import type { Outcome } from "../enrichment/enrich.ts";
import { BREAKER_FAILURES, type FailureCode, isFailureCode } from "../failure.ts";
import {
  CodeSource,
  type CreatedJob,
  type Job,
  type RetriggerJob,
  Scanned,
  TicketOutcome,
  TicketState,
} from "../ticket.ts";
import type { Next } from "./decide.ts";
import { Flag, Json } from "./schema.ts";

const Code = z.custom<FailureCode>((value) => typeof value === "string" && isFailureCode(value));

/** The comment mode, for outcomes where no comment was posted. */
const MODES: Partial<Record<Outcome["outcome"], string>> = { withheld: "shadow", tagged: "tags" };

/** A ticket of the ledger. Times are milliseconds since 1970. */
const TicketRow = z.object({
  id: z.string(),
  state: TicketState,
  outcome: z.nullable(TicketOutcome),
  /** The result of the scan; null when the ticket must be read, or when it is unreadable. */
  scanned: z.nullable(z.catch(z.nullable(z.pipe(Json, Scanned)), null)),
  /** Post a new comment even when nothing has changed. */
  force: Flag,
  /** Edit the existing comment only; post no new one. */
  editOnly: Flag,
  /** A re-trigger that arrived during the current attempt; null when there is none. */
  rerun: z.nullable(z.enum(["re-trigger", "force"])),
  /** The number of the comment. Each revision has a marker of its own. */
  revision: z.int(),
  /** An attempt has started to post the comment of this revision. */
  mayBePosted: Flag,
  /** Until then a comment that was sent without an answer may still appear. */
  unknownUntil: z.int(),
  attempts: z.int(),
  /** How often in a row the process crashed during its attempt. */
  crashes: z.int(),
  /** How often it opened the circuit breaker. */
  breakerTrips: z.int(),
  lastFailure: z.nullable(z.catch(Code, "unexpected")),
  commentId: z.nullable(z.string()),
  visibility: z.nullable(z.enum(["internal", "public"])),
  digest: z.nullable(z.string()),
  codes: z.pipe(Json, z.array(z.string())),
  topics: z.pipe(Json, z.array(z.nullable(z.string()))),
  sources: z.pipe(Json, z.array(z.nullable(CodeSource))),
  situation: z.nullable(z.string()),
  contactMicrosoft: Flag,
  catalogVersion: z.nullable(z.string()),
  locale: z.nullable(z.string()),
  mode: z.string(),
  receivedAt: z.int(),
  queuedAt: z.int(),
  /** When the ticket system last reported it; null when only a person asked for it. */
  announcedAt: z.nullable(z.int()),
  finishedAt: z.nullable(z.int()),
  /** When the next attempt is due; null when the ticket is done or failed. */
  dueAt: z.nullable(z.int()),
});
export type TicketRow = Readonly<z.infer<typeof TicketRow>>;

const DueTicket = z.pick(TicketRow, {
  id: true,
  scanned: true,
  force: true,
  editOnly: true,
  revision: true,
  mayBePosted: true,
  unknownUntil: true,
  attempts: true,
  crashes: true,
  breakerTrips: true,
  commentId: true,
  visibility: true,
  digest: true,
  codes: true,
  sources: true,
  queuedAt: true,
  announcedAt: true,
});
/** The fields that an attempt needs. */
export type DueTicket = Readonly<z.infer<typeof DueTicket>>;

/** Columns whose names differ from the field. */
const COLUMNS: ReadonlyMap<string, string> = new Map<keyof TicketRow, string>([
  ["rerun", "again"],
  ["mayBePosted", "tried"],
  ["unknownUntil", "unsure_until"],
  ["breakerTrips", "offences"],
]);

const SELECT = `SELECT ${columnsOf(TicketRow)} FROM ticket`;
const SELECT_DUE = `SELECT ${columnsOf(DueTicket)} FROM ticket`;

function columnsOf({ shape }: z.ZodMiniObject) {
  return Object.keys(shape)
    .map((field) => `${columnOf(field)} AS ${field}`)
    .join(", ");
}

/** The column of a field: `comment_id` for `commentId`. */
function columnOf(field: string) {
  return COLUMNS.get(field) ?? field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The answer to a job. `unknown`: a re-trigger of an unknown ticket that cannot be read. */
export type Receipt = "accepted" | "duplicate" | "unknown";

/** Facts from outside of the store. */
export interface AcceptContext {
  readonly now: number;
  /** Whether tickets can be read from the ticket system. */
  readonly canRead: () => boolean;
  /** The pictures of tickets are read, so a text without a code is not the whole ticket. */
  readonly readsPictures: () => boolean;
  /** Whether an attempt is in progress that may not have written anything yet. */
  readonly isLeased: (id: string) => boolean;
}

export interface Accepted {
  readonly receipt: Receipt;
  /** `queued`: an attempt is due. An outcome: the ticket needs none. Null: nothing changed. */
  readonly effect: "queued" | "no_code" | "skipped" | null;
  /** The ticket system told of a ticket that the ledger did not know. */
  readonly isNew?: true;
}

/** A selection of tickets. */
export interface TicketQuery {
  readonly state: TicketState | "any";
  /** Only tickets with this code. */
  readonly code: string | null;
  /** Only tickets that ended so. Left out, as by an earlier version: any. */
  readonly outcome?: TicketRow["outcome"];
  /** Only tickets of this topic. Left out: any. */
  readonly situation?: string | null;
  readonly limit: number;
  readonly from: ById | NewestFirst;
}

/** In the order of ids, after the last id of the previous page. */
export interface ById {
  readonly order: "id";
  readonly after: string;
}

/** The latest received first. */
export interface NewestFirst {
  readonly order: "newest";
  /**
   * Where the page starts: tickets received before `receivedAt`, and those received at that time
   * with an id after `afterId`. Null for the first page; `afterId` null for none of that time.
   */
  readonly before: { readonly receivedAt: number; readonly afterId: string | null } | null;
}

/** A ticket whose attempt was interrupted by a crash of the process. */
export interface Interrupted {
  readonly id: string;
  /** How often in a row this has happened, this time included. */
  readonly crashes: number;
  readonly mayBePosted: boolean;
}

const WithUnlisted = z.object({
  id: z.string(),
  finishedAt: z.int(),
  unlisted: z.pipe(Json, z.array(z.string())),
});
/** A finished ticket with codes that had no entry. */
export type WithUnlisted = Readonly<z.infer<typeof WithUnlisted>>;

interface UnlistedPage {
  readonly tickets: readonly WithUnlisted[];
  /** The last id of the page; null for the last page. */
  readonly end: string | null;
}

/** The tickets that wait. */
export interface Backlog {
  readonly count: number;
  /** When the oldest of them was queued; null when there is none. */
  readonly oldestQueuedAt: number | null;
}

/** `bringForward` skips a ticket that has opened the circuit breaker this often. */
const MAX_BREAKER_TRIPS = 2;

/** The condition for each state. `waiting`, `working` and `failed` use an index. */
const STATES: Readonly<Record<TicketState | "any", string>> = {
  any: "TRUE",
  waiting: "due_at IS NOT NULL AND state = 'waiting'",
  working: "due_at IS NOT NULL AND state = 'working'",
  done: "state = 'done'",
  failed: "state = 'failed'",
};

const ORDERS = {
  oldest: "due_at",
  /** For a half-open circuit: tickets that failed least often. */
  leastTried: "attempts, due_at",
} as const;

/** The row is as the attempt found it or marked it: nothing else has changed it since. */
const IS_OURS = `id = ? AND queued_at = ? AND state IN ('waiting', 'working')
  AND attempts IN (?, ? + 1)`;

/**
 * All SQL on tickets and deliveries.
 *
 *                accept          mark            apply: done
 *     (none) ----------> waiting ------> working -----------> done
 *        |               |  ^  ^            |  |               |
 *        |  apply: done  |  |  |   apply:   |  | apply:        | accept (re-trigger), recheck
 *        |    (no post)  |  |  +-- retry ---+  | failed        +----------------> waiting
 *        |               v  |      recover     v
 *        |             done +------------- failed
 *        |                    accept, take back
 *        +--> done
 *      accept: the scan found no code
 *
 * `due_at` is set while a ticket is waiting or working: the time of its next attempt. An attempt
 * leases a ticket in memory. Its first write is the mark, just before the comment is sent. So
 * `working` on disk means that the comment may be on the ticket.
 *
 * A write of an attempt applies only if the row is unchanged since the attempt began. An attempt
 * that was replaced, or whose ticket was deleted, writes nothing.
 *
 * All methods that write run in the transaction of the caller.
 */
export class TicketStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  // Accepting jobs.

  accept(job: Job, context: AcceptContext): Accepted {
    return job.kind === "created"
      ? this.#acceptCreated(job, context)
      : this.#acceptRetrigger(job, context);
  }

  #acceptCreated(job: CreatedJob, { now, readsPictures }: AcceptContext): Accepted {
    const { ticketId, scanned } = job;
    const deliveryId = job.deliveryId ?? `ticket ${ticketId}`;
    const known = this.#known(ticketId, deliveryId);
    if (known?.isDelivered) return { receipt: "duplicate", effect: null };
    if (known === null) {
      const outcome = scanned && outcomeAtOnce(scanned, readsPictures);
      const isDone = outcome !== null;
      this.#insert({
        id: ticketId,
        state: isDone ? "done" : "waiting",
        outcome,
        delivery_id: deliveryId,
        scanned: scanned && JSON.stringify(scanned),
        received_at: now,
        queued_at: now,
        announced_at: now,
        finished_at: isDone ? now : null,
        due_at: isDone ? null : now,
      });
      return { receipt: "accepted", effect: outcome ?? "queued", isNew: true };
    }
    this.#sql.exec("INSERT INTO delivery (id, received_at) VALUES (?, ?)", deliveryId, now);
    const isFailed = known.state === "failed";
    if (isFailed) this.#queueAgain(ticketId, { now, reread: false, force: false, requestId: null });
    const hasCodes = scanned !== null && scanned.codes.length > 0;
    const isScanStored = hasCodes && this.#storeScan(ticketId, scanned, now);
    if (isFailed || !known.isAnnounced) {
      this.#sql.exec("UPDATE ticket SET announced_at = ? WHERE id = ?", now, ticketId);
    }
    return { receipt: "accepted", effect: isFailed || isScanStored ? "queued" : null };
  }

  /**
   * Stores the scan of a delivery for a ticket that has no comment and was not read yet. The ticket
   * system may never let it be read.
   */
  #storeScan(id: string, scanned: Scanned, now: number): boolean {
    const cursor = this.#sql.exec(
      `UPDATE ticket SET scanned = ?, due_at = ?
       WHERE id = ? AND state = 'waiting' AND scanned IS NULL AND digest IS NULL`,
      JSON.stringify(scanned),
      now,
      id,
    );
    return cursor.rowsWritten > 0;
  }

  #acceptRetrigger(job: RetriggerJob, { now, canRead, isLeased }: AcceptContext): Accepted {
    const { ticketId, force, requestId } = job;
    const known = this.#known(ticketId, "");
    if (known === null) {
      if (!canRead()) return { receipt: "unknown", effect: null };
      this.#insert({
        id: ticketId,
        state: "waiting",
        force: Number(force),
        request_id: requestId,
        // The time as revision: a new marker, even if a ledger that was lost posted revision 1.
        revision: force ? now : 1,
        tried: 1,
        received_at: now,
        queued_at: now,
        due_at: now,
      });
      return { receipt: "accepted", effect: "queued" };
    }
    if (known.requestId === requestId) return { receipt: "accepted", effect: null };
    if (known.state === "working" || isLeased(ticketId)) {
      // A later re-trigger without force does not replace a forced one.
      this.#sql.exec(
        "UPDATE ticket SET again = IIF(again = 'force', again, ?), request_id = ? WHERE id = ?",
        force ? "force" : "re-trigger",
        requestId,
        ticketId,
      );
      return { receipt: "accepted", effect: null };
    }
    this.#queueAgain(ticketId, { now, reread: canRead(), force, requestId });
    return { receipt: "accepted", effect: "queued" };
  }

  /** The state of a ticket before a job is accepted; null when the ticket is new. */
  #known(id: string, deliveryId: string) {
    const [row] = this.#sql.exec(
      `SELECT state, announced_at IS NOT NULL AS isAnnounced, request_id AS requestId,
         COALESCE(delivery_id = ?1, 0) OR EXISTS (SELECT 1 FROM delivery WHERE id = ?1) AS isDelivered
       FROM ticket WHERE id = ?2`,
      deliveryId,
      id,
    );
    return row === undefined ? null : Known.parse(row);
  }

  #insert(values: Readonly<Record<string, SqlStorageValue>>) {
    const names = Object.keys(values);
    this.#sql.exec(
      `INSERT INTO ticket (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`,
      ...Object.values(values),
    );
  }

  /** Queues a ticket again. A done ticket gets a new revision; any other keeps its revision. */
  #queueAgain(id: string, { now, reread, force, requestId }: QueueAgainOptions) {
    this.#sql.exec(
      `UPDATE ticket SET state = 'waiting', outcome = NULL, finished_at = NULL, again = NULL,
         attempts = 0, crashes = 0, offences = 0, queued_at = ?1, due_at = ?1,
         scanned = IIF(?2, NULL, scanned),
         force = ?3 OR (force AND state <> 'done'),
         edit_only = 0,
         revision = revision + (state = 'done' OR edit_only),
         tried = tried AND state <> 'done' AND NOT edit_only,
         request_id = COALESCE(?4, request_id)
       WHERE id = ?5`,
      now,
      Number(reread),
      Number(force),
      requestId,
      id,
    );
  }

  // The next tickets.

  /**
   * The next tickets to try.
   *
   * @param dueBy Milliseconds since 1970.
   * @param except Ids of leased tickets.
   */
  due(
    dueBy: number,
    count: number,
    except: readonly string[],
    order: keyof typeof ORDERS,
  ): Readable<DueTicket> {
    const rows = this.#sql.exec(
      `${SELECT_DUE} WHERE due_at <= ? AND state = 'waiting'
         AND id NOT IN (SELECT value FROM json_each(?))
       ORDER BY ${ORDERS[order]} LIMIT ?`,
      dueBy,
      JSON.stringify(except),
      count,
    );
    return readable(DueTicket, [...rows]);
  }

  /**
   * When the next ticket is due; null when none is left. Includes `working` tickets that are not
   * leased: they belonged to a process that crashed.
   */
  nextDueAt(except: readonly string[] = []): number | null {
    const [row] = this.#sql.exec<{ dueAt: number }>(
      `SELECT due_at AS dueAt FROM ticket WHERE due_at IS NOT NULL
         AND id NOT IN (SELECT value FROM json_each(?))
       ORDER BY due_at LIMIT 1`,
      JSON.stringify(except),
    );
    return row?.dueAt ?? null;
  }

  // The writes of an attempt.

  /**
   * Records, just before the comment is sent, that it may be on the ticket.
   *
   * @returns False when the row has changed since the attempt began: the comment must not be sent.
   */
  mark(ticket: DueTicket): boolean {
    return this.#begin(ticket, 1);
  }

  /**
   * Records that an attempt begins, so that a crash during it is counted.
   *
   * @returns False as with {@link mark}.
   */
  lease(ticket: DueTicket): boolean {
    return this.#begin(ticket, 0);
  }

  #begin({ id, queuedAt, attempts }: DueTicket, mayBePosted: 0 | 1) {
    const cursor = this.#sql.exec(
      `UPDATE ticket SET state = 'working', attempts = ?, tried = MAX(tried, ?) WHERE ${IS_OURS}`,
      attempts + 1,
      mayBePosted,
      id,
      queuedAt,
      attempts,
      attempts,
    );
    return cursor.rowsWritten > 0;
  }

  /**
   * Writes the decision on an attempt. If a re-trigger arrived meanwhile, queues the ticket again.
   *
   * @param canRead As for {@link accept}.
   * @returns False when the row has changed since the attempt began: then nothing is written.
   */
  apply(ticket: DueTicket, next: Next, now: number, canRead: () => boolean): boolean {
    const rerun = this.#apply(ticket, next, now);
    if (rerun === undefined) return false;
    if (rerun !== null) {
      const force = rerun === "force";
      this.#queueAgain(ticket.id, { now, reread: canRead(), force, requestId: null });
    }
    return true;
  }

  /** Returns the pending re-trigger; undefined when nothing was written. */
  #apply(ticket: DueTicket, next: Next, now: number): TicketRow["rerun"] | undefined {
    const { attempts } = ticket;
    switch (next.kind) {
      case "done":
        return this.#finish(ticket, next.outcome, now);
      case "retry":
        if (next.trippedBreaker) this.#countTrip(ticket.id);
        return this.#update(ticket, {
          state: "waiting",
          attempts: attempts + 1,
          crashes: 0,
          last_failure: next.code,
          due_at: next.dueAt,
          unsure_until: Math.max(ticket.unknownUntil, next.unknownUntil),
        });
      case "kept":
        return this.#update(ticket, {
          state: "done",
          outcome: "unchanged",
          attempts: attempts + 1,
          edit_only: 0,
          last_failure: next.code,
          finished_at: now,
          due_at: null,
        });
      case "failed":
        return this.#update(ticket, {
          state: "failed",
          attempts: attempts + 1,
          last_failure: next.code,
          finished_at: now,
          due_at: null,
        });
      case "untried":
        return this.#update(ticket, { state: "waiting", attempts });
      case "superseded":
        return undefined;
    }
  }

  #countTrip(id: string) {
    this.#sql.exec("UPDATE ticket SET offences = offences + 1 WHERE id = ?", id);
  }

  #finish(ticket: DueTicket, outcome: Outcome, now: number) {
    const isSilent = outcome.outcome === "no_code" || outcome.outcome === "skipped";
    const keepsComment = isSilent && ticket.digest !== null;
    return this.#update(ticket, {
      state: "done",
      outcome: outcome.outcome,
      mode: MODES[outcome.outcome] ?? "post",
      attempts: ticket.attempts + 1,
      crashes: 0,
      force: 0,
      edit_only: 0,
      last_failure: null,
      unlisted: JSON.stringify(outcome.unlisted),
      ...(keepsComment ? {} : toColumns(outcome)),
      // The outcome holds null where the comment on the ticket has not changed.
      comment_id: outcome.commentId ?? ticket.commentId,
      visibility: outcome.visibility ?? ticket.visibility,
      digest: outcome.digest ?? ticket.digest,
      finished_at: now,
      due_at: null,
    });
  }

  #update(
    { id, queuedAt, attempts }: DueTicket,
    values: Readonly<Record<string, SqlStorageValue>>,
  ): TicketRow["rerun"] | undefined {
    const changes = Object.keys(values).map((name) => `${name} = ?`);
    const [row] = this.#sql.exec<{ rerun: TicketRow["rerun"] }>(
      `UPDATE ticket SET ${changes.join(", ")} WHERE ${IS_OURS} RETURNING again AS rerun`,
      ...Object.values(values),
      id,
      queuedAt,
      attempts,
      attempts,
    );
    return row?.rerun;
  }

  // Several tickets at once.

  /** The tickets whose attempt was interrupted by a crash of the process. */
  interrupted(): Interrupted[] {
    const rows = this.#sql.exec(
      `SELECT id, crashes + 1 AS crashes, tried AS mayBePosted FROM ticket
       WHERE due_at IS NOT NULL AND state = 'working'`,
    );
    return [...rows].map((row) => Interrupted.parse(row));
  }

  /** Reschedules such a ticket. @param unknownUntil Until then its comment may still appear. */
  recover({ id, crashes }: Interrupted, dueAt: number, unknownUntil: number): void {
    this.#sql.exec(
      `UPDATE ticket SET state = 'waiting', crashes = ?, due_at = ?, unsure_until = ?
       WHERE id = ? AND state = 'working'`,
      crashes,
      dueAt,
      unknownUntil,
      id,
    );
  }

  /** Ends a ticket that this version cannot read, or on which the process crashed too often. */
  fail(id: string, now: number): void {
    this.#sql.exec(
      `UPDATE ticket SET state = 'failed', last_failure = 'unexpected', finished_at = ?, due_at = NULL
       WHERE id = ?`,
      now,
      id,
    );
  }

  /**
   * After the circuit closed: makes the tickets that waited for it due, in their original order.
   */
  bringForward(): void {
    this.#sql.exec(
      `UPDATE ticket SET due_at = queued_at
       WHERE due_at IS NOT NULL AND state = 'waiting' AND offences < ?
         AND last_failure IN (SELECT value FROM json_each(?))`,
      MAX_BREAKER_TRIPS,
      JSON.stringify(BREAKER_FAILURES),
    );
  }

  /**
   * Revises earlier failures that turned out to be caused by the ticket system: each counts as
   * having opened the circuit breaker, and tickets that failed for good wait again.
   *
   * @param since Tickets that were queued before this time stay as they are.
   */
  takeBack(ids: readonly string[], code: FailureCode, now: number, since: number): void {
    if (ids.length === 0) return;
    this.#sql.exec(
      `UPDATE ticket SET offences = offences + 1, due_at = COALESCE(due_at, ?1), finished_at = NULL,
         state = IIF(state = 'failed', 'waiting', state)
       WHERE id IN (SELECT value FROM json_each(?2)) AND last_failure = ?3 AND queued_at > ?4`,
      now,
      JSON.stringify(ids),
      code,
      since,
    );
  }

  /** After the clock was set back: shifts future due times by the same amount. */
  shiftDueTimes(byMs: number, now: number): void {
    this.#sql.exec(
      "UPDATE ticket SET due_at = due_at + ? WHERE due_at > ? AND state = 'waiting'",
      byMs,
      now,
    );
  }

  // Queries for people and metrics.

  /** Reads one ticket; null when there is none, or when its row is unreadable. */
  find(id: string): TicketRow | null {
    const [row] = this.#sql.exec(`${SELECT} WHERE id = ?`, id);
    return TicketRow.safeParse(row).data ?? null;
  }

  /** Reads a page of tickets. */
  list(query: TicketQuery): TicketRow[] {
    const { state, code, outcome = null, situation = null, limit, from } = query;
    const isDecided = "(outcome IS NOT NULL OR digest IS NOT NULL)";
    const hasCode = `(?1 IS NULL OR instr(IIF(${isDecided}, codes, scanned), ?1) > 0)`;
    const hasOutcome = "(?2 IS NULL OR outcome = ?2)";
    const hasSituation = `(?3 IS NULL OR (situation = ?3 AND ${isDecided}))`;
    const where = `${SELECT} WHERE ${STATES[state]} AND ${hasCode} AND ${hasOutcome} AND ${hasSituation}`;
    const values = [code && JSON.stringify(code), outcome, situation] as const;
    const rows =
      from.order === "id"
        ? this.#sql.exec(`${where} AND id > ?4 ORDER BY id LIMIT ?5`, ...values, from.after, limit)
        : this.#sql.exec(
            `${where} AND (?4 IS NULL OR received_at < ?4 OR (received_at = ?4 AND id > ?5))
             ORDER BY received_at DESC, id LIMIT ?6`,
            ...values,
            from.before?.receivedAt ?? null,
            from.before?.afterId ?? null,
            limit,
          );
    return readable(TicketRow, [...rows]).tickets;
  }

  /** Counts waiting tickets. Its cost does not grow with the ledger. */
  backlog(): Backlog {
    const [row] = this.#sql.exec<{ count: number; oldest: number | null }>(
      "SELECT COUNT(*) AS count, MIN(queued_at) AS oldest FROM ticket WHERE due_at IS NOT NULL",
    );
    return { count: row?.count ?? 0, oldestQueuedAt: row?.oldest ?? null };
  }

  /** Deletes a ticket. @returns False when there was none. */
  forget(id: string): boolean {
    return this.#sql.exec("DELETE FROM ticket WHERE id = ?", id).rowsWritten > 0;
  }

  // Enriching finished tickets again.

  /**
   * One page of finished tickets that have a comment and, with another catalog version, had a code
   * without an entry.
   *
   * @param after The last id of the previous page; "" for the first page.
   */
  withUnlisted(
    after: string,
    size: number,
    finishedSince: number,
    catalogVersion: string,
  ): UnlistedPage {
    const end = this.#endOfPage(after, size);
    // Two conditions for the end: with an OR, every page would be read up to the last ticket.
    const rows = this.#sql.exec(
      `SELECT id, finished_at AS finishedAt, unlisted FROM ticket
       WHERE id > ? ${end === null ? "AND ? IS NULL" : "AND id <= ?"} AND state = 'done'
         AND unlisted <> '[]' AND digest IS NOT NULL AND comment_id IS NOT NULL
         AND finished_at >= ? AND catalog_version <> ?`,
      after,
      end,
      finishedSince,
      catalogVersion,
    );
    const tickets = [...rows].flatMap((row) => WithUnlisted.safeParse(row).data ?? []);
    return { tickets, end };
  }

  /** Queues a finished ticket again, to edit its comment. */
  queueRecheck(id: string, now: number, dueAt: number): void {
    this.#sql.exec(
      `UPDATE ticket SET state = 'waiting', outcome = NULL, finished_at = NULL, edit_only = 1,
         attempts = 0, crashes = 0, offences = 0, queued_at = ?, due_at = ?
       WHERE id = ? AND state = 'done'`,
      now,
      dueAt,
      id,
    );
  }

  // Deleting old rows.

  /**
   * Deletes tickets of one page that were finished before a time. A ticket with a later revision
   * stays: a new row would start at revision 1, whose marker does not find the comment.
   *
   * @param after The last id of the previous page; "" for the first page.
   * @returns The last id of this page; null for the last page.
   */
  prunePage(after: string, size: number, finishedBefore: number): string | null {
    const last = this.#endOfPage(after, size);
    // Two statements: with an OR for the end, every page would be read up to the last ticket.
    const page = "DELETE FROM ticket WHERE finished_at < ? AND revision = 1 AND id > ?";
    if (last === null) this.#sql.exec(page, finishedBefore, after);
    else this.#sql.exec(`${page} AND id <= ?`, finishedBefore, after, last);
    return last;
  }

  /** The id of the last ticket of a full page; null when the page is not full. */
  #endOfPage(after: string, size: number): string | null {
    const [row] = this.#sql.exec<{ id: string }>(
      "SELECT id FROM ticket WHERE id > ? ORDER BY id LIMIT 1 OFFSET ?",
      after,
      size - 1,
    );
    return row?.id ?? null;
  }

  /** Deletes further deliveries of known tickets. */
  pruneDeliveries(receivedBefore: number): void {
    this.#sql.exec("DELETE FROM delivery WHERE received_at < ?", receivedBefore);
  }
}

/** The columns that describe a comment: posted, or only shown. */
function toColumns(outcome: Outcome) {
  return {
    codes: JSON.stringify(outcome.codes),
    topics: JSON.stringify(outcome.topics),
    // Most tickets have no picture, and the column is empty by default.
    sources: JSON.stringify(outcome.sources.some(Boolean) ? outcome.sources : []),
    situation: outcome.situation,
    contact_microsoft: Number(outcome.contactMicrosoft),
    catalog_version: outcome.catalogVersion,
    locale: outcome.locale,
  };
}

interface QueueAgainOptions {
  readonly now: number;
  /** Read the ticket again, because it may have changed. */
  readonly reread: boolean;
  readonly force: boolean;
  readonly requestId: string | null;
}

const Known = z.object({
  state: TicketState,
  isAnnounced: Flag,
  requestId: z.nullable(z.string()),
  isDelivered: Flag,
});

const Interrupted = z.object({ id: z.string(), crashes: z.int(), mayBePosted: Flag });

interface Readable<Row> {
  readonly tickets: Row[];
  /** Ids of rows that do not fit the schema: another version wrote them. */
  readonly unreadable: readonly string[];
}

/** Separates rows that this version can read from the others. */
function readable<Row>(
  schema: z.ZodMiniType<Row>,
  rows: readonly Record<string, SqlStorageValue>[],
): Readable<Row> {
  const read = rows.map((row) => [String(row.id), schema.safeParse(row).data] as const);
  return {
    tickets: read.flatMap(([, ticket]) => ticket ?? []),
    unreadable: read.flatMap(([id, ticket]) => (ticket === undefined ? [id] : [])),
  };
}

/** What becomes of a ticket that needs no attempt; null for all others. A picture may hold a code. */
function outcomeAtOnce(
  { codes, more, skipTag }: Scanned,
  readsPictures: () => boolean,
): "no_code" | "skipped" | null {
  if (skipTag !== undefined) return "skipped";
  return codes.length === 0 && more === 0 && !readsPictures() ? "no_code" : null;
}
