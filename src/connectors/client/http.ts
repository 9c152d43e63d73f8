import type * as z from "zod/mini";
import { $ZodError } from "zod/v4/core";
import { Failure } from "../../failure.ts";
import { readLimited } from "../../limited-body.ts";
import { withTimeLimit } from "../../time-limit.ts";
import { answerInvalid, describeNoAnswer, statusFailure } from "./failures.ts";
import { isSafe } from "./settings.ts";

/** The time limit of one outgoing request, from connecting to the last byte. */
const TIMEOUT_MS = 10_000;
/** Longer answers are not read to their end. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** An answer with a 2xx status. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  readonly text: string;
}

/**
 * Sends a request to a ticket system. A status other than 2xx becomes a failure.
 *
 * Redirects are not followed, so that no ticket text goes to a host that no setting names. The
 * exception is `redirect: "follow"`, for files, which are often kept by a storage service: one
 * redirect is followed, without the headers of the first request.
 *
 * @throws {Failure} `ticket_system_*`, or `calls_spent`.
 */
export type Http = (url: URL, init?: RequestInit) => Promise<Answer>;

export const http: Http = (url, init) =>
  withTimeLimit(TIMEOUT_MS, (signal) => call(url, init, signal));

async function call(url: URL, init: RequestInit | undefined, signal: AbortSignal): Promise<Answer> {
  const changes = (init?.method ?? "GET") !== "GET";
  const first = await send(url, { ...init, signal }, changes);
  const file = init?.redirect === "follow" && fileAddress(first, url);
  const response = file ? await send(file, { signal }, false) : first;
  if (response.ok) {
    const bytes = await readBytes(response, changes);
    const text = new TextDecoder().decode(bytes);
    return { status: response.status, headers: response.headers, bytes, text };
  }
  const refusal = response.status === 403 ? await readText(response) : "";
  // Cancelling fails when the connection broke off.
  await response.body?.cancel().catch(() => {});
  throw statusFailure(response, refusal, changes);
}

/** The text of an answer; "" when it cannot be read. */
function readText(response: Response) {
  return readBytes(response, false).then(
    (bytes) => new TextDecoder().decode(bytes),
    () => "",
  );
}

/** The target of a redirect; null when it is not a redirect to a safe address. */
function fileAddress({ status, headers }: Response, from: URL): URL | null {
  if (status < 300 || status >= 400) return null;
  const url = URL.parse(headers.get("location") ?? "", from);
  return url && url.href !== from.href && isSafe(url.href) ? url : null;
}

/** Whether an answer is an HTML page, such as a login page. */
export function isPage({ headers }: Answer): boolean {
  return /\bhtml\b/i.test(headers.get("content-type") ?? "");
}

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
    throw answerInvalid(`the answer does not fit: ${reason}`);
  }
}

async function send(url: URL, init: RequestInit, changes: boolean) {
  try {
    return await fetch(url, { ...init, redirect: "manual" });
  } catch (error) {
    throw unavailable(error, changes);
  }
}

async function readBytes({ body }: Response, changes: boolean) {
  const bytes = await readLimited(body, MAX_ANSWER_BYTES).catch((error) => {
    throw unavailable(error, changes);
  });
  if (bytes === null) throw answerInvalid(`over ${MAX_ANSWER_BYTES} bytes`);
  return bytes;
}

/** The error of the platform when a run may send no more requests. The request was not sent. */
const CALLS_SPENT = /too many subrequests/i;

function unavailable(cause: unknown, outcomeUnknown: boolean) {
  const message = cause instanceof Error ? cause.message : "";
  if (CALLS_SPENT.test(message)) return new Failure("calls_spent", "no calls left", { cause });
  return new Failure("ticket_system_unavailable", describeNoAnswer(cause), {
    cause,
    outcomeUnknown,
  });
}
