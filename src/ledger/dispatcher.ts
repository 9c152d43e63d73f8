import { Failure, toFailure } from "../failure.ts";
import type { AttemptResult } from "./attempt.ts";
import { type CircuitBreaker, concurrency, concurrencyGrowsAt } from "./circuit-breaker.ts";
import { countAttempt } from "./count-tickets.ts";
import type { Counters } from "./counters.ts";
import { decide } from "./decide.ts";
import type { GroupCommit, Written } from "./group-commit.ts";
import { COMMENT_MAY_APPEAR_MS, crashDelay, LONG_GIVE_UP_AFTER_MS } from "./retry-policy.ts";
import type { DueTicket } from "./ticket-row.ts";
import type { TicketStore } from "./ticket-store.ts";

/**
 * A run looks for due tickets at least this often. The next may be due in thirty days, and a timer
 * waits 24.8 days at most.
 */
const MAX_SLEEP_MS = 60_000;

/** The parts of a ledger that a dispatcher uses. */
export interface DispatcherParts {
  readonly store: TicketStore;
  readonly commits: GroupCommit;
  readonly breaker: CircuitBreaker;
  readonly counters: Counters;
  /** The connector's name, for the log. */
  readonly connector: () => string;
  /** Whether tickets can be read from the ticket system. */
  readonly canRead: () => boolean;
  /** Whether the receiver recognises a comment that it already has. */
  readonly receiverDeduplicates: () => boolean;
  /** One attempt at a ticket. Never rejects. */
  readonly attempt: (
    ticket: DueTicket,
    beforePosting: () => Promise<void>,
  ) => Promise<AttemptResult>;
}

export interface RunOptions {
  /** From then on no attempt starts. Milliseconds since 1970. */
  readonly until: number;
  /** The previous run crashed: tickets are tried one by one, and each attempt is recorded first. */
  readonly isCareful: boolean;
}

/** Runs attempts at due tickets, oldest first, with limited concurrency. */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  /**
   * Ids of tickets that an attempt has. A lease has no time limit: it begins with the attempt, and
   * ends when the result of the attempt is written, or with the process.
   */
  readonly #leased = new Set<string>();
  #inFlight = 0;
  #isRunning = false;
  #hasRecovered = false;
  #wake = Promise.withResolvers<void>();
  /** The platform allows no more requests in this run. */
  #areCallsSpent = false;
  /** The first error that prevented a result from being written. */
  #writeError: unknown = null;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Whether an attempt has the ticket, even when its row does not show it. */
  isLeased(id: string): boolean {
    return this.#leased.has(id);
  }

  /** Tells a running dispatcher that a ticket has become due. */
  wake(): void {
    this.#wake.resolve();
  }

  /**
   * Works until no ticket is due and every result is on disk. Tickets that become due meanwhile are
   * included, so that a hanging ticket does not delay the others.
   *
   * @throws The error that prevented a result from being written.
   */
  async run({ until, isCareful }: RunOptions): Promise<void> {
    this.#isRunning = true;
    this.#areCallsSpent = false;
    try {
      if (!this.#hasRecovered) await this.#recover();
      for (;;) {
        const mayStart = Date.now() < until && !this.#areCallsSpent && this.#writeError === null;
        if (mayStart) await this.#startDue(isCareful);
        if (this.#leased.size === 0) break;
        await this.#untilNextChange(mayStart && this.#free(isCareful) > 0);
      }
    } finally {
      this.#isRunning = false;
    }
    await this.#parts.commits.idle();
    if (this.#writeError !== null) throw this.#writeError;
  }

  /**
   * Makes tickets that are `working` on disk wait again. Their attempts ended with an earlier
   * process: no other works on this ledger.
   */
  async #recover() {
    const { store, commits, receiverDeduplicates } = this.#parts;
    const interrupted = store.interrupted();
    if (interrupted.length > 0) {
      const now = Date.now();
      await commits.run(() => {
        for (const each of interrupted) {
          const delay = crashDelay(each.crashes, Math.random());
          const mayAppear = each.mayBePosted && !receiverDeduplicates();
          if (delay === null) store.failAsUnexpected(each.id, now);
          else store.recover(each, now + delay, mayAppear ? now + COMMENT_MAY_APPEAR_MS : 0);
        }
        return { result: undefined };
      });
    }
    this.#hasRecovered = true;
  }

  /** Starts as many attempts as are allowed. Ends due tickets whose rows are unreadable. */
  async #startDue(isCareful: boolean) {
    const { store, commits, breaker } = this.#parts;
    for (;;) {
      const now = Date.now();
      const free = this.#free(isCareful);
      if (free <= 0) return;
      const order = breaker.circuit.failure === null ? "oldest" : "leastTried";
      const due = store.due(now, free, [...this.#leased], order);
      for (const ticket of due.tickets) this.#start(ticket, isCareful);
      const { unreadable } = due;
      if (unreadable.length === 0) return;
      await commits.run(() => {
        for (const id of unreadable) store.failAsUnexpected(id, now);
        return { result: undefined };
      });
    }
  }

  /** How many more attempts may start now. */
  #free(isCareful: boolean) {
    const allowed = concurrency(this.#parts.breaker.circuit, Date.now());
    return (isCareful ? Math.min(allowed, 1) : allowed) - this.#inFlight;
  }

  #start(ticket: DueTicket, isCareful: boolean) {
    this.#leased.add(ticket.id);
    this.#inFlight++;
    // If the process crashed on this ticket before, the attempt is recorded before it starts.
    this.#work(ticket, isCareful || ticket.crashes > 0).finally(() => {
      this.#inFlight--;
      this.wake();
    });
  }

  async #work(ticket: DueTicket, isRecordedFirst: boolean) {
    const result = await this.#attempt(ticket, isRecordedFirst);
    const isFailed = result.kind === "failed";
    if (isFailed && result.failure.code === "calls_spent") this.#areCallsSpent = true;
    const written = this.#apply(ticket, result);
    // After a success the next attempt need not wait for the disk. A failure may open the circuit
    // breaker, and then no other attempt may start.
    if (isFailed) await written;
  }

  async #attempt(ticket: DueTicket, isRecordedFirst: boolean): Promise<AttemptResult> {
    const { store, attempt, breaker } = this.#parts;
    const circuitOpenings = breaker.circuit.openings;
    try {
      if (isRecordedFirst) await this.#commitOrLose(() => store.recordStart(ticket));
      return await attempt(ticket, () => this.#commitOrLose(() => store.recordMayBePosted(ticket)));
    } catch (error) {
      // The start could not be recorded, so no comment was sent: as if the receiver deduplicated.
      const end = { circuitOpenings, endedAt: Date.now(), random: Math.random() };
      return { kind: "failed", failure: toFailure(error), receiverDeduplicates: true, ...end };
    }
  }

  async #commitOrLose(write: () => boolean) {
    const isOurs = await this.#parts.commits.run(() => ({ result: write() }));
    if (!isOurs) throw new Failure("lease_lost", "another attempt has the ticket");
  }

  async #apply(ticket: DueTicket, result: AttemptResult) {
    try {
      await this.#parts.commits.run(() => this.#write(ticket, result));
    } catch (error) {
      this.#writeError ??= error;
    }
    this.#leased.delete(ticket.id);
    this.wake();
  }

  /** Writes the result of an attempt and its consequences, in the caller's transaction. */
  #write(ticket: DueTicket, result: AttemptResult): Written<void> {
    const { store, breaker, counters, connector, canRead } = this.#parts;
    const before = breaker.read();
    const decision = decide(ticket, result, before);
    const { next, circuit } = decision;
    const { endedAt } = result;
    const circuitWritten = circuit === before ? null : breaker.write(circuit);
    if (decision.breaker === "closed") store.bringForward();
    if (next.kind === "retry") {
      // An older ticket would be given up again at once.
      const since = endedAt - LONG_GIVE_UP_AFTER_MS;
      store.reviseFailures(decision.ticketsToRevise, next.code, endedAt, since);
    }
    const isApplied = store.apply(ticket, next, endedAt, canRead);
    return {
      result: undefined,
      afterCommit: () => {
        circuitWritten?.afterCommit();
        const written = isApplied ? decision : { ...decision, next: SUPERSEDED };
        countAttempt(counters, connector(), ticket, result, written);
      },
    };
  }

  /** Waits until an attempt ends, a ticket becomes due, or concurrency rises. */
  async #untilNextChange(canStart: boolean) {
    const { store, breaker } = this.#parts;
    const now = Date.now();
    const at = canStart
      ? store.nextDueAt([...this.#leased])
      : concurrencyGrowsAt(breaker.circuit, now);
    let timer: ReturnType<typeof setTimeout> | undefined;
    if (at !== null) {
      const delayMs = Math.min(Math.max(0, at - now), MAX_SLEEP_MS);
      timer = setTimeout(() => this.wake(), delayMs);
    }
    await this.#wake.promise;
    if (timer !== undefined) clearTimeout(timer);
    this.#wake = Promise.withResolvers();
  }
}

const SUPERSEDED = { kind: "superseded" } as const;
