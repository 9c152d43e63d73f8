import * as z from "zod";

/** The answer of `GET /unlisted`. */
const Unlisted = z.object({ codes: z.array(z.object({ code: z.string(), tickets: z.number() })) });

/** Tickets of the last 90 days with codes that an upload adds. */
export interface RecheckCount {
  readonly codes: readonly string[];
  /** A ticket with two of the codes is counted twice. */
  readonly tickets: number;
}

const TIMEOUT_MS = 10_000;

/**
 * Asks a Worker how many of its tickets have codes that an upload adds. Their comments called the
 * codes unlisted. Comments of the last `RECHECK_DAYS` are edited after the upload.
 *
 * @param worker The address of the Worker.
 * @param token One of its `API_TOKENS`.
 * @param added Topic and code of each new entry, as in `UploadReport`.
 * @throws {Error} When the Worker does not answer, or rejects the token.
 */
export async function countRechecks(
  worker: string,
  token: string,
  added: readonly string[],
): Promise<RecheckCount> {
  const url = new URL("/unlisted", worker);
  const headers = { authorization: `Bearer ${token}` };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(url, { headers, redirect: "manual", signal }).catch(() => null);
  if (response === null) throw new Error(`No answer from ${url.origin}: check --worker`);
  const body = Unlisted.safeParse(await response.json().catch(() => null)).data;
  if (response.status === 401) throw new Error(`${url.origin} rejects the first of API_TOKENS`);
  if (!response.ok || body === undefined) {
    throw new Error(`${url} answers ${response.status}: is this the address of the Worker?`);
  }
  const learned = new Set(added.map((entry) => entry.split(" ")[1]));
  const codes = body.codes.filter(({ code }) => learned.has(code));
  return {
    codes: codes.map(({ code }) => code),
    tickets: codes.reduce((sum, { tickets }) => sum + tickets, 0),
  };
}
