import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";

/** What `/readyz` of a Worker answers. */
export const Readiness = z.object({
  status: z.string(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});

const REQUEST_TIMEOUT_MS = 10_000;
const REQUEST_INTERVAL_MS = 2_000;

/**
 * Asks `/readyz` of a deployed Worker until it answers `ok`. Prints each new reason to wait.
 *
 * @param waitMs How long to go on asking, in milliseconds. The Worker is asked once at least.
 * @param signal Ends the wait with an error.
 * @throws {Error} When the Worker is not ready by then. The message says why.
 */
export async function waitUntilReady(
  worker: URL,
  waitMs: number,
  signal: AbortSignal,
): Promise<void> {
  const end = performance.now() + waitMs;
  let printed = "";
  for (;;) {
    const problem = await findReadinessProblem(worker);
    if (problem === null) return;
    if (problem !== printed) console.log(`waiting for ${worker.origin}: ${problem}`);
    printed = problem;
    if (performance.now() >= end) {
      throw new Error(
        `The Worker is deployed, but not ready after ${waitMs / 1000} s: ${problem}. ` +
          `${worker.origin}/readyz says when it is ready. You can run this command again.`,
      );
    }
    await delay(REQUEST_INTERVAL_MS, undefined, { signal });
  }
}

/** Null when the Worker is ready. */
async function findReadinessProblem(worker: URL) {
  const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const answer = await fetch(new URL("/readyz", worker), { signal }).catch(() => null);
  if (answer === null) return "no answer yet";
  const readiness = Readiness.safeParse(await answer.json().catch(() => null));
  if (!readiness.success) return `it answers ${answer.status}, but not like this Worker`;
  const { status, checks } = readiness.data;
  if (status === "ok") return null;
  const failed = checks.filter(({ ok }) => !ok);
  return failed.map(({ name, detail }) => `${name}: ${detail}`).join("; ");
}
