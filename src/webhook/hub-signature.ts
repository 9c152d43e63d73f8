import type { Proof } from "./delivery.ts";
import type { Secret } from "./secrets.ts";
import { hmac } from "./signature.ts";

const HASHES = { sha1: "SHA-1", sha256: "SHA-256" } as const;

/**
 * Verifies deliveries by `sha256=` and the hex HMAC of the body, as WebSub and many others do.
 *
 * @see https://www.w3.org/TR/websub/#signature-validation
 */
export function hubSignature(
  header: string,
  secrets: readonly Secret[],
  hash: keyof typeof HASHES = "sha256",
): Proof {
  return hmac(
    {
      header,
      hash: HASHES[hash],
      encoding: "hex",
      prefix: `${hash}=`,
      signed: ["body"],
      timestamp: null,
    },
    secrets,
  );
}
