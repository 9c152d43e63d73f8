import { DurableObject } from "cloudflare:workers";
import { openCatalog } from "../catalog/store.ts";
import type { Connection } from "../connectors/connection.ts";
import { connect } from "../connectors/index.ts";
import { enrich } from "../enrichment/enrich.ts";
import { type Env, readSettings } from "../env.ts";
import { toFailure } from "../failure.ts";
import { log } from "../log.ts";
import type { Job } from "../ticket.ts";
import { accept, type Receipt } from "./accept.ts";
import { openAlarm } from "./alarm.ts";
import { toAttempt } from "./attempt.ts";
import { crashDelay } from "./backoff.ts";
import * as circuits from "./circuit-breaker.ts";
import { type Counts, openCounters } from "./counters.ts";
import { GATHER_MS, openDrain } from "./drain.ts";
import { type Figures, toFigures } from "./figures.ts";
import { openGroupCommit, type Written } from "./group-commit.ts";
import { LEASE_MS, openHand } from "./hand.ts";
import * as leases from "./leases.ts";
import { type WantedAgain, writeFailed } from "./outcomes.ts";
import { poll } from "./poll.ts";
import { type TicketRecord, toRecord } from "./record.ts";
import { openRetention } from "./retention.ts";
import { migrate, readMeta, type TicketRow, writeMeta } from "./schema.ts";
import { type LedgerParts, settleDone, settleFailure, UNSURE_MS } from "./settle.ts";
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
  readonly #commits = openGroupCommit(this.ctx.storage);
  readonly #turns = openTurns();
  readonly #drain = openDrain({ start: (inFlight, dueBy) => this.#start(inFlight, dueBy) });
  readonly #breaker;
  readonly #counters;
  readonly #parts: LedgerParts;
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
    this.#breaker = circuits.openCircuitBreaker(this.#sql);
    this.#counters = openCounters(this.#sql);
    this.#parts = { sql: this.#sql, breaker: this.#breaker, counters: this.#counters };
    this.#hand = openHand(this.#sql, this.#breaker);
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
    this.#setConnector(connector);
    const circumstances = {
      now: this.#now(),
      canFetch: () => this.#tryConnect()?.readTicket != null,
    };
    const receipt = await this.#commits.run(() => ({
      result: accept(this.#sql, job, circumstances),
    }));
    const soon = Math.max(Date.now() + GATHER_MS, this.#breaker.circuit.until);
    const armed = this.#alarm.at !== null && this.#alarm.at <= soon;
    if (!this.#drain.isRunning && !armed) await this.#arm();
    // Last: when anything before fails, the caller keeps the answers and counts the failure.
    const accepted = job.trigger === "created" ? { [receipt]: 1 } : {};
    for (const [answer, count] of Object.entries({ ...answers, ...accepted })) {
      this.#counters.add("deliveries", answer, count);
    }
    // What comes in must not outrun what goes out.
    if (this.#isBehind()) await this.#turns.wait();
    return receipt;
  }

  /** What is known of one ticket. */
  report(connector: string, ticketId: string): TicketRecord | null {
    const row = tickets.find(this.#sql, ticketId);
    return row && toRecord(connector, row, this.#breaker.circuit.until);
  }

  /** What is known of tickets, by id. */
  list(connector: string, query: tickets.Query): TicketRecord[] {
    const { until } = this.#breaker.circuit;
    return tickets.list(this.#sql, query).map((row) => toRecord(connector, row, until));
  }

  /** Forgets a ticket; its comment stays. @returns False when there was none. */
  forget(ticketId: string): Promise<boolean> {
    return this.#commits.run(() => ({ result: tickets.forget(this.#sql, ticketId) }));
  }

  /** Writes now and then, so that a full or read-only disk shows. */
  async health(): Promise<Health> {
    const now = this.#now();
    if (now - this.#checkedAt >= CHECK_MS) {
      writeMeta(this.#sql, "checked", String(now));
      this.#checkedAt = now;
    }
    // The platform gives an alarm up which fails too often.
    if (this.#alarm.at === null && !this.#drain.isRunning) await this.#arm();
    return { paused: this.#breaker.circuit.failure, pollFailure: this.#pollFailure };
  }

  /** Looks for new tickets in a ticket system that does not tell of them. One look at a time. */
  async poll(connector: string): Promise<void> {
    const look = connect(connector, this.env).poll;
    if (look === null || this.#isPolling) return;
    this.#isPolling = true;
    try {
      this.#setConnector(connector);
      const parts = { sql: this.#sql, commits: this.#commits, counters: this.#counters };
      const count = await poll(parts, look, () => this.#now());
      this.#pollFailure = null;
      if (count > 0) log({ event: "tickets_polled", connector, count });
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
    this.#counters.save(answers);
    return toFigures(this.#parts, this.#now());
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
      await this.#commits.idle();
      if (this.#stuck !== null) throw this.#stuck;
      await this.#prune();
      this.#counters.save();
      await this.#arm();
    } catch (error) {
      // The disk: what a lane could not settle is given back by the process that comes next.
      log({
        event: "ledger_write_failed",
        connector: this.#connector,
        detail: toFailure(error).message,
      });
      await this.#alarm.set(this.#now() + COME_BACK_MS);
      this.ctx.abort("the ledger cannot write");
    }
  }

  #start(inFlight: number, dueBy: number): Promise<void> | null {
    const now = this.#now();
    const resting = this.#callsSpent || this.#stuck !== null;
    const lanes = resting ? 0 : circuits.lanes(this.#breaker.circuit, now);
    if (lanes <= 1) this.#hand.putBack(now);
    if (inFlight >= lanes) return null;
    const row = this.#hand.take(lanes, dueBy, now);
    return row && this.#work(row);
  }

  async #work(row: TicketRow): Promise<void> {
    const { openings } = this.#breaker.circuit;
    const end = () => {
      const now = this.#now();
      return { connector: this.#connector, row, openings, now, random: Math.random() };
    };
    let connection: Connection | null = null;
    try {
      const settings = readSettings(this.env);
      connection = connect(this.#connector, this.env);
      const catalog = await openCatalog(this.env.CATALOG, this.#now());
      const attempt = await toAttempt(connection.name, row, this.#now());
      const outcome = await enrich(attempt, connection, catalog, settings);
      // The next ticket need not wait until this is on disk.
      const ended = end();
      this.#settle(row.id, ended.now, () => settleDone(this.#parts, ended, outcome));
    } catch (error) {
      const failure = toFailure(error);
      const knowsRepeats = connection?.receiverDeduplicates ?? true;
      if (failure.code === "calls_spent") this.#callsSpent = true;
      // A failure may open the circuit: then no other ticket may be tried.
      const ended = end();
      await this.#settle(row.id, ended.now, () =>
        settleFailure(this.#parts, ended, failure, knowsRepeats),
      );
    }
    this.#turns.next();
  }

  async #settle(id: string, now: number, write: () => Written<WantedAgain>): Promise<void> {
    try {
      await this.#commits.run(() => {
        const written = write();
        // A re-trigger came while the ticket was being worked on.
        if (written.result !== null) {
          const refetch = this.#tryConnect()?.readTicket != null;
          const force = written.result === "force";
          tickets.queueAgain(this.#sql, id, { refetch, force, now });
        }
        return written;
      });
    } catch (error) {
      this.#stuck ??= error;
    }
  }

  /** Whether tickets that could be worked on have waited too long. */
  #isBehind() {
    if (!this.#drain.isRunning || this.#breaker.circuit.failure !== null) return false;
    return Date.now() - this.#hand.dueAt > BEHIND_MS;
  }

  /** There is only one of us: what is being worked on belonged to a process that is gone. */
  #release() {
    const now = this.#now();
    const knowsRepeats = this.#tryConnect()?.receiverDeduplicates ?? false;
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
      const now = this.#now();
      await this.#commits.run(() => this.#retention.prune(now));
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
    return due === null ? null : Math.max(due, this.#breaker.circuit.until);
  }

  #setConnector(connector: string) {
    if (this.#connector !== "") return;
    writeMeta(this.#sql, "connector", connector);
    this.#connector = connector;
  }

  /** Null while its settings are broken. */
  #tryConnect() {
    try {
      return connect(this.#connector, this.env);
    } catch {
      return null;
    }
  }

  /**
   * The time, in milliseconds since 1970. A clock that was set back makes no ticket wait for what
   * it lost. That is written, so no other write may ask for the time: it could be rolled back.
   */
  #now() {
    const now = Date.now();
    const back = now - this.#clock;
    if (back < -LEASE_MS) this.#shift(back);
    this.#clock = now;
    return now;
  }

  #shift(byMs: number) {
    const { showCircuit } = this.ctx.storage.transactionSync(() => {
      leases.shift(this.#sql, byMs);
      return this.#breaker.change((circuit) => ({ circuit: circuits.shift(circuit, byMs) }));
    });
    showCircuit();
  }
}
