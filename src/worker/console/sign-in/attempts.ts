import type { Context } from "hono";

/** How many failed sign-ins one address may have in a minute, as in `wrangler.toml`. */
const MAX_FAILURES = 5;
const PERIOD_MS = 60_000;

/** Times of failed sign-ins, and of those under way, in milliseconds since 1970. */
let failures: readonly number[] = [];

/**
 * Runs one sign-in, unless too many failed: the platform's limiter counts each sign-in of an
 * address. Where there is none, on a local Worker, failures are counted in memory.
 *
 * @param now Milliseconds since 1970.
 * @param attempt Whether the password is right.
 * @returns `too_many` without having tried.
 */
export async function limitSignIns(
  c: Context,
  now: number,
  attempt: () => Promise<boolean>,
): Promise<"right" | "wrong" | "too_many"> {
  const limit: RateLimit | undefined = c.env.SIGN_IN_LIMIT;
  if (limit !== undefined) {
    const key = c.req.header("cf-connecting-ip") ?? "";
    // Unlike a ticket, a sign-in is not lost when it has to wait.
    const { success } = await limit.limit({ key }).catch(() => ({ success: false }));
    if (!success) return "too_many";
    return (await attempt()) ? "right" : "wrong";
  }
  failures = failures.filter((at) => Math.abs(now - at) < PERIOD_MS);
  if (failures.length >= MAX_FAILURES) return "too_many";
  // Counted before it is known: many at once must not pass.
  failures = [...failures, now];
  if (!(await attempt())) return "wrong";
  failures = failures.toSpliced(failures.indexOf(now), 1);
  return "right";
}
