import type { Context, MiddlewareHandler } from "hono";
import type * as z from "zod/mini";
import { $ZodError } from "zod/v4/core";
import { readSettings } from "../env.ts";
import { Failure } from "../failure.ts";
import { readLimited } from "../limited-body.ts";
import { toSecret } from "../webhook/secrets.ts";
import { findToken } from "../webhook/shared-token.ts";

/** The longest body that is read, of whatever kind. */
const MAX_BODY_BYTES = 1024 * 1024;

const BEARER = /^Bearer +(\S+) *$/i;

/** Guards the routes which a person calls. */
export const requireToken: MiddlewareHandler = async (c, next) => {
  const { apiTokens } = readSettings(c.env);
  if (apiTokens === null) throw new Failure("settings_invalid", "API_TOKENS: missing");
  const [, given = ""] = BEARER.exec(c.req.header("authorization") ?? "") ?? [];
  const index = await findToken(given, apiTokens.map(toSecret));
  if (index < 0) throw new Failure("token_invalid", "no such token");
  await next();
};

/**
 * Reads a body as it arrived, and a longer one only until that shows.
 *
 * @throws {Failure} `body_too_large`, or `payload_invalid` when it ends before its announced length.
 */
export async function readBytes({ req }: Context): Promise<Uint8Array<ArrayBuffer>> {
  const isAnnounced = Number(req.header("content-length")) > MAX_BODY_BYTES;
  const bytes = isAnnounced
    ? null
    : await readLimited(req.raw.body, MAX_BODY_BYTES).catch((cause) => {
        throw new Failure("payload_invalid", "the body broke off", { cause });
      });
  if (bytes === null) throw new Failure("body_too_large", `over ${MAX_BODY_BYTES} bytes`);
  return bytes;
}

/**
 * Reads a JSON body through its schema.
 *
 * @throws {Failure} `request_invalid`, which names the fields and not what stood in them.
 */
export async function readBody<T>(
  c: Context,
  schema: z.ZodMiniType<T>,
  whenEmpty = "",
): Promise<T> {
  const text = new TextDecoder().decode(await readBytes(c));
  try {
    return schema.parse(JSON.parse(text || whenEmpty));
  } catch (error) {
    throw invalid(error);
  }
}

/** Reads the query through its schema, in the same way. */
export function readQuery<T>(c: Context, schema: z.ZodMiniType<T>): T {
  const query = schema.safeParse(c.req.query());
  if (query.success) return query.data;
  throw invalid(query.error);
}

function invalid(error: unknown) {
  const fields = error instanceof $ZodError ? error.issues.map((each) => each.path.join(".")) : [];
  return new Failure("request_invalid", fields.join(", ") || "no JSON");
}
