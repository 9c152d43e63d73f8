import * as z from "zod/mini";
import { Failure, toFailure } from "../../failure.ts";
import { type AccessToken, createAccessToken, type Grant } from "./access-token.ts";
import { denied } from "./failures.ts";
import { type Answer, type Http, readJson } from "./http.ts";
import { Token } from "./settings.ts";

/** The fields by which a client asks for a token in its own name (RFC 6749, 4.4). */
export function clientCredentials(id: string, secret: string) {
  return { grant_type: "client_credentials", client_id: id, client_secret: secret };
}

/** A token of an OAuth 2 token endpoint, requested when it is needed. See {@link requestGrant}. */
export function oauthToken(...request: Parameters<typeof requestGrant>): AccessToken {
  return createAccessToken(() => requestGrant(...request));
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
