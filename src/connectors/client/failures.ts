import { Failure } from "../../failure.ts";

/** The ticket system refuses something about this ticket for good. */
export const refused = (why: string) => new Failure("ticket_system_refused", why);

/** The ticket is not visible: not yet, or no longer. */
export const notFound = (why: string) => new Failure("ticket_system_not_found", why);

/** The service user lacks a right. This affects all tickets. */
export const denied = (why: string) => new Failure("ticket_system_denied", why);

/** The answer has an unexpected form. */
export const answerInvalid = (why: string) => new Failure("ticket_system_answer_invalid", why);

/** Status codes of gateways. The ticket system behind it may still carry out the request. */
const GATEWAY = [502, 504, 520, 521, 522, 523, 524];

/** The text of a 403 by which GitHub reports a rate limit. Any other 403 is a missing right. */
const TOO_OFTEN = /secondary rate limit/i;
const TOO_OFTEN_WAIT_MS = 60_000;

/**
 * The failure for an HTTP status other than 2xx.
 *
 * @param body The text of the answer; "" when it was not read.
 * @param changes Whether the request was to change something.
 */
export function statusFailure(
  { status, headers }: Response,
  body: string,
  changes: boolean,
): Failure {
  const message = `answered ${status}`;
  const isTooOften = TOO_OFTEN.test(body);
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
  // 409: a conflicting write; nothing was changed.
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

/** Whether the ticket system refuses a request about this ticket, or does not find it. */
export function isRefusal({ code }: Failure): boolean {
  return code === "ticket_system_refused" || code === "ticket_system_not_found";
}

/** The time to wait in milliseconds: from `Retry-After`, or until a used-up rate limit resets. */
function readWait(headers: Headers, now: number): number | undefined {
  const retryAfterMs = readRetryAfter(headers.get("retry-after"), now);
  if (retryAfterMs !== undefined) return retryAfterMs;
  for (const prefix of ["x-ratelimit", "ratelimit"]) {
    const isSpent = (headers.get(`${prefix}-remaining`) ?? "0") === "0";
    const wait = readReset(headers.get(`${prefix}-reset`), now);
    if (isSpent && wait !== undefined && wait > 0) return wait;
  }
  return undefined;
}

/** A larger number is in seconds since 1970, a smaller one in seconds from now. */
const EARLIEST_UNIX_S = 1e9;

/** Reads when a rate limit resets: seconds from now, seconds since 1970, or a date. */
function readReset(text: string | null, now: number): number | undefined {
  const seconds = Number(text);
  return text && seconds > EARLIEST_UNIX_S ? seconds * 1000 - now : readRetryAfter(text, now);
}

/**
 * Reads `Retry-After`: seconds, or a date.
 *
 * @returns Milliseconds from now; undefined when it is missing or invalid.
 */
export function readRetryAfter(text: string | null, now: number): number | undefined {
  if (!text) return undefined;
  const isNumber = /^\d+(?:\.\d+)?$/.test(text.trim());
  const ms = isNumber ? Math.ceil(Number(text) * 1000) : Date.parse(text) - now;
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

/** Errors of Node and workerd when no answer came, with an explanation for an administrator. */
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
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/,
    "no https at that address and port: is the port right, or does only http answer there",
  ],
  [/EHOSTUNREACH|ENETUNREACH/, "host unreachable: no network leads to it from here"],
  [/\bbad port\b/i, "forbidden port: no program that fetches pages uses it, so take another"],
  [/TimeoutError|ETIMEDOUT|CONNECT_TIMEOUT/i, "no answer in time"],
  [/ECONNRESET|UND_ERR_SOCKET|connection lost/i, "connection broken off before an answer came"],
];

/**
 * Explains why no answer came. Does not quote the error, which may contain an address.
 *
 * @param error What `fetch` threw. Its causes are examined, too.
 */
export function describeNoAnswer(error: unknown): string {
  const words: string[] = [];
  for (let each = error; each instanceof Error && words.length < 12; each = each.cause) {
    words.push(each.name, each.message, "code" in each ? String(each.code) : "");
  }
  const known = NO_ANSWER.find(([pattern]) => pattern.test(words.join(" ")));
  return known?.[1] ?? `no answer (${words[0] ?? "error"})`;
}
