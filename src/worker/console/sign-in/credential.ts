import { toSecret } from "../../../webhook/secrets.ts";

/** What a key is derived for: no key serves two purposes. */
type Purpose = "console session" | "console form";

/** Derives the key for one purpose from a secret. */
export async function deriveKey(secret: string, purpose: Purpose): Promise<CryptoKey> {
  const root = await importKey(toSecret(secret));
  const bytes = await crypto.subtle.sign("HMAC", root, toSecret(purpose));
  return importKey(new Uint8Array(bytes));
}

function importKey(bytes: Uint8Array<ArrayBuffer>) {
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
    "verify",
  ]);
}

/**
 * The token that every form of a page carries. It is made from what the browser proves itself with
 * (a cookie or a token of Cloudflare Access), so another person's form does not fit.
 */
export async function formToken(credential: string): Promise<string> {
  const key = await deriveKey(credential, "console form");
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, toSecret("token"))).toHex();
}

/** Whether a form carries the token of this browser. How long it takes says nothing of the token. */
export async function isFormToken(credential: string, token: unknown): Promise<boolean> {
  // Without a cookie the credential is empty, and an empty key cannot be imported.
  if (credential === "" || typeof token !== "string" || !/^[0-9a-f]{64}$/.test(token)) return false;
  const key = await deriveKey(credential, "console form");
  return crypto.subtle.verify("HMAC", key, Uint8Array.fromHex(token), toSecret("token"));
}
