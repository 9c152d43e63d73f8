import type { Proof } from "./delivery.ts";
import type { Secret } from "./secrets.ts";
import { type HmacScheme, hmac, sign } from "./signature.ts";

/**
 * The symmetric scheme of Standard Webhooks signs `{id}.{timestamp}.{body}`.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
const SCHEME: HmacScheme = {
  header: "webhook-signature",
  hash: "SHA-256",
  encoding: "base64",
  prefix: "v1,",
  signed: ["<webhook-id>", ".", "<webhook-timestamp>", ".", "body"],
  timestamp: { header: "webhook-timestamp", form: "seconds" },
};

/** Verifies deliveries that are signed as Standard Webhooks. */
export function standardWebhook(secrets: readonly Secret[]): Proof {
  const { verify } = hmac(SCHEME, secrets);
  return {
    verify,
    async sign(body, at) {
      const [secret = new Uint8Array()] = secrets;
      const headers = await signStandardWebhook(secret, `evt_${crypto.randomUUID()}`, at, body);
      return { headers, query: {} };
    },
  };
}

/**
 * Signs a message that we send, as Standard Webhooks.
 *
 * @param id The id of the message, the same for every attempt; without a full stop.
 * @returns The three headers.
 */
export function signStandardWebhook(
  secret: Secret,
  id: string,
  at: Date,
  body: string,
): Promise<Record<string, string>> {
  return sign(SCHEME, secret, at, body, { "webhook-id": id });
}
