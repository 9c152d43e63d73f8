/**
 * Every failure the Worker knows, and what each caller should do about it.
 *
 * `status` answers the caller of a route. `retry`: whether the same job can succeed later;
 * `briefly`: only soon after the ticket system told of the ticket, or when the whole ticket system
 * is in trouble. `pause`: the trouble is the whole ticket system's, so its other tickets wait too:
 * at once, or when several tickets in a row met it.
 */
const FAILURES = {
  body_too_large: { status: 413, retry: false, pause: null },
  calls_spent: { status: 503, retry: true, pause: null },
  catalog_unavailable: { status: 503, retry: true, pause: null },
  comment_awaited: { status: 503, retry: true, pause: null },
  code_invalid: { status: 422, retry: false, pause: null },
  connector_unknown: { status: 404, retry: false, pause: null },
  // Another attempt has the ticket, or it was forgotten: this one posts nothing.
  lease_lost: { status: 503, retry: true, pause: null },
  ledger_unavailable: { status: 503, retry: true, pause: null },
  method_not_allowed: { status: 405, retry: false, pause: null },
  payload_invalid: { status: 422, retry: false, pause: null },
  rate_limited: { status: 429, retry: true, pause: null },
  request_invalid: { status: 422, retry: false, pause: null },
  route_unknown: { status: 404, retry: false, pause: null },
  settings_invalid: { status: 503, retry: true, pause: "at_once" },
  signature_mismatch: { status: 401, retry: false, pause: null },
  signature_missing: { status: 401, retry: false, pause: null },
  signature_stale: { status: 401, retry: false, pause: null },
  ticket_id_invalid: { status: 422, retry: false, pause: null },
  ticket_system_answer_invalid: { status: 502, retry: true, pause: null },
  ticket_system_busy: { status: 503, retry: true, pause: "at_once" },
  ticket_system_denied: { status: 502, retry: true, pause: "at_once" },
  // 404 and 402: the ticket cannot be seen yet or any more, a right was lost, or a bill not paid.
  ticket_system_not_found: { status: 502, retry: "briefly", pause: "in_a_row" },
  ticket_system_refused: { status: 502, retry: false, pause: null },
  ticket_system_unavailable: { status: 503, retry: true, pause: "in_a_row" },
  ticket_unknown: { status: 404, retry: false, pause: null },
  token_invalid: { status: 401, retry: false, pause: null },
  unexpected: { status: 500, retry: true, pause: null },
} as const;

export type FailureCode = keyof typeof FAILURES;

/** Whether a text is the code of a failure. */
export function isFailureCode(text: string): text is FailureCode {
  return Object.hasOwn(FAILURES, text);
}

/** The failures of a whole ticket system: they open its circuit breaker. */
export const BREAKER_FAILURES: readonly FailureCode[] = Object.entries(FAILURES).flatMap(
  ([code, { pause }]) => (pause !== null && isFailureCode(code) ? [code] : []),
);

interface FailureOptions extends ErrorOptions {
  /** How long the other side asked us to wait, in milliseconds. */
  retryAfterMs?: number | undefined;
  /** Whether what was asked for may have been done all the same, or may be done yet. */
  unsure?: boolean;
  /** The HTTP status which a ticket system answered. */
  answered?: number;
}

/**
 * A failure with a stable code.
 *
 * `message` is for the log only and never leaves the Worker; it holds no value of a setting and
 * nothing of a ticket.
 */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: FailureCode;
  readonly retryAfterMs: number | null;
  readonly unsure: boolean;
  readonly answered: number | null;

  constructor(code: FailureCode, message: string, options: FailureOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.unsure = options.unsure ?? false;
    this.answered = options.answered ?? null;
  }

  get status() {
    return FAILURES[this.code].status;
  }

  get retry() {
    return FAILURES[this.code].retry;
  }

  get pause() {
    return FAILURES[this.code].pause;
  }
}

/** Any thrown value as a failure; one without a code is a bug, and its text may quote a ticket. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) {
    return error;
  }
  const name = error instanceof Error ? error.name : typeof error;
  return new Failure("unexpected", `unexpected ${name}`, { cause: error });
}
