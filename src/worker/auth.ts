import type { MiddlewareHandler } from "hono";
import { readApiTokens } from "../env.ts";
import { Failure } from "../failure.ts";
import { toSecret } from "../webhook/secrets.ts";
import { findToken } from "../webhook/shared-token.ts";

/** `Authorization: Bearer TOKEN`, RFC 6750. The scheme may be in any case. */
const BEARER = /^Bearer +(\S+) *$/i;

/**
 * Middleware for the routes that people call: lets a request pass if it carries one of
 * `API_TOKENS`.
 *
 * @throws {Failure} `token_invalid`, or `settings_invalid` when `API_TOKENS` is not set.
 * @example
 * app.use("/tickets/*", requireToken);
 */
export const requireToken: MiddlewareHandler = async (c, next) => {
  const apiTokens = readApiTokens(c.env);
  if (apiTokens === null) throw new Failure("settings_invalid", "API_TOKENS: missing");
  const [, token = ""] = BEARER.exec(c.req.header("authorization") ?? "") ?? [];
  const index = await findToken(token, apiTokens.map(toSecret));
  if (index < 0) throw new Failure("token_invalid", "no such token");
  await next();
};
