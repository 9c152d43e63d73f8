import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";

/** What `/readyz` of a Worker answers. */
export const Readiness = z.object({
  status: z.string(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});

const REQUEST_TIMEOUT_MS = 10_000;
const REQUEST_INTERVAL_MS = 2_000;

/** A check that fails: its name and why. */
export type FailedCheck = Omit<z.infer<typeof Readiness>["checks"][number], "ok">;

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
  await waitUntil(worker, waitMs, signal, ({ status }) => status === "ok");
}

/**
 * Asks `/readyz` until the Worker has a catalog. What it needs besides is for a person to set.
 *
 * @returns The checks that fail.
 * @throws {Error} When it has none by then, or does not answer.
 */
export async function waitForCatalog(
  worker: URL,
  waitMs: number,
  signal: AbortSignal,
): Promise<readonly FailedCheck[]> {
  const hasCatalog = ({ status, checks }: z.infer<typeof Readiness>) =>
    status === "ok" || checks.some(({ name, ok }) => name === "catalog" && ok);
  const { checks } = await waitUntil(worker, waitMs, signal, hasCatalog);
  return checks.filter(({ ok }) => !ok);
}

async function waitUntil(
  worker: URL,
  waitMs: number,
  signal: AbortSignal,
  isEnough: (readiness: z.infer<typeof Readiness>) => boolean,
) {
  const end = performance.now() + waitMs;
  let printed = "";
  for (;;) {
    const readiness = await askReadiness(worker);
    if (typeof readiness !== "string" && isEnough(readiness)) return readiness;
    const problem = typeof readiness === "string" ? readiness : describeFailed(readiness);
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

/** A sentence when the Worker does not answer as it should. */
async function askReadiness(worker: URL) {
  const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const answer = await fetch(new URL("/readyz", worker), { signal }).catch(() => null);
  if (answer === null) return "no answer yet";
  const readiness = Readiness.safeParse(await answer.json().catch(() => null));
  return readiness.success
    ? readiness.data
    : `it answers ${answer.status}, but not like this Worker`;
}

/** The failed checks in a sentence; empty when there are none. */
export function describeFailed({ checks }: z.infer<typeof Readiness>) {
  const failed = checks.filter(({ ok }) => !ok);
  return failed.map(({ name, detail }) => `${name}: ${detail}`).join("; ");
}
