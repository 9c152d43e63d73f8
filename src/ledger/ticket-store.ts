import * as z from "zod/mini";
import type { Outcome } from "../enrichment/enrich.ts";
import { BREAKER_FAILURES, type FailureCode } from "../failure.ts";
import {
  type CreatedJob,
  type Job,
  type RetriggerJob,
  type Scanned,
  TicketState,
} from "../ticket.ts";
import type { Next } from "./decide.ts";
import { Json } from "./meta.ts";
import {
  type DueTicket,
  Flag,
  readDueTickets,
  SELECT_DUE_TICKETS,
  type TicketRow,
} from "./ticket-row.ts";

/** The mode that the record shows for an outcome; `post` for all others. */
const MODES: Partial<Record<Outcome["outcome"], string>> = { withheld: "shadow", tagged: "tags" };

/**
 * The answer to a job. `unknown`: a re-trigger of a ticket that the ledger does not know and cannot
 * read.
 */
export type Receipt = "accepted" | "duplicate" | "unknown";

/** Facts from outside of the store. */
export interface AcceptContext {
  readonly now: number;
  /** Whether tickets can be read from the ticket system. */
  readonly canRead: () => boolean;
  /** The pictures of tickets are read, so a text without a code is not the whole ticket. */
  readonly readsPictures: () => boolean;
  /** Whether an attempt has the ticket. Its row does not show that before the first write. */
  readonly isLeased: (id: string) => boolean;
}

export interface Accepted {
  readonly receipt: Receipt;
  /** `queued`: an attempt is due. An outcome: the ticket needs none. Null: nothing changed. */
  readonly effect: "queued" | "no_code" | "skipped" | null;
  /** The ticket system announced a ticket that the ledger did not know. */
  readonly isNew?: true;
}

const Interrupted = z.object({
  id: z.string(),
  /** How often in a row this has happened, this time included. */
  crashes: z.int(),
  mayBePosted: Flag,
});
/** A ticket whose attempt was interrupted by a crash of the process. */
export type Interrupted = Readonly<z.infer<typeof Interrupted>>;

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

/**
 * `bringForward` skips a ticket that has opened the circuit breaker this often: it is more likely to
 * be the cause than the ticket system.
 */
const MAX_BREAKER_TRIPS = 2;

const ORDERS = {
  oldest: "due_at",
  /** For a half-open circuit: tickets with the fewest attempts. */
  leastTried: "attempts, due_at",
} as const;

/**
 * The row is as the attempt found it, or as the attempt itself recorded it: nothing else has
 * changed it since. Its values are {@link unchangedValues}.
 */
const UNCHANGED_SINCE_START = `id = ? AND queued_at = ? AND state IN ('waiting', 'working')
  AND attempts IN (?, ? + 1)`;

/**
 * All SQL that changes tickets and deliveries, and the state machine of a ticket.
 *
 *           +------- unfinished: due_at is set --------+
 *     1     |                    3                     |
 *     ----> |  waiting  ------------------->  working  |
 *           |           <-------------------           |
 *           |                    4                     |
 *           +------------------------------------------+
 *                |      ^                |      ^
 *                | 5    | 6 (waiting)    | 7    | 8 (waiting)
 *     2          v      |                v      |
 *     ---------->  done                   failed
 *                    | 9                     | 9
 *                    v                       v
 *
 * 1. `accept`: a job for an unknown ticket that has a code, or that must be read.
 * 2. `accept`: a job for an unknown ticket that has no code, or that bears a tag of SKIP_TAGS.
 * 3. `recordMayBePosted`: an attempt is about to post the comment.
 *    `recordStart`: an attempt starts after the process has crashed.
 * 4. `apply`: the attempt failed and the ticket is tried again (`retry`, `untried`).
 *    `recover`: the process crashed.
 * 5. `apply`: the ticket is done (`done`, `comment_kept`).
 * 6. `accept`: a re-trigger, which starts a new revision. `queueRecheck`: the catalog has changed.
 * 7. `apply`: the ticket is given up (`failed`).
 *    `failAsUnexpected`: the process crashed too often, or this version cannot read the row.
 * 8. `accept`: a re-trigger or a new delivery. `reviseFailures`: the ticket system was the cause.
 * 9. `prunePage`: 90 days have passed. `forget`, from any state: a person deletes the ticket.
 *
 * An attempt that only edits a comment, or sends none, writes nothing before it ends. Its ticket goes
 * from `waiting` to `done` or `failed`, or stays. A ticket also stays `waiting` when it is
 * re-triggered, when a delivery brings its text, and when the circuit breaker closes
 * (`bringForward`). What arrives during an attempt takes effect when it ends: a re-trigger, and the
 * first delivery of a ticket that fails (steps 6 and 8 follow at once).
 *
 * `due_at` is the time of the next attempt. The column `tried`, not the state, says whether the
 * comment may be on the ticket. `ticket-row.ts` explains the fields, and the four columns with old
 * names: `again`, `tried`, `unsure_until` and `offences`.
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
    if (isFailed || !known.isAnnounced) this.#announce(ticketId, now);
    return { receipt: "accepted", effect: isFailed || isScanStored ? "queued" : null };
  }

  #announce(id: string, now: number) {
    this.#sql.exec("UPDATE ticket SET announced_at = ? WHERE id = ?", now, id);
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

  /** What decides how a job is accepted; null when the ledger does not know the ticket. */
  #known(id: string, deliveryId: string) {
    const [row] = this.#sql.exec(
      `SELECT state, announced_at IS NOT NULL AS isAnnounced, request_id AS requestId,
         COALESCE(delivery_id = ?1, 0) OR EXISTS (SELECT 1 FROM delivery WHERE id = ?1) AS isDelivered
       FROM ticket WHERE id = ?2`,
      deliveryId,
      id,
    );
    return row === undefined ? null : KnownTicket.parse(row);
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

  // Finding the next tickets.

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
  ): ReturnType<typeof readDueTickets> {
    const rows = this.#sql.exec(
      `${SELECT_DUE_TICKETS} WHERE due_at <= ? AND state = 'waiting'
         AND id NOT IN (SELECT value FROM json_each(?))
       ORDER BY ${ORDERS[order]} LIMIT ?`,
      dueBy,
      JSON.stringify(except),
      count,
    );
    return readDueTickets(rows);
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

  // Writing what an attempt did.

  /**
   * Records that an attempt starts, so that a crash during it is counted.
   *
   * @returns False when the row has changed since the attempt began: the attempt must end.
   */
  recordStart(ticket: DueTicket): boolean {
    return this.#recordAttempt(ticket, 0);
  }

  /**
   * Records, just before the comment is posted, that it may be on the ticket.
   *
   * @returns False when the row has changed since the attempt began: nothing must be posted.
   */
  recordMayBePosted(ticket: DueTicket): boolean {
    return this.#recordAttempt(ticket, 1);
  }

  #recordAttempt(ticket: DueTicket, mayBePosted: 0 | 1) {
    const cursor = this.#sql.exec(
      `UPDATE ticket SET state = 'working', attempts = ?, tried = MAX(tried, ?)
       WHERE ${UNCHANGED_SINCE_START}`,
      ticket.earlierAttempts + 1,
      mayBePosted,
      ...unchangedValues(ticket),
    );
    return cursor.rowsWritten > 0;
  }

  /**
   * Writes the decision on an attempt. Queues the ticket again if a re-trigger arrived meanwhile, or
   * if the attempt failed for good and the first delivery arrived meanwhile.
   *
   * @param canRead As for {@link accept}.
   * @returns False when the row has changed since the attempt began: then nothing is written.
   */
  apply(ticket: DueTicket, next: Next, now: number, canRead: () => boolean): boolean {
    const pending = this.#apply(ticket, next, now);
    if (pending === undefined) return false;
    if (pending !== null) {
      const force = pending === "force";
      this.#queueAgain(ticket.id, { now, reread: canRead(), force, requestId: null });
    } else if (next.kind === "failed" && this.#isAnnouncedDuring(ticket)) {
      this.#queueAgain(ticket.id, { now, reread: false, force: false, requestId: null });
      this.#announce(ticket.id, now);
    }
    return true;
  }

  /** Whether the ticket system has announced the ticket since the attempt began. */
  #isAnnouncedDuring({ id, announcedAt }: DueTicket) {
    const rows = this.#sql.exec(
      "SELECT 1 FROM ticket WHERE id = ? AND announced_at IS NOT ?",
      id,
      announcedAt,
    );
    return [...rows].length > 0;
  }

  /** Returns the pending re-trigger; undefined when nothing was written. */
  #apply(ticket: DueTicket, next: Next, now: number): PendingRetrigger | undefined {
    const attempts = ticket.earlierAttempts + 1;
    switch (next.kind) {
      case "done":
        return this.#finish(ticket, next.outcome, now);
      case "retry":
        if (next.trippedBreaker) this.#countTrip(ticket.id);
        return this.#update(ticket, {
          state: "waiting",
          attempts,
          crashes: 0,
          last_failure: next.code,
          due_at: next.dueAt,
          unsure_until: Math.max(ticket.outcomeUnknownUntil, next.outcomeUnknownUntil),
        });
      case "comment_kept":
        return this.#update(ticket, {
          state: "done",
          outcome: "unchanged",
          attempts,
          edit_only: 0,
          last_failure: next.code,
          finished_at: now,
          due_at: null,
        });
      case "failed":
        return this.#update(ticket, {
          state: "failed",
          attempts,
          last_failure: next.code,
          finished_at: now,
          due_at: null,
        });
      case "untried":
        return this.#update(ticket, { state: "waiting", attempts: ticket.earlierAttempts });
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
      attempts: ticket.earlierAttempts + 1,
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
    ticket: DueTicket,
    values: Readonly<Record<string, SqlStorageValue>>,
  ): PendingRetrigger | undefined {
    const changes = Object.keys(values).map((name) => `${name} = ?`);
    const [row] = this.#sql.exec<{ pending: PendingRetrigger }>(
      `UPDATE ticket SET ${changes.join(", ")} WHERE ${UNCHANGED_SINCE_START}
       RETURNING again AS pending`,
      ...Object.values(values),
      ...unchangedValues(ticket),
    );
    return row?.pending;
  }

  // Several tickets at once.

  /** The tickets that are `working` although no process works on them: it crashed. */
  interrupted(): Interrupted[] {
    const rows = this.#sql.exec(
      `SELECT id, crashes + 1 AS crashes, tried AS mayBePosted FROM ticket
       WHERE due_at IS NOT NULL AND state = 'working'`,
    );
    return [...rows].map((row) => Interrupted.parse(row));
  }

  /**
   * Makes an interrupted ticket wait for another attempt.
   *
   * @param outcomeUnknownUntil Until then its comment may still appear; 0 when none was sent.
   */
  recover({ id, crashes }: Interrupted, dueAt: number, outcomeUnknownUntil: number): void {
    this.#sql.exec(
      `UPDATE ticket SET state = 'waiting', crashes = ?, due_at = ?, unsure_until = ?
       WHERE id = ? AND state = 'working'`,
      crashes,
      dueAt,
      outcomeUnknownUntil,
      id,
    );
  }

  /**
   * Ends a ticket with the failure `unexpected`: this version cannot read its row, or the process
   * crashed too often during its attempts.
   */
  failAsUnexpected(id: string, now: number): void {
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
   * Revises earlier failures that turned out to be caused by the ticket system. Each counts as
   * having opened the circuit breaker, and tickets that failed for good wait again.
   *
   * @param code Tickets whose last failure is another one stay as they are.
   * @param since Tickets that were queued before this time stay as they are.
   */
  reviseFailures(ids: readonly string[], code: FailureCode, now: number, since: number): void {
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

  /** After the clock was set back: sets future due times back by the same amount. */
  setDueTimesBack(backMs: number, now: number): void {
    this.#sql.exec(
      "UPDATE ticket SET due_at = due_at - ? WHERE due_at > ? AND state = 'waiting'",
      backMs,
      now,
    );
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

  // Deleting rows.

  /** Deletes a ticket. @returns False when there was none. */
  forget(id: string): boolean {
    return this.#sql.exec("DELETE FROM ticket WHERE id = ?", id).rowsWritten > 0;
  }

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

/** The values that tell whether the row is unchanged: those of {@link UNCHANGED_SINCE_START}. */
function unchangedValues({ id, queuedAt, earlierAttempts }: DueTicket) {
  return [id, queuedAt, earlierAttempts, earlierAttempts] as const;
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

type PendingRetrigger = TicketRow["pendingRetrigger"];

interface QueueAgainOptions {
  readonly now: number;
  /** Read the ticket again, because it may have changed. */
  readonly reread: boolean;
  readonly force: boolean;
  readonly requestId: string | null;
}

const KnownTicket = z.object({
  state: TicketState,
  isAnnounced: Flag,
  requestId: z.nullable(z.string()),
  isDelivered: Flag,
});

/** What becomes of a ticket that needs no attempt; null for all others. A picture may hold a code. */
function outcomeAtOnce(
  { codes, more, skipTag }: Scanned,
  readsPictures: () => boolean,
): "no_code" | "skipped" | null {
  if (skipTag !== undefined) return "skipped";
  return codes.length === 0 && more === 0 && !readsPictures() ? "no_code" : null;
}
