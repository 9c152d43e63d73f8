import type { Context, MiddlewareHandler } from "hono";
import type { Env } from "../env.ts";
import { Failure, toFailure } from "../failure.ts";

/** The period of both limits, as `wrangler.toml` has it. */
export const LIMIT_PERIOD_S = 60;

/** Guards the routes which a person calls, whatever the token: one address cannot try many. */
export const limitCalls: MiddlewareHandler = async (c, next) => {
  await refuseTooMany(c, c.env.CALL_LIMIT);
  await next();
};

/** Guards the verifying of deliveries: only what fails is counted, so no true one is refused. */
export async function limitFailures<T>(c: Context, verify: () => Promise<T>): Promise<T> {
  try {
    return await verify();
  } catch (error) {
    if (toFailure(error).status === 401) await refuseTooMany(c, c.env.FAILURE_LIMIT);
    throw error;
  }
}

async function refuseTooMany(c: Context, limit: Env["CALL_LIMIT"]) {
  // Where there is no platform there is no limit, and no address of a caller.
  if (limit === undefined) return;
  const key = c.req.header("cf-connecting-ip") ?? "";
  const { success } = await limit.limit({ key }).catch(() => ({ success: true }));
  if (!success) throw new Failure("rate_limited", "too many calls from one address");
}
