import type { HonoJsonWebKey } from "hono/utils/jwt/jws";
import { verifyWithJwks } from "hono/utils/jwt/jwt";
import * as z from "zod/mini";
import type { Settings } from "../../../env.ts";

type Access = NonNullable<Settings["consoleAccess"]>;

/** How long the keys of a team are kept; Cloudflare changes them every six weeks. */
const KEYS_AGE_MS = 60 * 60 * 1000;
/** How often an unknown key may lead to a request for the keys. */
const RETRY_MS = 60 * 1000;
const TIMEOUT_MS = 5_000;

const Keys = z.object({
  keys: z.array(z.looseObject({ kid: z.string(), kty: z.string(), n: z.string(), e: z.string() })),
});

/** The keys of the last team that was asked, and when. */
let known: {
  readonly team: string;
  readonly keys: readonly HonoJsonWebKey[];
  readonly readAt: number;
} | null = null;

/**
 * Whether a token is one that Cloudflare Access made for this application and that is valid now:
 * signed with RS256 by a key of the team, for our audience, by our issuer, in time.
 *
 * @param now Milliseconds since 1970.
 * @see https://developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/validating-json/
 */
export async function isAccessToken(token: string, access: Access, now: number): Promise<boolean> {
  if (await verify(token, access, await keysOf(access.team, now, KEYS_AGE_MS))) return true;
  // The team may have a new key.
  if (known !== null && now - known.readAt < RETRY_MS) return false;
  return verify(token, access, await keysOf(access.team, now, RETRY_MS));
}

async function verify(token: string, { team, audience }: Access, keys: readonly HonoJsonWebKey[]) {
  try {
    const payload = await verifyWithJwks(token, {
      keys: [...keys],
      allowedAlgorithms: ["RS256"],
      verification: { iss: `https://${team}`, aud: audience },
    });
    // The library checks a time only where there is one.
    return typeof payload.exp === "number";
  } catch {
    return false;
  }
}

/** The keys of a team; those that were read last while they cannot be had. */
async function keysOf(
  team: string,
  now: number,
  maxAgeMs: number,
): Promise<readonly HonoJsonWebKey[]> {
  const last = known?.team === team ? known : null;
  if (last !== null && now - last.readAt < maxAgeMs) return last.keys;
  const keys = (await fetchKeys(team)) ?? last?.keys ?? [];
  known = { team, keys, readAt: now };
  return keys;
}

async function fetchKeys(team: string) {
  try {
    const response = await fetch(new URL(`https://${team}/cdn-cgi/access/certs`), {
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return response.ok ? Keys.parse(await response.json()).keys : null;
  } catch {
    return null;
  }
}
