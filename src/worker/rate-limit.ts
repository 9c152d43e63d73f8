import type { Context, MiddlewareHandler } from "hono";
import type { Env } from "../env.ts";
import { Failure, toFailure } from "../failure.ts";

/** The period of both limits in seconds, as in `wrangler.toml`. */
export const LIMIT_PERIOD_S = 60;

/**
 * Middleware for the routes that people call: limits the requests of one IP address, whether their
 * token is right or not, so that nobody can try many tokens.
 *
 * @throws {Failure} `rate_limited`.
 */
export const limitCalls: MiddlewareHandler = async (c, next) => {
  await countAgainst(c, c.env.CALL_LIMIT);
  await next();
};

/**
 * Runs the verification of a delivery and limits the failures of one IP address. A delivery that
 * verifies is not counted, so it is never rejected for its rate.
 *
 * @throws {Failure} `rate_limited`, or what `verify` throws.
 */
export async function limitFailures<T>(c: Context, verify: () => Promise<T>): Promise<T> {
  try {
    return await verify();
  } catch (error) {
    if (toFailure(error).status === 401) await countAgainst(c, c.env.FAILURE_LIMIT);
    throw error;
  }
}

async function countAgainst(c: Context, limit: Env["CALL_LIMIT"]) {
  // The local Worker has no limits: all its callers are on the same machine.
  if (limit === undefined) return;
  const key = c.req.header("cf-connecting-ip") ?? "";
  // If the platform's limiter fails, requests pass: a lost limit is better than a lost ticket.
  const { success } = await limit.limit({ key }).catch(() => ({ success: true }));
  if (!success) throw new Failure("rate_limited", "too many requests from one address");
}
