import { toFailure } from "../failure.ts";
import type { Proof } from "./delivery.ts";

/** Accepts the second proof when the first is missing. A first proof that is wrong is not made good. */
export function either(first: Proof | null, second: Proof | null): Proof | null {
  if (first === null || second === null) return first ?? second;
  return {
    sign: first.sign,
    verify: (delivery) =>
      first.verify(delivery).catch((error) => {
        if (toFailure(error).code !== "signature_missing") throw error;
        return second.verify(delivery);
      }),
  };
}
