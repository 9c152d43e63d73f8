/** A token with a limited lifetime. */
export interface Grant {
  readonly token: string;
  /** Null when the ticket system does not say. */
  readonly lifetimeMs: number | null;
}

/** A token is renewed this long before it expires, so that it does not expire during a request. */
const MARGIN_MS = 60_000;
/** For a token whose lifetime is not known. */
const DEFAULT_LIFETIME_MS = 5 * 60_000;

/** Caches a token until shortly before it expires. */
export interface AccessToken {
  /** Returns a valid token, fetched if necessary. Concurrent callers share one request. */
  get(): Promise<string>;
  /** Drops a token that was refused, unless it has been replaced already. */
  drop(refused: string): void;
}

/**
 * @param fetchGrant Requests a token. Its failures are passed on and not cached.
 * @param now Milliseconds since 1970.
 */
export function createAccessToken(
  fetchGrant: () => Promise<Grant>,
  now: () => number = Date.now,
): AccessToken {
  let kept: { readonly token: string; readonly renewAt: number } | null = null;
  let pending: Promise<string> | null = null;

  async function renew() {
    try {
      const { token, lifetimeMs } = await fetchGrant();
      // A lifetime below twice the margin is used for half of its time.
      const lifetime = lifetimeMs ?? DEFAULT_LIFETIME_MS;
      kept = { token, renewAt: now() + Math.max(lifetime - MARGIN_MS, lifetime / 2) };
      return token;
    } finally {
      pending = null;
    }
  }

  return {
    async get() {
      if (kept && now() < kept.renewAt) return kept.token;
      pending ??= renew();
      return pending;
    },
    drop(refused) {
      if (kept?.token === refused) kept = null;
    },
  };
}
