/**
 * One line of the log. It holds ids, codes and states. It never holds ticket text, names of people,
 * request headers or values of settings.
 */
export interface LogLine {
  readonly event:
    | "attempt_superseded"
    | "circuit_breaker_opened"
    | "delivery_accepted"
    | "delivery_duplicate"
    | "delivery_ignored"
    | "delivery_rejected"
    | "labels_skipped"
    | "ledger_write_failed"
    | "maintenance_failed"
    | "older_secret_used"
    | "picture_unread"
    | "poll_failed"
    | "record_erased"
    | "recheck_failed"
    | "request_failed"
    | "retrigger_accepted"
    | "sign_in_accepted"
    | "sign_in_refused"
    | "sign_out_not_noted"
    | "situation_unknown"
    | "ticket_done"
    | "ticket_failed"
    | "ticket_forgotten"
    | "ticket_kept"
    | "ticket_retry_scheduled"
    | "tickets_polled"
    | "tickets_rechecked";
  readonly connector?: string | undefined;
  readonly ticketId?: string | undefined;
  /** The code of the failure. */
  readonly code?: string | undefined;
  /** The outcome of the ticket or the delivery, such as `posted`. */
  readonly outcome?: string | null | undefined;
  /** What failed, in our own words. It never quotes data from outside. */
  readonly detail?: string | undefined;
  /** The number of attempts, this one included. */
  readonly attempts?: number | undefined;
  /** How many tickets a poll found or a recheck queued. */
  readonly count?: number | undefined;
}

/**
 * Writes one JSON object on one line.
 *
 * @example
 * log({ event: "ticket_done", connector: "zendesk", ticketId: "17", outcome: "posted" });
 */
export function log(line: LogLine): void {
  console.log(JSON.stringify(line));
}
