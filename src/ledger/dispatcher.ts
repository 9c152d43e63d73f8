import { Failure, toFailure } from "../failure.ts";
import { log } from "../log.ts";
import { type CircuitBreaker, concurrency, growsAt } from "./circuit-breaker.ts";
import type { Counters } from "./counters.ts";
import { type AttemptResult, type Decision, decide, UNKNOWN_MS } from "./decide.ts";
import type { GroupCommit, Written } from "./group-commit.ts";
import { crashDelay, GIVE_UP_CORRECTABLE_AFTER_MS } from "./retry-policy.ts";
import type { DueTicket, TicketStore } from "./ticket-store.ts";

/** A due ticket that waits longer than this, although the ticket system answers, is lag. */
const BACKPRESSURE_LAG_MS = 300;

/** A run looks again after so long: a timer takes no delay of a month. */
const MAX_SLEEP_MS = 60_000;

/** The parts of a ledger that a dispatcher moves. */
export interface DispatcherParts {
  readonly store: TicketStore;
  readonly commits: GroupCommit;
  readonly breaker: CircuitBreaker;
  readonly counters: Counters;
  /** The connector's name, for the log. */
  readonly connector: () => string;
  /** The ticket system lets its tickets be read. */
  readonly canRead: () => boolean;
  /** The receiver itself recognises a comment that it got before. */
  readonly receiverDeduplicates: () => boolean;
  /** One attempt at a ticket. Never rejects. */
  readonly attempt: (
    ticket: DueTicket,
    beforePosting: () => Promise<void>,
  ) => Promise<AttemptResult>;
}

export interface RunOptions {
  /** From then on no ticket is begun. Milliseconds since 1970. */
  readonly until: number;
  /** The process ended during the run before: tickets are begun one by one, and leave a trace. */
  readonly isCareful: boolean;
}

/** Works on the tickets that are due, oldest first, some at a time. */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #admission = new AdmissionControl();
  /** Tickets of attempts whose result is not on disk yet. */
  readonly #leased = new Set<string>();
  #inFlight = 0;
  #isRunning = false;
  #hasRecovered = false;
  #wake = Promise.withResolvers<void>();
  /** Since when the oldest ticket is due that is not begun; null: none is; undefined: look. */
  #oldestDueAt: number | null | undefined;
  /** The platform allows this run no more calls. */
  #areCallsSpent = false;
  /** What could not be written of an attempt. */
  #writeError: unknown = null;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** An attempt at the ticket is under way, even when its row does not show it. */
  isLeased(id: string): boolean {
    return this.#leased.has(id);
  }

  /** A ticket has become due. */
  wake(): void {
    this.#wake.resolve();
  }

  /** Back-pressure: holds a sender while due tickets lag, though the ticket system answers. */
  async admit(): Promise<void> {
    if (!this.#isRunning || this.#parts.breaker.circuit.failure !== null) return;
    if (this.#oldestDueAt === undefined) {
      this.#oldestDueAt = this.#parts.store.nextDueAt([...this.#leased]);
    }
    const lagMs = this.#oldestDueAt === null ? 0 : Date.now() - this.#oldestDueAt;
    if (lagMs > BACKPRESSURE_LAG_MS) await this.#admission.wait();
  }

  /**
   * Settles when nothing is due and every result is on disk. What becomes due meanwhile is worked
   * on too: a ticket that hangs must not hold up the others.
   *
   * @throws What kept a result from being written.
   */
  async run({ until, isCareful }: RunOptions): Promise<void> {
    this.#isRunning = true;
    this.#areCallsSpent = false;
    try {
      if (!this.#hasRecovered) await this.#recover();
      for (;;) {
        const mayBegin = Date.now() < until && !this.#areCallsSpent && this.#writeError === null;
        if (mayBegin) await this.#beginDue(isCareful);
        if (this.#leased.size === 0) break;
        await this.#untilSomethingHappens(mayBegin && this.#free(isCareful) > 0);
      }
    } finally {
      this.#isRunning = false;
    }
    await this.#parts.commits.idle();
    if (this.#writeError !== null) throw this.#writeError;
  }

  /** Takes back what a process that is gone had begun. There is only one of us. */
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

  async #beginDue(isCareful: boolean) {
    const { store, commits, breaker } = this.#parts;
    for (;;) {
      const now = Date.now();
      const free = this.#free(isCareful);
      if (free <= 0) return;
      const order = breaker.circuit.failure === null ? "oldest" : "leastTried";
      const due = store.due(now, free, [...this.#leased], order);
      this.#oldestDueAt = undefined;
      for (const ticket of due.tickets) this.#begin(ticket, isCareful);
      const { unreadable } = due;
      if (unreadable.length === 0) return;
      await commits.run(() => {
        for (const id of unreadable) store.fail(id, now);
        return { result: undefined };
      });
    }
  }

  /** How many more tickets may be begun now. */
  #free(isCareful: boolean) {
    const allowed = concurrency(this.#parts.breaker.circuit, Date.now());
    return (isCareful ? Math.min(allowed, 1) : allowed) - this.#inFlight;
  }

  #begin(ticket: DueTicket, isCareful: boolean) {
    this.#leased.add(ticket.id);
    this.#inFlight++;
    // One under which the process has ended leaves a trace before it is begun.
    this.#work(ticket, isCareful || ticket.crashes > 0).finally(() => {
      this.#inFlight--;
      this.#admission.next();
      this.wake();
    });
  }

  async #work(ticket: DueTicket, leavesTrace: boolean) {
    const result = await this.#attempt(ticket, leavesTrace);
    const isFailed = result.kind === "failed";
    if (isFailed && result.failure.code === "calls_spent") this.#areCallsSpent = true;
    const written = this.#apply(ticket, result);
    // The next ticket need not wait until a success is on disk. A failure may open the circuit
    // breaker, and then no other ticket may be begun.
    if (isFailed) await written;
  }

  async #attempt(ticket: DueTicket, leavesTrace: boolean): Promise<AttemptResult> {
    const { store, attempt, breaker } = this.#parts;
    const { openings } = breaker.circuit;
    try {
      if (leavesTrace) await this.#commitOrLose(() => store.lease(ticket));
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

  /** Writes what follows an attempt, in the transaction of the caller. */
  #write(ticket: DueTicket, result: AttemptResult): Written<void> {
    const { store, breaker, canRead } = this.#parts;
    const before = breaker.read();
    const decision = decide(ticket, result, before);
    const { next, circuit } = decision;
    const { endedAt } = result;
    const showCircuit = circuit === before ? null : breaker.write(circuit);
    if (decision.breaker === "closed") store.bringForward();
    if (next.kind === "retry") {
      const since = endedAt - GIVE_UP_CORRECTABLE_AFTER_MS;
      store.takeBack(decision.alike, next.code, endedAt, since);
    }
    const isApplied = store.apply(ticket, next, endedAt, canRead);
    return {
      result: undefined,
      afterCommit: () => {
        showCircuit?.();
        this.#tell(ticket, result, isApplied ? decision : { ...decision, next: SUPERSEDED });
      },
    };
  }

  /** Counts and logs what followed an attempt. */
  #tell(ticket: DueTicket, result: AttemptResult, { next, breaker }: Decision) {
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
      // A comment that is edited was counted when it was posted.
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

  /** Until an attempt ends, a ticket becomes due that may be begun, or more may be begun at once. */
  async #untilSomethingHappens(mayBegin: boolean) {
    const { store, breaker } = this.#parts;
    const now = Date.now();
    const at = mayBegin ? store.nextDueAt([...this.#leased]) : growsAt(breaker.circuit, now);
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

/** The longest that a sender is held, in milliseconds: it must not give up. */
const MAX_HELD_MS = 500;

/** Lets in as many as go out, while those inside have waited too long. */
export class AdmissionControl {
  readonly #held: (() => void)[] = [];

  /** Settles when another ticket is done, after half a second at the latest. */
  async wait(): Promise<void> {
    const turn = new Promise<void>((resolve) => this.#held.push(resolve));
    const timer = setTimeout(() => this.next(), MAX_HELD_MS);
    await turn;
    clearTimeout(timer);
  }

  /** A ticket is done: the one that was held first may go on. */
  next(): void {
    this.#held.shift()?.();
  }
}
