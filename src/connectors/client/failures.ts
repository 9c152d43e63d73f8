import { Failure } from "../../failure.ts";

/** This ticket, or something on it, is out of reach: another try would not help. */
export const refused = (why: string) => new Failure("ticket_system_refused", why);

/** A right is missing, for all tickets, until somebody mends it. */
export const denied = (why: string) => new Failure("ticket_system_denied", why);

/** It is no answer of this ticket system. */
export const answerInvalid = (why: string) => new Failure("ticket_system_answer_invalid", why);

/** Said by what stands before a ticket system, which may be at work still. */
const GATEWAY = [502, 504, 520, 521, 522, 523, 524];

/** What GitHub says to who calls too often, with the status of a missing right. */
const TOO_OFTEN = /secondary rate limit/i;
const TOO_OFTEN_WAIT_MS = 60_000;

/**
 * What a status other than 2xx means for a job.
 *
 * @param says The answer's body, where it was read.
 * @param changes Whether the call was to change something.
 */
export function statusFailure(
  { status, headers }: Response,
  says: string,
  changes: boolean,
): Failure {
  const message = `answered ${status}`;
  const isTooOften = TOO_OFTEN.test(says);
  const isSpent = headers.get("x-ratelimit-remaining") === "0" || headers.has("retry-after");
  if (status === 429 || (status === 403 && (isSpent || isTooOften))) {
    const wait = readWait(headers, Date.now()) ?? (isTooOften ? TOO_OFTEN_WAIT_MS : undefined);
    return new Failure("ticket_system_busy", message, {
      ticketSystemStatus: status,
      retryAfterMs: wait,
    });
  }
  if (status === 401 || status === 403) {
    return new Failure("ticket_system_denied", message, { ticketSystemStatus: status });
  }
  // 409: somebody else wrote meanwhile, and nothing was done.
  if (status >= 500 || [408, 409, 425].includes(status)) {
    const outcomeUnknown = changes && GATEWAY.includes(status);
    const retryAfterMs = readRetryAfter(headers.get("retry-after"), Date.now());
    return new Failure("ticket_system_unavailable", message, {
      ticketSystemStatus: status,
      retryAfterMs,
      outcomeUnknown,
    });
  }
  if (status >= 300 && status < 400) {
    const reason = `${message}: a redirect is not followed`;
    return new Failure("ticket_system_answer_invalid", reason, { ticketSystemStatus: status });
  }
  const isMissing = [402, 404].includes(status);
  const code = isMissing ? "ticket_system_not_found" : "ticket_system_refused";
  return new Failure(code, message, { ticketSystemStatus: status });
}

/** Whether a ticket system does not do what it is asked, for this ticket or what hangs on it. */
export function isRefusal({ code }: Failure): boolean {
  return code === "ticket_system_refused" || code === "ticket_system_not_found";
}

/** How long to wait: as told, or else until a count of calls begins anew which is spent. */
function readWait(headers: Headers, now: number): number | undefined {
  const isSpent = (headers.get("x-ratelimit-remaining") ?? "0") === "0";
  const reset = isSpent ? Number(headers.get("x-ratelimit-reset")) * 1000 - now : 0;
  return readRetryAfter(headers.get("retry-after"), now) ?? (reset > 0 ? reset : undefined);
}

/**
 * Reads `Retry-After`: seconds, or a date.
 *
 * @returns Milliseconds from now; undefined when it says nothing of use.
 */
export function readRetryAfter(text: string | null, now: number): number | undefined {
  if (!text) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

/** For a set-up check: a sentence on what is missing, unless all is well. */
export function unless(isWell: boolean, sentence: string): string[] {
  return isWell ? [] : [sentence];
}
