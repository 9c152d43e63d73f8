declare const verified: unique symbol;

/** One webhook request, exactly as it arrived. Nothing in it is trusted yet. */
export interface Delivery {
  readonly headers: Headers;
  /** What stands behind the `?` of its address. */
  readonly query: URLSearchParams;
  /** The raw body. Signatures cover these bytes, so it is never decoded before it is verified. */
  readonly body: Uint8Array<ArrayBuffer>;
  readonly receivedAt: Date;
}

/** A delivery whose signature has been checked. Only a verifier can make one. */
export type VerifiedDelivery = Delivery & {
  readonly [verified]: true;
  /** Which of the secrets matched; above 0, the sender still signs with an older one. */
  readonly secretIndex: number;
};

/** What makes a request a delivery of a ticket system: a signature, or a shared token. */
export interface Proof {
  /** @throws {Failure} `signature_missing`, `signature_mismatch` or `signature_stale`. */
  verify(delivery: Delivery): Promise<VerifiedDelivery>;
  /** Proves a body as the ticket system would, for the set-up check. */
  sign(body: string, at: Date): Promise<SignedParts>;
}

/** What a sender adds to a body. */
export interface SignedParts {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

/** For verifiers alone: says that a delivery has been checked. */
export function toVerified(delivery: Delivery, secretIndex: number): VerifiedDelivery {
  return Object.assign({ ...delivery }, { secretIndex }) as unknown as VerifiedDelivery;
}
