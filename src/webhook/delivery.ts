declare const verified: unique symbol;

/** One webhook request, exactly as it arrived. Nothing in it is trusted yet. */
export interface Delivery {
  readonly headers: Headers;
  /** The query of its URL. */
  readonly query: URLSearchParams;
  /** The raw body. Signatures cover these bytes, so it is never decoded before it is verified. */
  readonly body: Uint8Array<ArrayBuffer>;
  readonly receivedAt: Date;
}

/** A delivery whose signature has been checked. Only a verifier can make one. */
export type VerifiedDelivery = Delivery & {
  readonly [verified]: true;
  /** The index of the secret that matched. Above 0, the sender still uses an older secret. */
  readonly secretIndex: number;
};

/** How deliveries of a ticket system are verified: by a signature, or by a shared token. */
export interface Proof {
  /** @throws {Failure} `signature_missing`, `signature_mismatch` or `signature_stale`. */
  verify(delivery: Delivery): Promise<VerifiedDelivery>;
  /** Signs a body as the ticket system would, for the set-up check. */
  sign(body: string, at: Date): Promise<SignedParts>;
}

/** The headers and query parameters that prove a body. */
export interface SignedParts {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

/** Marks a delivery as verified. Only verifiers may call it. */
export function toVerified(delivery: Delivery, secretIndex: number): VerifiedDelivery {
  return Object.assign({ ...delivery }, { secretIndex }) as unknown as VerifiedDelivery;
}
