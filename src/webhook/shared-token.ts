import { Failure } from "../failure.ts";
import { type Proof, toVerified } from "./delivery.ts";
import { type Secret, toSecret } from "./secrets.ts";

/** Where a ticket system puts a token, when it cannot sign. */
export interface TokenPlace {
  readonly in: "header" | "query";
  readonly name: string;
}

/**
 * Proves deliveries by a token that both sides know. The token does not protect the body, so a
 * connector should use only the ticket's id from it.
 *
 * @param tokens The newest first; each of them is accepted.
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

/** The index of the token that was given; -1 for none. Takes the same time for every wrong token. */
export async function findToken(given: string, tokens: readonly Secret[]): Promise<number> {
  const hash = await digest(toSecret(given));
  for (const [index, token] of tokens.entries()) {
    if (crypto.subtle.timingSafeEqual(hash, await digest(token))) return index;
  }
  return -1;
}

/** Hashes have one length, whatever was given. */
function digest(bytes: Uint8Array<ArrayBuffer>) {
  return crypto.subtle.digest("SHA-256", bytes);
}
