import { retryable } from "cloudflare:durable-objects";
import { DurableObject } from "cloudflare:workers";
import * as z from "zod/mini";
import { openCatalog } from "../catalog/store.ts";
import { connect } from "../connectors/index.ts";
import { type Env, pictureReader, readSettings } from "../env.ts";
import { toFailure } from "../failure.ts";
import { log } from "../log.ts";
import { Job } from "../ticket.ts";
import { attempt } from "./attempt.ts";
import { CircuitBreaker, shifted } from "./circuit-breaker.ts";
import { Counters, type Counts, type LedgerStats } from "./counters.ts";
import { Dispatcher } from "./dispatcher.ts";
import { createGroupCommit } from "./group-commit.ts";
import { poll } from "./poll.ts";
import { checkedVersion, recheck } from "./recheck.ts";
import { type TicketRecord, toRecord } from "./record.ts";
import { prune } from "./retention.ts";
import { metaJson, metaText, migrate } from "./schema.ts";
import { type AcceptContext, type Receipt, type TicketQuery, TicketStore } from "./ticket-store.ts";
import type { UnlistedCode } from "./unlisted-codes.ts";

/** How long one alarm begins tickets; the platform ends it after 15 minutes. */
const RUN_MS = 600_000;
/** When to go on after a run whose process ended, or that could not write. */
const COME_BACK_MS = 20_000;
/** How often a check of the disk writes to it. */
const CHECK_MS = 60_000;
/** A clock that goes back by less than this was not set back. */
const CLOCK_TOLERANCE_MS = 120_000;

/** The name of the object, for an alarm that wakes it: then it may not know its name. */
const connectorName = metaText("connector");
const lastCheck = metaJson("checked", z.int());

const AcceptRequest = z.object({
  job: Job,
  /** How deliveries were answered that came to no ledger, to be counted here. */
  answers: z.record(z.string(), z.int()),
});
export type AcceptRequest = z.infer<typeof AcceptRequest>;

/** How a ledger is. */
export interface Health {
  /** The failure for which the ticket system is left alone; null while it answers. */
  readonly paused: string | null;
  /** The failure of the last poll; null when it went well, or there is none. */
  readonly pollFailure: string | null;
}

/**
 * The durable record of all tickets of one connection, and what works on them.
 *
 * Its methods are called from other isolates, which may be of an earlier or a later version for
 * some minutes after a deploy. So methods are only added, never changed.
 */
export class Ledger extends DurableObject<Env> {
  readonly #sql = this.ctx.storage.sql;
  readonly #store = new TicketStore(this.#sql);
  readonly #commits = createGroupCommit(this.ctx.storage);
  readonly #breaker;
  readonly #counters;
  readonly #dispatcher;
  /** The connector's name is on disk. */
  #isNoted;
  #isPolling = false;
  #pollFailure: string | null = null;
  /** In memory: an object that starts anew, as after a failed write, checks at once. */
  #checkedAt = 0;
  /** The version of the catalog that an attempt used last. */
  #catalogVersion: string | null = null;
  /** The latest time that the clock has shown. */
  #latest = 0;

  static {
    // A job that comes twice is accepted once.
    retryable(Ledger.prototype.accept);
  }

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage);
    this.#isNoted = connectorName.read(this.#sql) !== null;
    this.#breaker = new CircuitBreaker(this.#sql);
    this.#counters = new Counters(this.#sql);
    this.#dispatcher = new Dispatcher({
      store: this.#store,
      commits: this.#commits,
      breaker: this.#breaker,
      counters: this.#counters,
      connector: () => this.#connector,
      canRead: () => this.#canRead(),
      receiverDeduplicates: () => this.#connection?.receiverDeduplicates ?? false,
      attempt: async (ticket, beforePosting) => {
        const { openings } = this.#breaker.circuit;
        const connector = this.#connector;
        const result = await attempt(ticket, { env, connector, openings, beforePosting });
        if (result.kind === "enriched") this.#catalogVersion = result.outcome.catalogVersion;
        return result;
      },
    });
  }

  /** Puts a job on disk. The answer leaves when it is there. */
  async accept(request: AcceptRequest): Promise<Receipt> {
    const { job, answers } = AcceptRequest.parse(request);
    await this.#correctClock();
    const { receipt, effect, isNew } = await this.#commits.run(() => ({
      result: this.#store.accept(job, this.#acceptContext()),
      afterCommit: this.#noteConnector(),
    }));
    // A delivery that comes again may come because the alarm could not be set the first time.
    const isDone = effect === "no_code" || effect === "skipped";
    if (!isDone) await this.#wake();
    // Last: when anything before fails, the caller keeps the answers and counts the failure.
    this.#countAnswers(answers);
    const now = Date.now();
    if (job.kind === "created") this.#counters.add("deliveries", receipt, now);
    if (isNew) this.#counters.addNewTicket(now);
    if (isDone) {
      this.#counters.add("tickets", effect, now);
      log({
        event: "ticket_done",
        connector: this.#connector,
        ticketId: job.ticketId,
        outcome: effect,
      });
    }
    if (effect === "queued") await this.#dispatcher.admit();
    return receipt;
  }

  /** What is known of one ticket. */
  report(ticketId: string): TicketRecord | null {
    const ticket = this.#store.find(ticketId);
    return ticket && toRecord(this.#connector, ticket, this.#breaker.circuit.until);
  }

  /** What is known of tickets. */
  list(query: TicketQuery): TicketRecord[] {
    const { until } = this.#breaker.circuit;
    return this.#store.list(query).map((ticket) => toRecord(this.#connector, ticket, until));
  }

  /** Forgets a ticket; its comment stays. @returns False when there was none. */
  forget(ticketId: string): Promise<boolean> {
    return this.#commits.run(() => ({ result: this.#store.forget(ticketId) }));
  }

  /** Writes now and then, so that a full or read-only disk shows. */
  async health(): Promise<Health> {
    const now = Date.now();
    if (Math.abs(now - this.#checkedAt) >= CHECK_MS) {
      lastCheck.write(this.#sql, now);
      this.#checkedAt = now;
    }
    await this.#wake();
    return { paused: this.#breaker.circuit.failure, pollFailure: this.#pollFailure };
  }

  /** Asks a ticket system that sends no webhooks for new tickets. One poll at a time. */
  async poll(): Promise<void> {
    const ask = connect(this.#connector, this.env).poll;
    if (ask === null || this.#isPolling) return;
    this.#isPolling = true;
    try {
      await this.#commits.run(() => ({ result: null, afterCommit: this.#noteConnector() }));
      const count = await poll(
        {
          ...this.#parts,
          counters: this.#counters,
          context: () => this.#acceptContext(),
        },
        ask,
      );
      this.#pollFailure = null;
      if (count > 0) log({ event: "tickets_polled", connector: this.#connector, count });
      await this.#wake();
    } catch (error) {
      const { code, message } = toFailure(error);
      this.#pollFailure = code;
      log({ event: "poll_failed", connector: this.#connector, code, detail: message });
    } finally {
      this.#isPolling = false;
    }
  }

  /** What it has counted, and what waits. @param answers As for {@link accept}. */
  stats(answers: Counts): LedgerStats {
    const now = Date.now();
    this.#counters.save(now, answers);
    const { count, oldestQueuedAt } = this.#store.backlog();
    return {
      counted: this.#counters.totals,
      waiting: count,
      oldestWaitingS: oldestQueuedAt === null ? 0 : Math.max(0, now - oldestQueuedAt) / 1_000,
      paused: this.#breaker.circuit.failure !== null,
      recent: this.#counters.recent(now),
    };
  }

  /** The codes of the last 90 days that the catalog did not list, the most frequent first. */
  unlisted(): UnlistedCode[] {
    return this.#counters.unlisted(Date.now());
  }

  /** What the schedule asks for once an hour: forgets what is old, and sees what is new. */
  async maintain(): Promise<void> {
    await prune(this.#parts, Date.now());
    await this.#recheck();
    this.#counters.save(Date.now());
    await this.#wake();
  }

  /** Works on what is due, oldest first. Never throws; always leaves an alarm for what is left. */
  override async alarm(info?: AlarmInvocationInfo): Promise<void> {
    const isCareful = info?.isRetry ?? false;
    try {
      if (isCareful) await this.#comeBack();
      await this.#correctClock();
      await this.#dispatcher.run({ until: Date.now() + RUN_MS, isCareful });
      this.#counters.save(Date.now());
      const seen = this.#catalogVersion;
      if (seen !== null && seen !== checkedVersion.read(this.#sql)) await this.#recheck();
      await this.#wake();
    } catch (error) {
      log({
        event: "ledger_write_failed",
        connector: this.#connector,
        detail: toFailure(error).message,
      });
      await this.#comeBack().catch(() => {});
      this.ctx.abort("the ledger cannot write");
    }
  }

  /** Enriches finished tickets again when the catalog has learned their codes. */
  async #recheck() {
    // Where comments cannot be edited, a second one is for a person to ask for.
    if (!this.#connection?.canEdit) return;
    const connector = this.#connector;
    try {
      const { recheckDays: days } = readSettings(this.env);
      const now = Date.now();
      const catalog = await openCatalog(this.env.CATALOG, now);
      const count = await recheck(this.#parts, { catalog, days, now });
      if (count > 0) log({ event: "tickets_rechecked", connector, count });
    } catch (error) {
      const { code, message } = toFailure(error);
      log({ event: "recheck_failed", connector, code, detail: message });
    }
  }

  get #parts() {
    return { sql: this.#sql, store: this.#store, commits: this.#commits };
  }

  /** Sees to it that the next ticket that is due is worked on. */
  async #wake() {
    if (this.#dispatcher.isRunning) return this.#dispatcher.wake();
    const dueAt = this.#store.nextDueAt();
    if (dueAt === null) return;
    const at = Math.max(dueAt, this.#breaker.circuit.until, Date.now());
    const alarm = await this.ctx.storage.getAlarm();
    if (alarm === null || alarm > at) await this.ctx.storage.setAlarm(at);
  }

  /** An alarm for the case that this run ends badly: the platform repeats a run only a few times. */
  async #comeBack() {
    await this.ctx.storage.setAlarm(Date.now() + COME_BACK_MS);
    await this.ctx.storage.sync();
  }

  /** The connector whose ledger this is. */
  get #connector() {
    return this.ctx.id.name ?? connectorName.read(this.#sql) ?? "";
  }

  /**
   * Writes the connector's name, once for each ledger: an alarm may wake an object that does not
   * know its name.
   *
   * @returns What is to be done after the commit.
   */
  #noteConnector(): () => void {
    const { name } = this.ctx.id;
    if (!name || this.#isNoted) return () => {};
    connectorName.write(this.#sql, name);
    return () => {
      this.#isNoted = true;
    };
  }

  /** Null while its settings are broken. */
  get #connection() {
    try {
      return connect(this.#connector, this.env);
    } catch {
      return null;
    }
  }

  #canRead() {
    return this.#connection?.readTicket != null;
  }

  /** False while the settings are broken, as well. */
  #hasPictureReader() {
    try {
      return pictureReader(this.env) !== null;
    } catch {
      return false;
    }
  }

  #acceptContext(): AcceptContext {
    return {
      now: Date.now(),
      canRead: () => this.#canRead(),
      readsPictures: () => this.#canRead() && this.#hasPictureReader(),
      isLeased: (id) => this.#dispatcher.isLeased(id),
    };
  }

  #countAnswers(answers: Counts) {
    for (const [answer, count] of Object.entries(answers)) {
      this.#counters.add("deliveries", answer, Date.now(), count);
    }
  }

  /** When the clock was set back, moves what waits, so that no ticket waits for what it lost. */
  async #correctClock() {
    const now = Date.now();
    const byMs = now - this.#latest;
    if (byMs < -CLOCK_TOLERANCE_MS) {
      await this.#commits.run(() => {
        this.#store.shiftDueTimes(byMs, now);
        const showCircuit = this.#breaker.write(shifted(this.#breaker.read(), byMs));
        return { result: undefined, afterCommit: showCircuit };
      });
    }
    this.#latest = now;
  }
}
