import { Failure } from "../../failure.ts";

/** The ticket system refuses something about this ticket for good. */
export const refused = (why: string) => new Failure("ticket_system_refused", why);

/** The ticket cannot be seen, yet or any more. */
export const notFound = (why: string) => new Failure("ticket_system_not_found", why);

/** The service user lacks a right, which concerns all tickets. */
export const denied = (why: string) => new Failure("ticket_system_denied", why);

/** The answer has a form that this ticket system does not send. */
export const answerInvalid = (why: string) => new Failure("ticket_system_answer_invalid", why);

/** Status codes of gateways. The ticket system behind one may still carry out the request. */
const GATEWAY = [502, 504, 520, 521, 522, 523, 524];

/** GitHub says so in a 403, which otherwise means that a right is missing. */
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

/** Whether the ticket system refuses a request about this ticket, or does not find it. */
export function isRefusal({ code }: Failure): boolean {
  return code === "ticket_system_refused" || code === "ticket_system_not_found";
}

/** How long to wait, in milliseconds: as `Retry-After` says, or until a used-up rate limit resets. */
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

/** Reads when a rate limit resets: seconds from now, seconds since 1970, or a date. */
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
 * Says why no answer came. Quotes nothing of the error, which may hold an address.
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
