import { Failure, toFailure } from "../failure.ts";
import { log } from "../log.ts";
import { type CircuitBreaker, concurrency, growsAt } from "./circuit-breaker.ts";
import type { Counters } from "./counters.ts";
import { type AttemptResult, type Decision, decide, UNKNOWN_MS } from "./decide.ts";
import type { GroupCommit, Written } from "./group-commit.ts";
import { crashDelay, GIVE_UP_CORRECTABLE_AFTER_MS } from "./retry-policy.ts";
import type { DueTicket, TicketStore } from "./ticket-store.ts";

/** Back-pressure starts when the oldest due ticket has waited longer than this. */
const BACKPRESSURE_LAG_MS = 300;

/** A run checks again at least this often: timers cannot wait for a month. */
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
  readonly #admission = new AdmissionControl();
  /** Ids of tickets whose attempt has not been written to disk yet. */
  readonly #leased = new Set<string>();
  #inFlight = 0;
  #isRunning = false;
  #hasRecovered = false;
  #wake = Promise.withResolvers<void>();
  /**
   * When the oldest ticket that is not leased became due; null: none is due; undefined: unknown.
   */
  #oldestDueAt: number | null | undefined;
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

  /** Whether an attempt at the ticket is in progress, even when its row does not show it. */
  isLeased(id: string): boolean {
    return this.#leased.has(id);
  }

  /** Tells a running dispatcher that a ticket has become due. */
  wake(): void {
    this.#wake.resolve();
  }

  /**
   * Back-pressure: holds the sender while due tickets lag, unless the circuit breaker is the cause.
   */
  async admit(): Promise<void> {
    if (!this.#isRunning || this.#parts.breaker.circuit.failure !== null) return;
    if (this.#oldestDueAt === undefined) {
      this.#oldestDueAt = this.#parts.store.nextDueAt([...this.#leased]);
    }
    const lagMs = this.#oldestDueAt === null ? 0 : Date.now() - this.#oldestDueAt;
    if (lagMs > BACKPRESSURE_LAG_MS) await this.#admission.wait();
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

  /** Reschedules the tickets of a process that ended. No other process works on this ledger. */
  async #recover() {
    const { store, commits, receiverDeduplicates } = this.#parts;
    const interrupted = store.interrupted();
    if (interrupted.length > 0) {
      const now = Date.now();
      await commits.run(() => {
        for (const each of interrupted) {
          const delay = crashDelay(each.crashes, Math.random());
          const isUnknown = each.mayBePosted && !receiverDeduplicates();
          if (delay === null) store.fail(each.id, now);
          else store.recover(each, now + delay, isUnknown ? now + UNKNOWN_MS : 0);
        }
        return { result: undefined };
      });
    }
    this.#hasRecovered = true;
  }

  async #startDue(isCareful: boolean) {
    const { store, commits, breaker } = this.#parts;
    for (;;) {
      const now = Date.now();
      const free = this.#free(isCareful);
      if (free <= 0) return;
      const order = breaker.circuit.failure === null ? "oldest" : "leastTried";
      const due = store.due(now, free, [...this.#leased], order);
      this.#oldestDueAt = undefined;
      for (const ticket of due.tickets) this.#start(ticket, isCareful);
      const { unreadable } = due;
      if (unreadable.length === 0) return;
      await commits.run(() => {
        for (const id of unreadable) store.fail(id, now);
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
      this.#admission.next();
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
    const { openings } = breaker.circuit;
    try {
      if (isRecordedFirst) await this.#commitOrLose(() => store.lease(ticket));
      return await attempt(ticket, () => this.#commitOrLose(() => store.mark(ticket)));
    } catch (error) {
      const ended = { openings, endedAt: Date.now(), random: Math.random() };
      return { kind: "failed", failure: toFailure(error), receiverDeduplicates: true, ...ended };
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
    const { store, breaker, canRead } = this.#parts;
    const before = breaker.read();
    const decision = decide(ticket, result, before);
    const { next, circuit } = decision;
    const { endedAt } = result;
    const publishCircuit = circuit === before ? null : breaker.write(circuit);
    if (decision.breaker === "closed") store.bringForward();
    if (next.kind === "retry") {
      const since = endedAt - GIVE_UP_CORRECTABLE_AFTER_MS;
      store.takeBack(decision.sameFailure, next.code, endedAt, since);
    }
    const isApplied = store.apply(ticket, next, endedAt, canRead);
    return {
      result: undefined,
      afterCommit: () => {
        publishCircuit?.();
        this.#report(ticket, result, isApplied ? decision : { ...decision, next: SUPERSEDED });
      },
    };
  }

  /** Counts and logs the result of an attempt. */
  #report(ticket: DueTicket, result: AttemptResult, { next, breaker }: Decision) {
    const { counters } = this.#parts;
    const { endedAt } = result;
    const about = { connector: this.#parts.connector(), ticketId: ticket.id };
    if (next.kind === "done") {
      const { outcome, unlisted, codes, hasSteps, situation } = next.outcome;
      counters.add("attempts", "done", endedAt);
      counters.add("tickets", outcome, endedAt);
      // What a person or a recheck starts again was counted before.
      if (ticket.announcedAt !== null && ticket.announcedAt >= ticket.queuedAt) {
        counters.addSeen({ hasCodes: codes.length > 0, hasSteps, situation }, endedAt);
      }
      // The codes of an edited comment were counted when it was posted.
      for (const code of ticket.editOnly ? [] : unlisted) {
        counters.addUnlisted(code, endedAt);
      }
      log({ event: "ticket_done", ...about, outcome });
    }
    if (next.kind === "superseded") log({ event: "attempt_superseded", ...about });
    if (next.kind === "failed") counters.add("tickets", "failed", endedAt);
    if (next.kind === "kept") counters.add("tickets", "unchanged", endedAt);
    if (next.kind === "retry" || next.kind === "failed" || next.kind === "kept") {
      const { code } = next;
      counters.add("attempts", code, endedAt);
      if (breaker === "opened")
        log({ event: "circuit_breaker_opened", ...about, ticketId: undefined, code });
      const event = EVENTS[next.kind];
      const detail = result.kind === "failed" ? result.failure.message : undefined;
      log({ event, ...about, code, detail, attempts: ticket.attempts + 1 });
    }
  }

  /** Waits until an attempt ends, a ticket becomes due, or concurrency rises. */
  async #untilNextChange(canStart: boolean) {
    const { store, breaker } = this.#parts;
    const now = Date.now();
    const at = canStart ? store.nextDueAt([...this.#leased]) : growsAt(breaker.circuit, now);
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

const EVENTS = {
  failed: "ticket_failed",
  kept: "ticket_kept",
  retry: "ticket_retry_scheduled",
} as const;

const SUPERSEDED = { kind: "superseded" } as const;

/** The longest time that a sender is held, so that it does not give up. */
const MAX_HELD_MS = 500;

/** Holds senders in a queue, and releases one for each ticket that is done. */
export class AdmissionControl {
  readonly #held: (() => void)[] = [];

  /** Settles when `next` releases this sender, after `MAX_HELD_MS` at the latest. */
  async wait(): Promise<void> {
    const released = new Promise<void>((resolve) => this.#held.push(resolve));
    const timer = setTimeout(() => this.next(), MAX_HELD_MS);
    await released;
    clearTimeout(timer);
  }

  /** Releases the sender that has been held longest. */
  next(): void {
    this.#held.shift()?.();
  }
}
