import { Failure } from "../failure.ts";
import { type Proof, toVerified } from "./delivery.ts";
import { type Secret, toSecret } from "./secrets.ts";

/** Where a ticket system that cannot sign puts a token. */
export interface TokenPlace {
  readonly in: "header" | "query";
  readonly name: string;
}

/**
 * Verifies deliveries by a shared token. The token does not protect the body, so a connector should
 * use only the ticket id from it.
 *
 * @param tokens The newest first; each is accepted.
 */
export function sharedToken(place: TokenPlace, tokens: readonly Secret[]): Proof {
  return {
    async verify(delivery) {
      const { in: where, name } = place;
      const given = where === "header" ? delivery.headers.get(name) : delivery.query.get(name);
      if (!given) throw new Failure("signature_missing", `the ${where} ${name} is missing`);
      const index = await findToken(given, tokens);
      if (index >= 0) return toVerified(delivery, index);
      throw new Failure("signature_mismatch", `the ${where} ${name} fits no token`);
    },
    async sign() {
      const [token] = tokens;
      const proof = { [place.name]: new TextDecoder().decode(token ?? new Uint8Array()) };
      return place.in === "header" ? { headers: proof, query: {} } : { headers: {}, query: proof };
    },
  };
}

/** Verifies deliveries by a token in a header of our own, for ticket systems that set any header. */
export function headerToken(tokens: readonly Secret[]): Proof {
  return sharedToken({ in: "header", name: "x-hresult-token" }, tokens);
}

/** The index of the token that matches; -1 for none. Takes the same time for every wrong token. */
export async function findToken(given: string, tokens: readonly Secret[]): Promise<number> {
  const hash = await digest(toSecret(given));
  for (const [index, token] of tokens.entries()) {
    if (crypto.subtle.timingSafeEqual(hash, await digest(token))) return index;
  }
  return -1;
}

/** Hashed, because the comparison needs equal lengths. */
function digest(bytes: Uint8Array<ArrayBuffer>) {
  return crypto.subtle.digest("SHA-256", bytes);
}
