import { DurableObject } from "cloudflare:workers";
import { openCatalog } from "../catalog/store.ts";
import type { Connection } from "../connectors/connection.ts";
import { connect } from "../connectors/index.ts";
import { enrich } from "../enrich.ts";
import { type Env, readSettings } from "../env.ts";
import { toFailure } from "../errors.ts";
import { log } from "../log.ts";
import type { Job } from "../ticket.ts";
import { accept, type Receipt } from "./accept.ts";
import { openAlarm } from "./alarm.ts";
import { toAttempt } from "./attempt.ts";
import { crashDelay } from "./backoff.ts";
import { openBatch } from "./batch.ts";
import { type Counts, openCounters } from "./counters.ts";
import { GATHER_MS, openDrain } from "./drain.ts";
import { type Figures, toFigures } from "./figures.ts";
import { LEASE_MS, openHand } from "./hand.ts";
import * as leases from "./leases.ts";
import { writeFailed } from "./outcomes.ts";
import { openPause } from "./pause.ts";
import { poll } from "./poll.ts";
import { type TicketRecord, toRecord } from "./record.ts";
import { openRetention } from "./retention.ts";
import { migrate, readMeta, type TicketRow, writeMeta } from "./schema.ts";
import { type Books, settleDone, settleFailure, UNSURE_MS } from "./settle.ts";
import * as tickets from "./tickets.ts";
import { openTurns } from "./turns.ts";

/** How long one alarm takes new tickets; the platform ends it after 15 minutes. */
const DRAIN_MS = 600_000;
/** When a process looks after what the one before it left, if nothing else wakes it. */
const COME_BACK_MS = 20_000;
/** A ticket that waits longer than this, although the ticket system answers, slows deliveries. */
const BEHIND_MS = 300;
/** How often a check of the disk writes to it. */
const CHECK_MS = 60_000;

/** How a ledger is. */
export interface Health {
  /** The failure for which the ticket system is left alone; null while it answers. */
  readonly paused: string | null;
  /** The failure of the last look for new tickets; null when it went well, or there is none. */
  readonly pollFailure: string | null;
}

/** The durable record of every ticket of one connection, and the one who works it off. */
export class Ledger extends DurableObject<Env> {
  readonly #sql = this.ctx.storage.sql;
  readonly #alarm = openAlarm(this.ctx.storage);
  readonly #batch = openBatch(this.ctx.storage);
  readonly #turns = openTurns();
  readonly #drain = openDrain({ start: (inFlight, dueBy) => this.#start(inFlight, dueBy) });
  readonly #books: Books;
  readonly #hand;
  readonly #retention;
  /** The connector whose ledger this is; empty until its first job. */
  #connector: string;
  /** The platform lets this alarm make no more calls. */
  #callsSpent = false;
  /** What could not be written of a ticket that was worked on. */
  #stuck: unknown = null;
  #isPolling = false;
  #pollFailure: string | null = null;
  #checkedAt = 0;
  #clock = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage);
    const pause = openPause(this.#sql);
    this.#books = { sql: this.#sql, pause, counters: openCounters(this.#sql) };
    this.#hand = openHand(this.#sql, pause);
    this.#retention = openRetention(this.#sql);
    this.#connector = readMeta(this.#sql, "connector") ?? "";
    const released = this.#release();
    ctx.blockConcurrencyWhile(async () => {
      await this.#alarm.load();
      if (released > 0) await this.#arm();
    });
  }

  /**
   * Puts a job on disk. The answer leaves when it is there.
   *
   * @param answers What deliveries were answered that came to no ledger, to be counted here.
   */
  async accept(connector: string, job: Job, answers: Counts = {}): Promise<Receipt> {
    const receipt = await this.#batch.run(() => {
      this.#setConnector(connector);
      return accept(this.#sql, job, {
        now: this.#now(),
        canFetch: () => this.#tryConnect()?.fetchTicket != null,
      });
    });
    this.#count({ ...answers, ...(job.trigger === "created" && { [receipt]: 1 }) });
    const soon = Math.max(Date.now() + GATHER_MS, this.#books.pause.until);
    const armed = this.#alarm.at !== null && this.#alarm.at <= soon;
    if (!this.#drain.isRunning && !armed) await this.#arm();
    // What comes in must not outrun what goes out.
    if (this.#isBehind()) await this.#turns.wait();
    return receipt;
  }

  /** What is known of one ticket. */
  report(connector: string, ticketId: string): TicketRecord | null {
    const row = tickets.find(this.#sql, ticketId);
    return row && toRecord(connector, row, this.#books.pause.until);
  }

  /** What is known of tickets, by id. */
  list(connector: string, query: tickets.Query): TicketRecord[] {
    const { until } = this.#books.pause;
    return tickets.list(this.#sql, query).map((row) => toRecord(connector, row, until));
  }

  /** Writes now and then, so that a full or read-only disk shows. */
  async health(): Promise<Health> {
    const now = this.#now();
    if (now - this.#checkedAt >= CHECK_MS) writeMeta(this.#sql, "checked", String(now));
    this.#checkedAt = now;
    // The platform gives an alarm up which fails too often.
    if (this.#alarm.at === null && !this.#drain.isRunning) await this.#arm();
    return { paused: this.#books.pause.failure, pollFailure: this.#pollFailure };
  }

  /** Looks for new tickets in a ticket system that does not tell of them. One look at a time. */
  async poll(connector: string): Promise<void> {
    const look = connect(connector, this.env).poll;
    if (look === null || this.#isPolling) return;
    this.#isPolling = true;
    try {
      this.#setConnector(connector);
      const count = await poll(this.#sql, this.#batch, look, () => this.#now());
      this.#pollFailure = null;
      if (count > 0) {
        this.#count({ polled: count });
        log({ event: "tickets_polled", connector, count });
      }
      if (!this.#drain.isRunning) await this.#arm();
    } catch (error) {
      const { code, message } = toFailure(error);
      this.#pollFailure = code;
      log({ event: "poll_failed", connector, code, detail: message });
    } finally {
      this.#isPolling = false;
    }
  }

  /** What it has counted, and what waits. */
  figures(answers: Counts = {}): Figures {
    this.#count(answers);
    this.#books.counters.save();
    return toFigures(this.#sql, this.#books, this.#now());
  }

  /** Works off what is due, oldest first, then forgets what is old. Never throws; always re-arms. */
  override async alarm(): Promise<void> {
    this.#alarm.goOff();
    if (this.#drain.isRunning) return;
    // Should this process end in the middle, the next one comes back here.
    await this.#alarm.set(this.#now() + COME_BACK_MS);
    this.#callsSpent = false;
    try {
      await this.#drain.run(this.#now() + DRAIN_MS);
      await this.#batch.empty();
      if (this.#stuck !== null) throw this.#stuck;
      await this.#prune();
      this.#books.counters.save();
      await this.#arm();
    } catch (error) {
      // The disk: what a lane could not settle is given back by the process that comes next.
      log({ event: "ledger_stuck", connector: this.#connector, detail: toFailure(error).message });
      await this.#alarm.set(this.#now() + COME_BACK_MS);
      this.ctx.abort("the ledger cannot write");
    }
  }

  #start(inFlight: number, dueBy: number): Promise<void> | null {
    const now = this.#now();
    const resting = this.#callsSpent || this.#stuck !== null;
    const lanes = resting ? 0 : this.#books.pause.lanes(now);
    if (lanes <= 1) this.#hand.putBack(now);
    if (inFlight >= lanes) return null;
    const row = this.#hand.take(lanes, dueBy, now);
    return row && this.#work(row);
  }

  async #work(row: TicketRow): Promise<void> {
    const { period } = this.#books.pause;
    const settled = () => ({ connector: this.#connector, row, period, now: this.#now() });
    let connection: Connection | null = null;
    try {
      const settings = readSettings(this.env);
      connection = connect(this.#connector, this.env);
      const catalog = await openCatalog(this.env.CATALOG, this.#now());
      const attempt = await toAttempt(connection.name, row, this.#now());
      const outcome = await enrich(attempt, connection, catalog, settings);
      // The next ticket need not wait until this is on disk.
      this.#settle(row.id, () => settleDone(this.#books, settled(), outcome));
    } catch (error) {
      const failure = toFailure(error);
      const knowsRepeats = connection?.knowsRepeats ?? true;
      if (failure.code === "calls_spent") this.#callsSpent = true;
      // A failure may begin a pause: then no other ticket may be tried.
      await this.#settle(row.id, () =>
        settleFailure(this.#books, settled(), failure, knowsRepeats),
      );
    }
    this.#turns.next();
  }

  async #settle(id: string, settle: () => TicketRow["again"]): Promise<void> {
    try {
      await this.#batch.run(() => {
        const again = settle();
        // A re-trigger came while the ticket was being worked on.
        if (again === null) return;
        const refetch = this.#tryConnect()?.fetchTicket != null;
        tickets.queueAgain(this.#sql, id, { refetch, force: again === "force", now: this.#now() });
      });
    } catch (error) {
      this.#stuck ??= error;
    }
  }

  /** Whether tickets that could be worked on have waited too long. */
  #isBehind() {
    if (!this.#drain.isRunning || this.#books.pause.failure !== null) return false;
    return Date.now() - this.#hand.dueAt > BEHIND_MS;
  }

  /** There is only one of us: what is being worked on belonged to a process that is gone. */
  #release() {
    const now = this.#now();
    const knowsRepeats = this.#tryConnect()?.knowsRepeats ?? false;
    const abandoned = leases.abandoned(this.#sql);
    for (const each of abandoned) {
      const delay = crashDelay(each.crashes, Math.random());
      const unsureUntil = knowsRepeats ? 0 : each.until - LEASE_MS + UNSURE_MS;
      if (delay === null) writeFailed(this.#sql, each.id, "unexpected", now);
      else leases.release(this.#sql, each, now + delay, unsureUntil);
    }
    return abandoned.length;
  }

  /** Page by page, until a ticket is due. */
  async #prune() {
    const isTime = (at: number | null) => at !== null && at <= this.#now();
    while (isTime(this.#retention.nextAt()) && !isTime(this.#nextTicketAt())) {
      await this.#batch.run(() => this.#retention.prune(this.#now()));
    }
  }

  /** Sets the alarm for the next ticket that is due, and those which come soon after it. */
  async #arm() {
    const times = [this.#nextTicketAt(), this.#retention.nextAt()].filter((each) => each !== null);
    if (times.length === 0) return this.#alarm.clear();
    const at = Math.max(Math.min(...times), this.#now() + GATHER_MS);
    if (at !== this.#alarm.at) await this.#alarm.set(at);
  }

  #nextTicketAt() {
    const due = leases.nextDue(this.#sql);
    return due === null ? null : Math.max(due, this.#books.pause.until);
  }

  #setConnector(connector: string) {
    if (this.#connector !== "") return;
    writeMeta(this.#sql, "connector", connector);
    this.#connector = connector;
  }

  #count(answers: Counts) {
    for (const [answer, count] of Object.entries(answers)) {
      this.#books.counters.add("deliveries", answer, count);
    }
  }

  /** Null while its settings are broken. */
  #tryConnect() {
    try {
      return connect(this.#connector, this.env);
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
      leases.shift(this.#sql, back);
      this.#books.pause.shift(back);
    }
    return now;
  }
}
