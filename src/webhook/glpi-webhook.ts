import type { Proof } from "./delivery.ts";
import type { Secret } from "./secrets.ts";
import { type HmacScheme, hmac, sign } from "./signature.ts";

const SIGNED = {
  header: "x-glpi-signature",
  hash: "SHA-256",
  encoding: "hex",
  prefix: "",
} as const;

/** How GLPI signs: the body, and right behind it the time. A retry keeps the first time. */
const DELIVERY: HmacScheme = {
  ...SIGNED,
  signed: ["body", "<x-glpi-timestamp>"],
  timestamp: { header: "x-glpi-timestamp", form: "seconds", toleranceS: 24 * 60 * 60 },
};

const CHALLENGE: HmacScheme = { ...SIGNED, signed: ["body"], timestamp: null };

/** Proves deliveries of GLPI. */
export function glpiWebhook(secrets: readonly Secret[]): Proof {
  return hmac(DELIVERY, secrets);
}

/**
 * Answers GLPI's challenge: a GET that asks whether we know the secret.
 *
 * @param token What GLPI wants to see signed. A token with a brace is refused, so nobody can have a
 *   delivery signed this way: its body begins with a brace.
 * @returns The signature alone; null for no such token.
 */
export async function answerChallenge(
  [secret]: readonly Secret[],
  token: string,
): Promise<string | null> {
  if (secret === undefined || !/^[\w.-]{1,128}$/.test(token)) return null;
  const headers = await sign(CHALLENGE, secret, new Date(), token);
  return headers[SIGNED.header] ?? null;
}
