import type { Context } from "hono";
import type * as z from "zod/mini";
import { $ZodError } from "zod/v4/core";
import { Failure } from "../failure.ts";
import { readLimited } from "../limited-body.ts";

/** The longest body that a route for people reads. */
export const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Reads the raw bytes of a request's body. Stops reading as soon as the body is too long.
 *
 * @throws {Failure} `body_too_large`, or `payload_invalid` when the body ends before its
 *   `content-length`.
 */
export async function readBytes(
  { req }: Context,
  maxBytes = MAX_BODY_BYTES,
): Promise<Uint8Array<ArrayBuffer>> {
  const isAnnouncedTooLarge = Number(req.header("content-length")) > maxBytes;
  const bytes = isAnnouncedTooLarge
    ? null
    : await readLimited(req.raw.body, maxBytes).catch((cause) => {
        throw new Failure("payload_invalid", "the body ended early", { cause });
      });
  if (bytes === null) throw new Failure("body_too_large", `over ${maxBytes} bytes`);
  return bytes;
}

/**
 * Reads a JSON body and checks it with a schema.
 *
 * @param whenEmpty The JSON to use for an empty body. Without it an empty body is invalid.
 * @throws {Failure} `request_invalid`. The message names the fields that are wrong, not their
 *   values.
 * @example
 * const { force } = await readJsonBody(c, z.object({ force: z.boolean() }));
 */
export async function readJsonBody<T>(
  c: Context,
  schema: z.ZodMiniType<T>,
  whenEmpty = "",
): Promise<T> {
  const text = new TextDecoder().decode(await readBytes(c));
  try {
    return schema.parse(JSON.parse(text || whenEmpty));
  } catch (error) {
    throw requestInvalid(error);
  }
}

/**
 * Reads the query of the URL and checks it with a schema.
 *
 * @throws {Failure} `request_invalid`. The message names the parameters that are wrong.
 */
export function readQuery<T>(c: Context, schema: z.ZodMiniType<T>): T {
  const query = schema.safeParse(c.req.query());
  if (query.success) return query.data;
  throw requestInvalid(query.error);
}

function requestInvalid(error: unknown) {
  const fields = error instanceof $ZodError ? error.issues.map((each) => each.path.join(".")) : [];
  return new Failure("request_invalid", fields.join(", ") || "not JSON");
}
