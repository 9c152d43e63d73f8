import { DurableObject } from "cloudflare:workers";
import { openCatalog } from "../catalog/store.ts";
import { connect } from "../connectors/index.ts";
import { enrich } from "../enrich.ts";
import { type Env, readSettings } from "../env.ts";
import { toFailure } from "../errors.ts";
import { log } from "../log.ts";
import type { Job } from "../ticket.ts";
import { retryDelay } from "./backoff.ts";
import { openPause, type Pause } from "./pause.ts";
import { migrate, readMeta, type TicketRow, writeMeta } from "./schema.ts";
import * as tickets from "./tickets.ts";

/** How long a ticket belongs to one attempt: longer than all its calls can take. */
const LEASE_MS = 120_000;
/** How many tickets are worked on at once: the ticket system is someone's only one. */
const LANES = 4;
/** How many tickets one alarm works off; the platform allows 50 outgoing calls on its free plan. */
const TICKETS_PER_ALARM = 10;

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
  #inFlight = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    migrate(ctx.storage);
    this.#pause = openPause(this.#sql);
    // There is only one of us: what is being worked on belonged to a process that is gone.
    tickets.release(this.#sql, Date.now());
    ctx.blockConcurrencyWhile(() => this.#arm());
  }

  /** Puts a job on disk. The answer leaves when it is there. */
  async accept(connector: string, job: Job): Promise<Receipt> {
    const receipt = this.ctx.storage.transactionSync(() => this.#enter(connector, job));
    if (receipt === "accepted") await this.#arm();
    return receipt;
  }

  /** What is known of one ticket. */
  report(connector: string, ticketId: string): tickets.TicketRecord | null {
    const row = tickets.find(this.#sql, ticketId);
    return row && tickets.toRecord(connector, row, this.#pause.until);
  }

  /** What is known of tickets, by id. */
  list(connector: string, query: tickets.Query): tickets.TicketRecord[] {
    return tickets
      .list(this.#sql, query)
      .map((row) => tickets.toRecord(connector, row, this.#pause.until));
  }

  /** Writes, so that a full or read-only disk shows. */
  health(): Health {
    writeMeta(this.#sql, "checked", new Date().toISOString());
    return { paused: this.#pause.failure };
  }

  /** Drains: works off what is due, oldest first. Never throws; always re-arms. */
  override async alarm(): Promise<void> {
    // Should this process end in the middle, the next one comes back here.
    await this.ctx.storage.setAlarm(Date.now() + LEASE_MS);
    let left = TICKETS_PER_ALARM;
    const lane = async () => {
      while (left-- > 0) {
        const row = this.#lease();
        if (row === null) return;
        await this.#work(row);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    await this.#arm();
  }

  #enter(connector: string, job: Job): Receipt {
    if (readMeta(this.#sql, "connector") === null) writeMeta(this.#sql, "connector", connector);
    const now = Date.now();
    const row = tickets.find(this.#sql, job.ticketId);
    if (job.trigger === "created") {
      const deliveryId = job.deliveryId ?? `ticket ${job.ticketId}`;
      if (!tickets.remember(this.#sql, deliveryId, now)) return "duplicate";
      if (row === null) tickets.insert(this.#sql, job, now);
      else if (row.state === "failed") this.#queueAgain(row, false, false);
      return "accepted";
    }
    const refetch = this.#canFetch(connector);
    if (row === null && !refetch) return "unknown";
    if (row === null) tickets.insert(this.#sql, job, now);
    else if (row.state === "working") tickets.noteAgain(this.#sql, row.id, job.force);
    else this.#queueAgain(row, refetch, job.force);
    return "accepted";
  }

  #queueAgain(row: TicketRow, refetch: boolean, force: boolean) {
    tickets.queueAgain(this.#sql, row, { refetch, force, now: Date.now() });
  }

  #lease() {
    const now = Date.now();
    if (!this.#pause.allows(now, this.#inFlight)) return null;
    return tickets.lease(this.#sql, now, now + LEASE_MS);
  }

  async #work(row: TicketRow) {
    this.#inFlight++;
    try {
      const outcome = await this.#enrich(row);
      // Only an answer ends a pause, and some tickets need none.
      if (outcome.outcome === "posted" || row.scanned === null) this.#pause.end();
      tickets.settleDone(this.#sql, row.id, outcome, Date.now());
      log({ event: "ticket_done", connector: this.#name(), id: row.id, outcome: outcome.outcome });
    } catch (error) {
      this.#settleFailure(row, error);
    } finally {
      this.#inFlight--;
    }
    this.#runAgain(row.id);
  }

  async #enrich(row: TicketRow) {
    const settings = readSettings(this.env);
    const connection = connect(this.#name(), this.env);
    const catalog = await openCatalog(this.env.CATALOG, Date.now());
    const attempt = {
      job: { ticketId: row.id, scanned: row.scanned, force: row.force },
      marker: await markerOf(connection.name, row),
      triedBefore: row.tried,
      posted: row.digest === null ? null : { digest: row.digest, commentId: row.comment_id },
      at: new Date(),
    };
    return enrich(attempt, connection, catalog, settings);
  }

  #settleFailure(row: TicketRow, error: unknown) {
    const now = Date.now();
    const failure = toFailure(error);
    const told = {
      connector: this.#name(),
      id: row.id,
      code: failure.code,
      detail: failure.message,
    };
    if (this.#pause.strike(failure, row.id, now, Math.random())) {
      log({ event: "ticket_system_paused", connector: this.#name(), code: failure.code });
    }
    const tries = { attempts: row.attempts, ageMs: now - row.queued_at, random: Math.random() };
    const delay = retryDelay(failure, tries);
    if (delay === null) {
      tickets.settleFailed(this.#sql, row.id, failure.code, now);
      log({ event: "ticket_failed", ...told, attempts: row.attempts });
    } else {
      tickets.settleWaiting(this.#sql, row.id, failure.code, now + delay);
      log({ event: "ticket_waits", ...told, attempts: row.attempts });
    }
  }

  /** A re-trigger came while the ticket was being worked on. */
  #runAgain(id: string) {
    const row = tickets.find(this.#sql, id);
    if (!row?.again) return;
    this.#queueAgain(row, this.#canFetch(this.#name()), row.again === "force");
  }

  /** Sets the alarm for the next ticket that is due. */
  async #arm() {
    const due = tickets.nextDue(this.#sql);
    if (due === null) return this.ctx.storage.deleteAlarm();
    const at = Math.max(due, this.#pause.until);
    if ((await this.ctx.storage.getAlarm()) !== at) await this.ctx.storage.setAlarm(at);
  }

  #canFetch(connector: string) {
    return connect(connector, this.env).fetchTicket !== null;
  }

  #name() {
    return readMeta(this.#sql, "connector") ?? "";
  }
}

/** Names one comment of one ticket: the same for every try, another for the next revision. */
async function markerOf(connector: string, { id, revision }: TicketRow) {
  const bytes = new TextEncoder().encode(JSON.stringify([connector, id, revision]));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `hresult-${hash.toHex().slice(0, 32)}`;
}
