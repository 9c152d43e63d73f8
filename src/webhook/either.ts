import { toFailure } from "../failure.ts";
import type { Proof } from "./delivery.ts";

/** Tries the second proof if the first is missing, but not if the first is wrong. */
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
