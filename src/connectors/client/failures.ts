import { Failure } from "../../failure.ts";

/** This ticket, or something on it, is out of reach: another try would not help. */
export const refused = (why: string) => new Failure("ticket_system_refused", why);

/** The ticket cannot be seen, yet or any more. */
export const notFound = (why: string) => new Failure("ticket_system_not_found", why);

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
  const isSpent =
    headers.has("retry-after") ||
    [headers.get("x-ratelimit-remaining"), headers.get("ratelimit-remaining")].includes("0");
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

/** How long to wait, in milliseconds: as told, or else until a spent count of calls begins anew. */
function readWait(headers: Headers, now: number): number | undefined {
  const told = readRetryAfter(headers.get("retry-after"), now);
  if (told !== undefined) return told;
  for (const prefix of ["x-ratelimit", "ratelimit"]) {
    const isSpent = (headers.get(`${prefix}-remaining`) ?? "0") === "0";
    const wait = readReset(headers.get(`${prefix}-reset`), now);
    if (isSpent && wait !== undefined && wait > 0) return wait;
  }
  return undefined;
}

/** Numbers above this are seconds since 1970, numbers below it seconds from now: 2001, or 31 years. */
const EARLIEST_UNIX_S = 1e9;

/** Reads when a count of calls begins anew: seconds from now, seconds since 1970, or a date. */
function readReset(text: string | null, now: number): number | undefined {
  const seconds = Number(text);
  return text && seconds > EARLIEST_UNIX_S ? seconds * 1000 - now : readRetryAfter(text, now);
}

/**
 * Reads `Retry-After`: seconds, or a date.
 *
 * @returns Milliseconds from now; undefined when it says nothing of use.
 */
export function readRetryAfter(text: string | null, now: number): number | undefined {
  if (!text) return undefined;
  const isNumber = /^\d+(?:\.\d+)?$/.test(text.trim());
  const ms = isNumber ? Math.ceil(Number(text) * 1000) : Date.parse(text) - now;
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

/** Why no answer came, by what Node and workerd call it, and what an administrator can do. */
const NO_ANSWER: readonly (readonly [RegExp, string])[] = [
  [/ENOTFOUND|EAI_AGAIN|\bDNS\b/i, "unknown host: no address is known for its name"],
  [/ECONNREFUSED|connection refused/i, "refused: nothing listens at that address and port"],
  [
    /CERT_HAS_EXPIRED|certificate has expired/i,
    "certificate expired: renew that of the ticket system",
  ],
  [
    /ALTNAME_INVALID|hostname mismatch|name mismatch/i,
    "certificate of another host: is the name in the address the one that it was made for",
  ],
  [
    /SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|not trusted|self[- ]signed|unable to (?:verify|get)/i,
    "certificate not trusted: set NODE_EXTRA_CA_CERTS to the file of your company's CA; a Worker at Cloudflare trusts public CAs only",
  ],
  [/TimeoutError|ETIMEDOUT|CONNECT_TIMEOUT/i, "no answer in time"],
];

/**
 * Says why no answer came. The words of an error may quote an address, so none of them is told.
 *
 * @param error What `fetch` threw; its causes are looked at, too.
 */
export function describeNoAnswer(error: unknown): string {
  const words: string[] = [];
  for (let each = error; each instanceof Error && words.length < 12; each = each.cause) {
    words.push(each.name, each.message, "code" in each ? String(each.code) : "");
  }
  const known = NO_ANSWER.find(([pattern]) => pattern.test(words.join(" ")));
  return known?.[1] ?? `no answer (${words[0] ?? "error"})`;
}
