import * as z from "zod/mini";
import { Failure, toFailure } from "../../failure.ts";
import { denied } from "./failures.ts";
import { type Answer, type Http, readJson } from "./http.ts";
import { Token } from "./settings.ts";

/** A token with a limited lifetime. */
interface Grant {
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

const Granted = z.object({ access_token: Token, expires_in: z.nullish(z.coerce.number()) });

/**
 * Requests a token from an OAuth 2 token endpoint.
 *
 * @param encoding `form` as in RFC 6749, or `json` if the ticket system wants that.
 * @throws {Failure} `ticket_system_denied` when it refuses the client or the login (RFC 6749, 5.2).
 */
export async function requestGrant(
  http: Http,
  endpoint: URL,
  fields: Readonly<Record<string, string>>,
  encoding: "form" | "json" = "form",
): Promise<Grant> {
  const accept = { accept: "application/json" };
  const isForm = encoding === "form";
  const headers = isForm ? accept : { ...accept, "content-type": "application/json" };
  const body = isForm ? new URLSearchParams(fields) : JSON.stringify(fields);
  const init = { method: "POST", headers, body };
  const answer = await http(endpoint, init).catch((error) => {
    const { code, message, ticketSystemStatus, retryAfterMs } = toFailure(error);
    if (ticketSystemStatus === 400) throw denied("the login is wrong, or its grant not allowed");
    // Without the status, which does not concern the request that needs the token.
    throw new Failure(code, `token endpoint: ${message}`, {
      retryAfterMs: retryAfterMs ?? undefined,
    });
  });
  return toGrant(answer);
}

function toGrant(answer: Answer): Grant {
  const { access_token: token, expires_in: seconds } = readJson(answer, Granted);
  return { token, lifetimeMs: seconds ? seconds * 1000 : null };
}
