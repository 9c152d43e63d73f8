import { DurableObject } from "cloudflare:workers";
import { openCatalog } from "../catalog/store.ts";
import type { Connection } from "../connectors/connection.ts";
import { connect } from "../connectors/index.ts";
import { enrich, type Outcome } from "../enrich.ts";
import { type Env, readSettings } from "../env.ts";
import { toFailure } from "../errors.ts";
import { log } from "../log.ts";
import type { Job } from "../ticket.ts";
import { crashDelay, retryDelay } from "./backoff.ts";
import { type Batch, openBatch } from "./batch.ts";
import { GATHER_MS, openDrain } from "./drain.ts";
import { openPause, type Pause } from "./pause.ts";
import { type TicketRecord, toRecord } from "./record.ts";
import { migrate, readMeta, type TicketRow, writeMeta } from "./schema.ts";
import * as tickets from "./tickets.ts";
import { openTurns } from "./turns.ts";

/** How long a ticket belongs to one attempt: longer than all its calls can take. */
const LEASE_MS = 120_000;
/** How long one alarm takes new tickets; the platform ends it after 15 minutes. */
const DRAIN_MS = 600_000;
/** How long a comment whose answer was lost may take to show up: some ticket systems are slow. */
const UNSURE_MS = 60_000;
/** How many tickets are leased at once: each lease is on disk before its comment leaves. */
const HAND = 8;
/** A ticket that waits longer than this, although the ticket system answers, slows deliveries. */
const BEHIND_MS = 300;
/** How often a check of the disk writes to it. */
const CHECK_MS = 60_000;

/** What became of a job: `unknown` is a re-trigger of a ticket that nobody can read. */
export type Receipt = "accepted" | "duplicate" | "unknown";

/** How a ledger is. */
export interface Health {
  /** The failure for which the ticket system is left alone; null while it answers. */
  readonly paused: string | null;
}

/** The durable record of every ticket of one connection, and the one who works it off. */
export class Ledger extends DurableObject<Env> {
  readonly #sql: SqlStorage;
  readonly #pause: Pause;
  readonly #batch: Batch;
  readonly #turns = openTurns();
  /** When the ticket was due that was leased last. */
  #leasedDue = 0;
  /** Tickets that are leased and not yet begun. */
  #hand: TicketRow[] = [];
  readonly #drain = openDrain({ start: (inFlight, dueBy) => this.#start(inFlight, dueBy) });
  /** The platform lets this alarm make no more calls. */
  #callsSpent = false;
  /** What could not be written of a ticket that was worked on. */
  #stuck: unknown = null;
  #alarmAt: number | null = null;
  /** The connector whose ledger this is; empty until its first job. */
  #connector: string;
  #checkedAt = 0;
  #clock = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    migrate(ctx.storage);
    this.#batch = openBatch(ctx.storage);
    this.#pause = openPause(this.#sql);
    this.#connector = readMeta(this.#sql, "connector") ?? "";
    this.#release();
    ctx.blockConcurrencyWhile(async () => {
      this.#alarmAt = await ctx.storage.getAlarm();
      await this.#arm();
    });
  }

  /** Puts a job on disk. The answer leaves when it is there. */
  async accept(connector: string, job: Job): Promise<Receipt> {
    const receipt = await this.#batch.run(() => this.#enter(connector, job));
    const armed = this.#alarmAt !== null && this.#alarmAt <= Date.now() + GATHER_MS;
    if (!this.#drain.isRunning && !armed) await this.#arm();
    // What comes in must not outrun what goes out.
    if (this.#isBehind()) await this.#turns.wait();
    return receipt;
  }

  /** What is known of one ticket. */
  report(connector: string, ticketId: string): TicketRecord | null {
    const row = tickets.find(this.#sql, ticketId);
    return row && toRecord(connector, row, this.#pause.until);
  }

  /** What is known of tickets, by id. */
  list(connector: string, query: tickets.Query): TicketRecord[] {
    return tickets.list(this.#sql, query).map((row) => toRecord(connector, row, this.#pause.until));
  }

  /** Writes now and then, so that a full or read-only disk shows. */
  health(): Health {
    const now = this.#now();
    if (now - this.#checkedAt >= CHECK_MS) writeMeta(this.#sql, "checked", String(now));
    this.#checkedAt = now;
    return { paused: this.#pause.failure };
  }

  /** Drains: works off what is due, oldest first. Never throws; always re-arms. */
  override async alarm(): Promise<void> {
    this.#alarmAt = null;
    if (this.#drain.isRunning) return;
    // Should this process end in the middle, the next one comes back here.
    await this.#setAlarm(this.#now() + LEASE_MS);
    this.#callsSpent = false;
    try {
      await this.#drain.run(this.#now() + DRAIN_MS);
      await this.#batch.empty();
      if (this.#stuck !== null) throw this.#stuck;
      await this.#arm();
    } catch (error) {
      // The disk: what a lane could not settle is given back by the process that comes next.
      log({ event: "ledger_stuck", connector: this.#connector, detail: toFailure(error).message });
      await this.#setAlarm(this.#now() + LEASE_MS);
      this.ctx.abort("the ledger cannot write");
    }
  }

  #enter(connector: string, job: Job): Receipt {
    if (this.#connector === "") {
      writeMeta(this.#sql, "connector", connector);
      this.#connector = connector;
    }
    const now = this.#now();
    const deliveryId = job.deliveryId ?? `ticket ${job.ticketId}`;
    const seen = tickets.look(this.#sql, job.ticketId, deliveryId);
    if (job.trigger === "created") {
      if (seen?.delivered) return "duplicate";
      if (seen) tickets.remember(this.#sql, deliveryId, now);
      if (seen === null) tickets.insert(this.#sql, job, deliveryId, now);
      else if (seen.state === "failed") this.#queueAgain(job.ticketId, false, false);
      return "accepted";
    }
    const refetch = this.#canFetch(connector);
    if (seen === null && !refetch) return "unknown";
    if (seen === null) tickets.insert(this.#sql, job, null, now);
    else if (seen.state === "working") tickets.noteAgain(this.#sql, job.ticketId, job.force);
    else this.#queueAgain(job.ticketId, refetch, job.force);
    return "accepted";
  }

  #queueAgain(id: string, refetch: boolean, force: boolean) {
    tickets.queueAgain(this.#sql, id, { refetch, force, now: this.#now() });
  }

  #start(inFlight: number, dueBy: number): Promise<void> | null {
    const now = this.#now();
    const lanes = this.#callsSpent || this.#stuck !== null ? 0 : this.#pause.lanes(now);
    if (lanes <= 1) this.#giveBack();
    if (inFlight >= lanes) return null;
    if (this.#hand.length === 0) this.#hand = this.#lease(lanes, Math.min(now, dueBy));
    const row = this.#hand.shift();
    if (row === undefined) return null;
    this.#leasedDue = row.due_at ?? now;
    return this.#work(row);
  }

  /** Whether tickets that could be worked on have waited too long. */
  #isBehind() {
    if (!this.#drain.isRunning || this.#pause.failure !== null) return false;
    return Date.now() - this.#leasedDue > BEHIND_MS;
  }

  /** One transaction for several tickets, but for a probe. */
  #lease(lanes: number, dueBy: number) {
    const probing = this.#pause.failure !== null;
    return tickets.lease(this.#sql, {
      order: probing ? "leastTried" : "oldest",
      count: lanes > 1 ? HAND : 1,
      dueBy,
      until: this.#now() + LEASE_MS,
    });
  }

  /** What is in hand when the ticket system needs rest was not tried. */
  #giveBack() {
    for (const { id, due_at } of this.#hand) {
      tickets.settleUntried(this.#sql, id, due_at ?? this.#now());
    }
    this.#hand = [];
  }

  async #work(row: TicketRow): Promise<void> {
    const { period } = this.#pause;
    let connection: Connection | null = null;
    let settle: () => TicketRow["again"];
    let failed = false;
    try {
      const settings = readSettings(this.env);
      connection = connect(this.#connector, this.env);
      const catalog = await openCatalog(this.env.CATALOG, this.#now());
      const attempt = await toAttempt(connection.name, row, this.#now());
      const outcome = await enrich(attempt, connection, catalog, settings);
      settle = () => this.#settleDone(row, outcome, period);
    } catch (error) {
      const knowsRepeats = connection?.knowsRepeats ?? true;
      settle = () => this.#settleFailure(row, error, period, knowsRepeats);
      failed = true;
    }
    const settled = this.#batch.run(() => {
      const again = settle();
      // A re-trigger came while the ticket was being worked on.
      if (again) this.#queueAgain(row.id, this.#canFetch(this.#connector), again === "force");
    });
    const written = settled.catch((error) => {
      this.#stuck ??= error;
    });
    // A failure may begin a pause: then no other ticket may be tried.
    if (failed) await written;
    this.#turns.next();
  }

  /** The settling functions say how the ticket is wanted once more. */
  #settleDone(row: TicketRow, outcome: Outcome, period: number) {
    const now = this.#now();
    // Only an answer tells something of the ticket system, and some tickets need none.
    const answered = outcome.outcome === "posted" || row.scanned === null;
    if (answered && this.#pause.end(period, now)) tickets.bringForward(this.#sql);
    log({ event: "ticket_done", connector: this.#connector, id: row.id, outcome: outcome.outcome });
    return tickets.settleDone(this.#sql, row.id, outcome, now);
  }

  #settleFailure(row: TicketRow, error: unknown, period: number, knowsRepeats: boolean) {
    const now = this.#now();
    const random = Math.random();
    const failure = toFailure(error);
    const { code, message: detail } = failure;
    if (code === "calls_spent") {
      this.#callsSpent = true;
      tickets.settleUntried(this.#sql, row.id, now);
      return null;
    }
    const offence = this.#pause.strike(failure, { ticketId: row.id, period, now, random });
    if (offence) log({ event: "ticket_system_paused", connector: this.#connector, code });

    const { id, attempts } = row;
    const delay = retryDelay(failure, { attempts, ageMs: now - row.queued_at, random });
    const unsureUntil = failure.unsure && !knowsRepeats ? now + UNSURE_MS : 0;
    const event = delay === null ? "ticket_failed" : "ticket_waits";
    log({ event, connector: this.#connector, id, code, detail, attempts });
    if (delay === null) return tickets.settleFailed(this.#sql, id, code, now);
    return tickets.settleWaiting(this.#sql, id, { code, due: now + delay, unsureUntil, offence });
  }

  /** There is only one of us: what is being worked on belonged to a process that is gone. */
  #release() {
    const now = this.#now();
    for (const each of tickets.abandoned(this.#sql)) {
      const delay = crashDelay(each.crashes, Math.random());
      const unsureUntil = this.#knowsRepeats() ? 0 : each.until - LEASE_MS + UNSURE_MS;
      if (delay === null) tickets.settleFailed(this.#sql, each.id, "unexpected", now);
      else tickets.release(this.#sql, each, now + delay, unsureUntil);
    }
  }

  /** Sets the alarm for the next ticket that is due, and those which come soon after it. */
  async #arm() {
    const due = tickets.nextDue(this.#sql);
    if (due === null) return this.#alarmAt === null ? undefined : this.#deleteAlarm();
    const at = Math.max(due, this.#pause.until, this.#now() + GATHER_MS);
    if (this.#alarmAt === null || at < this.#alarmAt) await this.#setAlarm(at);
  }

  async #deleteAlarm() {
    this.#alarmAt = null;
    await this.ctx.storage.deleteAlarm();
  }

  async #setAlarm(at: number) {
    this.#alarmAt = at;
    await this.ctx.storage.setAlarm(at);
  }

  #canFetch(connector: string) {
    return this.#tryConnect(connector)?.fetchTicket != null;
  }

  #knowsRepeats() {
    return this.#tryConnect(this.#connector)?.knowsRepeats ?? false;
  }

  /** Null while its settings are broken. */
  #tryConnect(connector: string) {
    try {
      return connect(connector, this.env);
    } catch {
      return null;
    }
  }

  /** The time. A clock that was set back makes no ticket wait for what it lost. */
  #now() {
    const now = Date.now();
    const back = now - this.#clock;
    this.#clock = now;
    if (back < -LEASE_MS) {
      tickets.shift(this.#sql, back);
      this.#pause.shift(back);
    }
    return now;
  }
}

async function toAttempt(connector: string, row: TicketRow, now: number) {
  return {
    job: { ticketId: row.id, scanned: row.scanned, force: row.force },
    marker: await markerOf(connector, row),
    triedBefore: row.tried,
    unsureUntil: new Date(row.unsure_until),
    posted: row.digest === null ? null : { digest: row.digest, commentId: row.comment_id },
    at: new Date(now),
  };
}

/** Names one comment of one ticket: the same for every try, another for the next revision. */
async function markerOf(connector: string, { id, revision }: TicketRow) {
  const bytes = new TextEncoder().encode(JSON.stringify([connector, id, revision]));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `hresult-${hash.toHex().slice(0, 32)}`;
}
