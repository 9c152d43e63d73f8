declare const verified: unique symbol;

/** One webhook request, exactly as it arrived. Nothing in it is trusted yet. */
export interface Delivery {
  readonly headers: Headers;
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

/**
 * Checks the signature of a delivery.
 *
 * @throws {Failure} `signature_missing`, `signature_mismatch` or `signature_stale`.
 */
export type Verifier = (delivery: Delivery) => Promise<VerifiedDelivery>;
