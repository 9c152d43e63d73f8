import type { Proof } from "./delivery.ts";
import type { Secret } from "./secrets.ts";
import { type HmacScheme, hmac } from "./signature.ts";

/** The HMAC key is the hash of `signing_key`. No time is signed. */
const SCHEME: HmacScheme = {
  header: "x-content-signature",
  hash: "SHA-256",
  encoding: "base64",
  prefix: "",
  signed: ["body"],
  timestamp: null,
};

/**
 * Verifies callbacks of ConnectWise. The key is a setting: a callback also names an address of its
 * key, but nothing proves that this address is genuine.
 *
 * @param signingKeys The `signing_key` as text, the newest first.
 */
export function connectwiseCallback(signingKeys: readonly Secret[]): Proof {
  let hashed: Promise<Proof> | null = null;
  const proof = () => {
    hashed ??= Promise.all(
      signingKeys.map(async (key) => new Uint8Array(await crypto.subtle.digest("SHA-256", key))),
    ).then((keys) => hmac(SCHEME, keys));
    return hashed;
  };
  return {
    verify: async (delivery) => (await proof()).verify(delivery),
    sign: async (body, at) => (await proof()).sign(body, at),
  };
}
