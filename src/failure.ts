/**
 * Every failure that the Worker knows.
 *
 * - `status`: the HTTP status of our answer.
 * - `retry`: whether a later attempt at the same job can succeed. `briefly`: only while the ticket
 *   is new, or while the ticket system as a whole is failing.
 * - `opensBreaker`: whether the failure concerns the whole ticket system, so that the circuit
 *   breaker opens: `at_once`, or after several tickets `in_a_row` failed with it. Null: it concerns
 *   one ticket or request only.
 */
const FAILURES = {
  body_too_large: { status: 413, retry: false, opensBreaker: null },
  calls_spent: { status: 503, retry: true, opensBreaker: null },
  catalog_unavailable: { status: 503, retry: true, opensBreaker: null },
  comment_awaited: { status: 503, retry: true, opensBreaker: null },
  code_invalid: { status: 422, retry: false, opensBreaker: null },
  connector_unknown: { status: 404, retry: false, opensBreaker: null },
  // A page was asked for with the cursor of another list.
  cursor_mismatch: { status: 400, retry: false, opensBreaker: null },
  // Another attempt has taken over the ticket, or it was deleted: this attempt posts nothing.
  lease_lost: { status: 503, retry: true, opensBreaker: null },
  ledger_unavailable: { status: 503, retry: true, opensBreaker: null },
  method_not_allowed: { status: 405, retry: false, opensBreaker: null },
  payload_invalid: { status: 422, retry: false, opensBreaker: null },
  // A recheck does not find a code again that was read in a picture.
  picture_unread: { status: 503, retry: true, opensBreaker: null },
  rate_limited: { status: 429, retry: true, opensBreaker: null },
  request_invalid: { status: 422, retry: false, opensBreaker: null },
  route_unknown: { status: 404, retry: false, opensBreaker: null },
  settings_invalid: { status: 503, retry: true, opensBreaker: "at_once" },
  signature_mismatch: { status: 401, retry: false, opensBreaker: null },
  signature_missing: { status: 401, retry: false, opensBreaker: null },
  signature_stale: { status: 401, retry: false, opensBreaker: null },
  ticket_id_invalid: { status: 422, retry: false, opensBreaker: null },
  ticket_system_answer_invalid: { status: 502, retry: true, opensBreaker: null },
  ticket_system_busy: { status: 503, retry: true, opensBreaker: "at_once" },
  ticket_system_denied: { status: 502, retry: true, opensBreaker: "at_once" },
  // A 404 or 402 has several causes: the ticket is not visible yet, or was deleted; the service
  // user lost a right; the account was not paid for.
  ticket_system_not_found: { status: 502, retry: "briefly", opensBreaker: "in_a_row" },
  ticket_system_refused: { status: 502, retry: false, opensBreaker: null },
  ticket_system_unavailable: { status: 503, retry: true, opensBreaker: "in_a_row" },
  ticket_unknown: { status: 404, retry: false, opensBreaker: null },
  token_invalid: { status: 401, retry: false, opensBreaker: null },
  unexpected: { status: 500, retry: true, opensBreaker: null },
} as const;

export type FailureCode = keyof typeof FAILURES;

/** Whether a text is the code of a failure. */
export function isFailureCode(text: string): text is FailureCode {
  return Object.hasOwn(FAILURES, text);
}

/** Every code of the table. */
export const FAILURE_CODES: readonly FailureCode[] = Object.keys(FAILURES).filter(isFailureCode);

/** The HTTP status with which our routes answer a failure. */
export function statusOf(code: FailureCode) {
  return FAILURES[code].status;
}

/** The codes of the failures that can open the circuit breaker. */
export const BREAKER_FAILURES: readonly FailureCode[] = Object.entries(FAILURES).flatMap(
  ([code, { opensBreaker }]) => (opensBreaker !== null && isFailureCode(code) ? [code] : []),
);

interface FailureOptions extends ErrorOptions {
  /** The delay that the ticket system asked for, in milliseconds. */
  retryAfterMs?: number | undefined;
  /** The request may have been carried out nevertheless, or may be later. */
  outcomeUnknown?: boolean;
  /** The HTTP status that the ticket system answered. */
  ticketSystemStatus?: number;
}

/**
 * An error with a stable code from the table of failures.
 *
 * `message` goes to the log only. It contains no value of a setting and no text of a ticket.
 *
 * @example
 * throw new Failure("ticket_system_busy", "answered 429", { retryAfterMs: 30_000 });
 */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: FailureCode;
  readonly retryAfterMs: number | null;
  readonly outcomeUnknown: boolean;
  readonly ticketSystemStatus: number | null;

  constructor(code: FailureCode, message: string, options: FailureOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.outcomeUnknown = options.outcomeUnknown ?? false;
    this.ticketSystemStatus = options.ticketSystemStatus ?? null;
  }

  get status() {
    return statusOf(this.code);
  }

  get retry() {
    return FAILURES[this.code].retry;
  }

  get opensBreaker() {
    return FAILURES[this.code].opensBreaker;
  }
}

/**
 * Turns any thrown value into a failure. Anything but a `Failure` becomes `unexpected`: it is a
 * bug, and its message is dropped because it may quote a ticket.
 */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) {
    return error;
  }
  const name = error instanceof Error ? error.name : typeof error;
  return new Failure("unexpected", `unexpected ${name}`, { cause: error });
}
