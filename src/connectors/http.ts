import * as z from "zod/mini";
import { $ZodError } from "zod/v4/core";
import { Failure } from "../errors.ts";

/** How long one outgoing call may take, from connecting to the last byte. */
const TIMEOUT_MS = 10_000;
/** Longer answers are not read to their end. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** An answer with a 2xx status. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * Calls a ticket system. A status becomes a failure here, so no connector looks at one.
 *
 * @throws {Failure} `ticket_system_*`.
 */
export type Http = (url: URL, init?: RequestInit) => Promise<Answer>;

/** Follows no redirect: a ticket must not end at a host which nobody named. */
export const http: Http = async (url, init) => {
  const changes = (init?.method ?? "GET") !== "GET";
  const response = await send(url, init, changes);
  if (response.ok) {
    const text = await readText(response, changes);
    return { status: response.status, headers: response.headers, text };
  }
  await response.body?.cancel();
  throw toFailure(response, changes);
};

/**
 * Reads an answer through its schema.
 *
 * @throws {Failure} `ticket_system_answer_invalid`, as for a login page with status 200.
 */
export function readJson<T>(answer: Answer, schema: z.ZodMiniType<T>): T {
  try {
    return schema.parse(JSON.parse(answer.text));
  } catch (error) {
    const reason =
      error instanceof $ZodError
        ? error.issues.map((issue) => `${issue.path.join(".")}: ${issue.code}`).join("; ")
        : "no JSON";
    throw new Failure("ticket_system_answer_invalid", `the answer does not fit: ${reason}`);
  }
}

async function send(url: URL, init: RequestInit | undefined, changes: boolean) {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    return await fetch(url, { ...init, redirect: "manual", signal });
  } catch (error) {
    throw unavailable(error, changes);
  }
}

async function readText(response: Response, changes: boolean) {
  try {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > MAX_ANSWER_BYTES) {
        throw new Failure("ticket_system_answer_invalid", `over ${MAX_ANSWER_BYTES} bytes`);
      }
      chunks.push(chunk);
    }
    return await new Blob(chunks as Uint8Array<ArrayBuffer>[]).text();
  } catch (error) {
    throw error instanceof Failure ? error : unavailable(error, changes);
  }
}

/** How the platform says that one run may make no more calls; this one was not sent. */
const CALLS_SPENT = /too many subrequests/i;

/** The cause may quote an address, so only its name is told. */
function unavailable(cause: unknown, unsure: boolean) {
  const { name, message } = cause instanceof Error ? cause : { name: "error", message: "" };
  if (CALLS_SPENT.test(message)) return new Failure("calls_spent", "no calls left", { cause });
  return new Failure("ticket_system_unavailable", `no answer (${name})`, { cause, unsure });
}

/** Said by what stands before a ticket system, which may be at work still. */
const GATEWAY = [502, 504, 520, 521, 522, 523, 524];

function toFailure({ status, headers }: Response, changes: boolean): Failure {
  const message = `answered ${status}`;
  const retryAfterMs = readRetryAfter(headers.get("retry-after"), Date.now());
  if (status === 429) return new Failure("ticket_system_busy", message, { retryAfterMs });
  if (status === 401 || status === 403) return new Failure("ticket_system_denied", message);
  if (status >= 500 || status === 408 || status === 425) {
    const unsure = changes && GATEWAY.includes(status);
    return new Failure("ticket_system_unavailable", message, { retryAfterMs, unsure });
  }
  if (status >= 300 && status < 400) {
    return new Failure("ticket_system_answer_invalid", `${message}: a redirect is not followed`);
  }
  return new Failure("ticket_system_refused", message);
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

/** The base address of a ticket system: https, or http on loopback. */
export const BaseUrl = z
  .url({ protocol: /^https?$/, error: "an address that begins with https://" })
  .check(
    z.refine((text) => isSafe(text), { error: "https, or http on loopback only, and no password" }),
  );

/** An address in which `{id}` becomes the ticket id: in its path or query, never in its host. */
export const TicketUrl = BaseUrl.check(
  z.refine((text) => /^[^/]+\/\/[^/?#{]+[/?][^#]*\{id\}/.test(text), {
    error: "an address with {id} in its path or query",
  }),
);

function isSafe(text: string) {
  const url = URL.parse(text.replaceAll("{id}", "0"));
  const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url?.hostname ?? "");
  if (url === null || url.username || url.password) return false;
  return url.protocol === "https:" || loopback;
}

/** Puts a checked ticket id into an address. */
export function ticketUrl(template: string, ticketId: string): URL {
  return new URL(template.replaceAll("{id}", encodeURIComponent(ticketId)));
}
