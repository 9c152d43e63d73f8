import { retryable } from "cloudflare:durable-objects";
import { DurableObject } from "cloudflare:workers";
import * as z from "zod/mini";
import { openCatalog } from "../catalog/store.ts";
import { connect } from "../connectors/index.ts";
import { type Env, pictureReader, readCommentSettings } from "../env.ts";
import { toFailure } from "../failure.ts";
import { log } from "../log.ts";
import { Job } from "../ticket.ts";
import { attempt } from "./attempt.ts";
import { CircuitBreaker, withClockSetBack } from "./circuit-breaker.ts";
import { countAccepted, countAnswers } from "./count-tickets.ts";
import { Counters, type Counts, type LedgerStats } from "./counters.ts";
import { Dispatcher } from "./dispatcher.ts";
import { createGroupCommit } from "./group-commit.ts";
import { metaJson, metaText } from "./meta.ts";
import { poll } from "./poll.ts";
import { recheck, recheckedVersion } from "./recheck.ts";
import { type RecordContext, type TicketRecord, toRecord } from "./record.ts";
import { prune } from "./retention.ts";
import { migrate } from "./schema.ts";
import { countUnfinished, findTicket, listTickets, type TicketQuery } from "./ticket-query.ts";
import { type AcceptContext, type Receipt, TicketStore } from "./ticket-store.ts";
import type { UnlistedCode } from "./unlisted-codes.ts";

/** How long one alarm starts attempts; the platform ends it after 15 minutes. */
const RUN_MS = 600_000;
/** The delay after a run that crashed or could not write. */
const RECOVERY_DELAY_MS = 20_000;
/** How often the health check writes to the disk. */
const DISK_CHECK_INTERVAL_MS = 60_000;
/** A step back of the clock by less than this is ignored. */
const CLOCK_TOLERANCE_MS = 120_000;

/** The name of the object, because an object that an alarm wakes may not know its name. */
const connectorName = metaText("connector");
const lastCheck = metaJson("checked", z.int());

const AcceptRequest = z.object({
  job: Job,
  /** How many deliveries got which answer without reaching a ledger; they are counted here. */
  answers: z.record(z.string(), z.int()),
});
export type AcceptRequest = z.infer<typeof AcceptRequest>;

/** The health of a ledger. */
export interface Health {
  /** The failure that opened the circuit breaker; null while it is closed. */
  readonly paused: string | null;
  /** The failure of the last poll; null when it succeeded, or when there was none. */
  readonly pollFailure: string | null;
}

/**
 * The Durable Object that stores the tickets of one connection and enriches them.
 *
 * For some minutes after a deploy its callers may run another version of the code. So methods are
 * added, but never changed.
 */
export class Ledger extends DurableObject<Env> {
  readonly #sql = this.ctx.storage.sql;
  readonly #store = new TicketStore(this.#sql);
  readonly #commits = createGroupCommit(this.ctx.storage);
  readonly #breaker;
  readonly #counters;
  readonly #dispatcher;
  /** The connector's name is on disk. */
  #isNameSaved;
  #isPolling = false;
  #pollFailure: string | null = null;
  /** Not on disk, so that a restarted object, as after a failed write, checks at once. */
  #checkedAt = 0;
  /** The version of the catalog that an attempt used last. */
  #catalogVersion: string | null = null;
  /** The time of the last clock check. */
  #lastClockMs = 0;

  static {
    // Safe, because a job that arrives twice is accepted once. Only the counters may count it twice.
    retryable(Ledger.prototype.accept);
  }

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage);
    this.#isNameSaved = connectorName.read(this.#sql) !== null;
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
        const circuitOpenings = this.#breaker.circuit.openings;
        const connector = this.#connector;
        const result = await attempt(ticket, { env, connector, circuitOpenings, beforePosting });
        if (result.kind === "enriched") this.#catalogVersion = result.outcome.catalogVersion;
        return result;
      },
    });
  }

  /** Stores a job. The output gate holds the answer until the job is on disk. */
  async accept(request: AcceptRequest): Promise<Receipt> {
    const { job, answers } = AcceptRequest.parse(request);
    await this.#correctClock();
    const accepted = await this.#commits.run(() => ({
      result: this.#store.accept(job, this.#acceptContext()),
      afterCommit: this.#saveConnectorName(),
    }));
    const { receipt, effect } = accepted;
    const isDone = effect === "no_code" || effect === "skipped";
    // Also for a duplicate: the sender may repeat a delivery because setting the alarm failed.
    if (!isDone) await this.#wake();
    // Last, because the caller keeps the answers if anything before this fails.
    countAnswers(this.#counters, answers);
    countAccepted(this.#counters, this.#connector, job, accepted);
    return receipt;
  }

  /** The record of one ticket; null when there is none. */
  report(ticketId: string): TicketRecord | null {
    const ticket = findTicket(this.#sql, ticketId);
    return ticket && toRecord(ticket, this.#recordContext());
  }

  /** The records of the tickets that a query selects. */
  list(query: TicketQuery): TicketRecord[] {
    const context = this.#recordContext();
    return listTickets(this.#sql, query).map((ticket) => toRecord(ticket, context));
  }

  /** Deletes a ticket; its comment stays. @returns False when there was none. */
  forget(ticketId: string): Promise<boolean> {
    return this.#commits.run(() => ({ result: this.#store.forget(ticketId) }));
  }

  /** Reports the health. Writes once a minute, so that a full or read-only disk is noticed. */
  async health(): Promise<Health> {
    const now = Date.now();
    if (Math.abs(now - this.#checkedAt) >= DISK_CHECK_INTERVAL_MS) {
      lastCheck.write(this.#sql, now);
      this.#checkedAt = now;
    }
    await this.#wake();
    return { paused: this.#breaker.circuit.failure, pollFailure: this.#pollFailure };
  }

  /** Asks a ticket system that sends no webhooks for new tickets. Only one poll runs at a time. */
  async poll(): Promise<void> {
    const ask = connect(this.#connector, this.env).poll;
    if (ask === null || this.#isPolling) return;
    this.#isPolling = true;
    try {
      await this.#commits.run(() => ({ result: null, afterCommit: this.#saveConnectorName() }));
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

  /** The counters, and how many tickets are not finished. @param answers As for {@link accept}. */
  stats(answers: Counts): LedgerStats {
    const now = Date.now();
    this.#counters.save(now, answers);
    const { count, oldestQueuedAt } = countUnfinished(this.#sql);
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

  /**
   * The hourly maintenance. Deletes old tickets. If the catalog has changed, rechecks finished ones.
   */
  async maintain(): Promise<void> {
    await prune(this.#parts, Date.now());
    await this.#recheck();
    this.#counters.save(Date.now());
    await this.#wake();
  }

  /** Works on due tickets. Never throws. Sets an alarm if tickets remain. */
  override async alarm(info?: AlarmInvocationInfo): Promise<void> {
    const isCareful = info?.isRetry ?? false;
    try {
      if (isCareful) await this.#setRecoveryAlarm();
      await this.#correctClock();
      await this.#dispatcher.run({ until: Date.now() + RUN_MS, isCareful });
      this.#counters.save(Date.now());
      const version = this.#catalogVersion;
      if (version !== null && version !== recheckedVersion.read(this.#sql)) await this.#recheck();
      await this.#wake();
    } catch (error) {
      log({
        event: "ledger_write_failed",
        connector: this.#connector,
        detail: toFailure(error).message,
      });
      await this.#setRecoveryAlarm().catch(() => {});
      this.ctx.abort("the ledger cannot write");
    }
  }

  /** Queues finished tickets again if the catalog has gained entries for their codes. */
  async #recheck() {
    // Without editing this would post a second comment; only a person may ask for that.
    if (!this.#connection?.canEdit) return;
    const connector = this.#connector;
    try {
      const { recheckDays: days } = readCommentSettings(this.env);
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

  /** Wakes the dispatcher, or sets an alarm for the next due ticket. */
  async #wake() {
    if (this.#dispatcher.isRunning) return this.#dispatcher.wake();
    const dueAt = this.#store.nextDueAt();
    if (dueAt === null) return;
    const at = Math.max(dueAt, this.#breaker.circuit.until, Date.now());
    const alarm = await this.ctx.storage.getAlarm();
    if (alarm === null || alarm > at) await this.ctx.storage.setAlarm(at);
  }

  /** Sets an alarm in case this run crashes: the platform retries an alarm only a few times. */
  async #setRecoveryAlarm() {
    await this.ctx.storage.setAlarm(Date.now() + RECOVERY_DELAY_MS);
    await this.ctx.storage.sync();
  }

  /** The connector whose ledger this is. */
  get #connector() {
    return this.ctx.id.name ?? connectorName.read(this.#sql) ?? "";
  }

  /**
   * Writes the connector's name once for each ledger, because an object that an alarm wakes may not
   * know its name.
   *
   * @returns A function to call after the commit.
   */
  #saveConnectorName(): () => void {
    const { name } = this.ctx.id;
    if (!name || this.#isNameSaved) return () => {};
    connectorName.write(this.#sql, name);
    return () => {
      this.#isNameSaved = true;
    };
  }

  /** Null when its settings are invalid. */
  get #connection() {
    try {
      return connect(this.#connector, this.env);
    } catch {
      return null;
    }
  }

  #recordContext(): RecordContext {
    const connection = this.#connection;
    return {
      connector: this.#connector,
      pageOf: (ticketId) => connection?.ticketPage(ticketId) ?? null,
      openUntil: this.#breaker.circuit.until,
    };
  }

  #canRead() {
    return this.#connection?.readTicket != null;
  }

  /** False while the settings are broken, as well. */
  #hasPictureReader() {
    try {
      return pictureReader(this.env, readCommentSettings(this.env)) !== null;
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

  /**
   * Sets due times back if the clock was set back, so that no ticket waits longer than intended.
   */
  async #correctClock() {
    const now = Date.now();
    const backMs = this.#lastClockMs - now;
    if (backMs > CLOCK_TOLERANCE_MS) {
      await this.#commits.run(() => {
        this.#store.setDueTimesBack(backMs, now);
        return this.#breaker.write(withClockSetBack(this.#breaker.read(), backMs));
      });
    }
    this.#lastClockMs = now;
  }
}
