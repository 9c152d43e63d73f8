import type { Outcome } from "../enrichment/enrich.ts";
import { log } from "../log.ts";
import type { Job } from "../ticket.ts";
import type { AttemptResult } from "./attempt.ts";
import type { Counters, Counts } from "./counters.ts";
import type { Decision } from "./decide.ts";
import { type DueTicket, isAnnouncedSinceQueued } from "./ticket-row.ts";
import type { Accepted } from "./ticket-store.ts";

// What is counted and logged when a job is accepted and when an attempt ends, for `/metrics` and the
// console. `counters.ts` says how counts are kept. All of this runs after the commit, so that a write
// that is rolled back and run again counts once.
//
// What counts a ticket once:
// - new tickets: when the ticket system announces one that the ledger does not know;
// - what new tickets turned out to be (`addFirstResult`): when the ticket is done, unless a person or
//   a recheck queued it;
// - unlisted codes: when the ticket is done, unless it was done before with the same code.
// Attempts and outcomes count again after each re-trigger.

/** Counts deliveries that were answered without reaching the ledger, by answer. */
export function countAnswers(counters: Counters, answers: Counts): void {
  for (const [answer, count] of Object.entries(answers)) {
    counters.add("deliveries", answer, Date.now(), count);
  }
}

/** Counts and logs a job that was accepted, or that was a duplicate. */
export function countAccepted(
  counters: Counters,
  connector: string,
  job: Job,
  { receipt, effect, isNew }: Accepted,
): void {
  const now = Date.now();
  if (job.kind === "created") counters.add("deliveries", receipt, now);
  if (isNew) counters.addNewTicket(now);
  if (effect === "no_code" || effect === "skipped") {
    counters.add("tickets", effect, now);
    log({ event: "ticket_done", connector, ticketId: job.ticketId, outcome: effect });
  }
}

/** Counts the tickets of a page that polling found. */
export function countPolled(counters: Counters, page: readonly Accepted[], now: number): void {
  const accepted = page.filter(({ receipt }) => receipt === "accepted").length;
  if (accepted === 0) return;
  counters.add("deliveries", "polled", now, accepted);
  for (const { isNew } of page) if (isNew) counters.addNewTicket(now);
}

/** Counts and logs the result of an attempt, and whether it opened the circuit breaker. */
export function countAttempt(
  counters: Counters,
  connector: string,
  ticket: DueTicket,
  result: AttemptResult,
  { next, breaker }: Pick<Decision, "next" | "breaker">,
): void {
  const { endedAt } = result;
  const about = { connector, ticketId: ticket.id };
  if (breaker === "opened" && result.kind === "failed") {
    log({ event: "circuit_breaker_opened", connector, code: result.failure.code });
  }
  switch (next.kind) {
    case "done":
      countOutcome(counters, ticket, next.outcome, endedAt);
      log({ event: "ticket_done", ...about, outcome: next.outcome.outcome });
      break;
    case "retry":
    case "failed":
    case "comment_kept": {
      const { code } = next;
      const { event, countedAs } = FAILED_ATTEMPTS[next.kind];
      counters.add("attempts", code, endedAt);
      if (countedAs !== null) counters.add("tickets", countedAs, endedAt);
      const detail = result.kind === "failed" ? result.failure.message : undefined;
      log({ event, ...about, code, detail, attempts: ticket.earlierAttempts + 1 });
      break;
    }
    case "superseded":
      log({ event: "attempt_superseded", ...about });
      break;
    case "untried":
      break;
  }
}

/** What a failed attempt leads to: its log event, and the outcome of the ticket if it has ended. */
const FAILED_ATTEMPTS = {
  retry: { event: "ticket_retry_scheduled", countedAs: null },
  failed: { event: "ticket_failed", countedAs: "failed" },
  comment_kept: { event: "ticket_kept", countedAs: "unchanged" },
} as const;

function countOutcome(counters: Counters, ticket: DueTicket, done: Outcome, endedAt: number) {
  const { outcome, unlisted, codes, hasSteps, situation } = done;
  counters.add("attempts", "done", endedAt);
  counters.add("tickets", outcome, endedAt);
  // A ticket that a person or a recheck queued again was counted before.
  if (isAnnouncedSinceQueued(ticket)) {
    counters.addFirstResult({ hasCodes: codes.length > 0, hasSteps, situation }, endedAt);
  }
  for (const code of unlisted) {
    if (!ticket.unlisted.includes(code)) counters.addUnlisted(code, endedAt);
  }
}
