import { setTimeout as pass } from "node:timers/promises";
import * as z from "zod";

/** What `/readyz` of a Worker answers. */
export const Readiness = z.object({
  status: z.string(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});

const ASK_TIMEOUT_MS = 10_000;
const ASK_PAUSE_MS = 2_000;

/**
 * Waits until a deployed Worker says that it is ready, and prints what it waits for.
 *
 * @param waitMs When this has passed, it is asked no more.
 * @throws {Error} What is not ready by then.
 */
export async function untilReady(worker: URL, waitMs: number, signal: AbortSignal): Promise<void> {
  const end = performance.now() + waitMs;
  let last = "";
  for (;;) {
    const trouble = await askReadiness(worker);
    if (trouble === null) return;
    if (trouble !== last) console.log(`waiting for ${worker.origin}: ${trouble}`);
    last = trouble;
    if (performance.now() >= end) {
      throw new Error(
        `The Worker is deployed and not ready after ${waitMs / 1000} s: ${trouble}. ` +
          `Its ${worker.origin}/readyz says when it is; this command can be run again.`,
      );
    }
    await pass(ASK_PAUSE_MS, undefined, { signal });
  }
}

/** Null when all is well. */
async function askReadiness(worker: URL) {
  const signal = AbortSignal.timeout(ASK_TIMEOUT_MS);
  const answer = await fetch(new URL("/readyz", worker), { signal }).catch(() => null);
  if (answer === null) return "nobody answers there yet";
  const readiness = Readiness.safeParse(await answer.json().catch(() => null));
  if (!readiness.success) return `it answers ${answer.status}, and not whether it is ready`;
  const { status, checks } = readiness.data;
  if (status === "ok") return null;
  const failed = checks.filter(({ ok }) => !ok);
  return failed.map(({ name, detail }) => `${name}: ${detail}`).join("; ");
}
