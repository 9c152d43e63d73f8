import type { Proof } from "./delivery.ts";
import type { Secret } from "./secrets.ts";
import { type HmacScheme, hmac, sign } from "./signature.ts";

const SIGNED = {
  header: "x-glpi-signature",
  hash: "SHA-256",
  encoding: "hex",
  prefix: "",
} as const;

/** GLPI signs the body followed by the time. A retry keeps the time of the first delivery. */
const DELIVERY: HmacScheme = {
  ...SIGNED,
  signed: ["body", "<x-glpi-timestamp>"],
  timestamp: { header: "x-glpi-timestamp", form: "seconds", toleranceS: 24 * 60 * 60 },
};

const CHALLENGE: HmacScheme = { ...SIGNED, signed: ["body"], timestamp: null };

/** Verifies deliveries of GLPI. */
export function glpiWebhook(secrets: readonly Secret[]): Proof {
  return hmac(DELIVERY, secrets);
}

/**
 * Answers the challenge of GLPI: a GET that checks whether we know the secret.
 *
 * @param token The text to sign. Braces are refused, so that nobody can get a delivery signed: the
 *   body of a delivery begins with a brace.
 * @returns The signature; null for an invalid token.
 */
export async function answerChallenge(
  [secret]: readonly Secret[],
  token: string,
): Promise<string | null> {
  if (secret === undefined || !/^[\w.-]{1,128}$/.test(token)) return null;
  const headers = await sign(CHALLENGE, secret, new Date(), token);
  return headers[SIGNED.header] ?? null;
}
