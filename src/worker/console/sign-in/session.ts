import * as z from "zod/mini";
import { decode, toSecret } from "../../../webhook/secrets.ts";
import { deriveKey } from "./credential.ts";

/** How long a person stays signed in, in seconds. */
export const SESSION_S = 8 * 60 * 60;

const Session = z.object({
  id: z.string(),
  /** Milliseconds since 1970. */
  endsAt: z.number(),
});

/** Sessions that were signed out of in this isolate, with the time at which they end anyway. */
const signedOut = new Map<string, number>();

/**
 * Makes the value of a session cookie: what it says, and a signature over it.
 *
 * @param secret What the person signed in with. The session ends when it is no longer valid.
 * @param now Milliseconds since 1970.
 */
export async function createSession(secret: string, now: number): Promise<string> {
  const session = { id: crypto.randomUUID(), endsAt: now + SESSION_S * 1000 };
  const payload = toSecret(JSON.stringify(session)).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
  const key = await deriveKey(secret, "console session");
  const signature = await crypto.subtle.sign("HMAC", key, toSecret(payload));
  return `${payload}.${new Uint8Array(signature).toHex()}`;
}

/**
 * Whether a cookie is a session that has not ended.
 *
 * @param secrets Those with which people may sign in now.
 * @param now Milliseconds since 1970.
 */
export async function isSession(
  cookie: string,
  secrets: readonly string[],
  now: number,
): Promise<boolean> {
  const session = await verify(cookie, secrets);
  if (session === null) return false;
  // A clock that was set back must not make a session longer.
  const isInTime = session.endsAt > now && session.endsAt <= now + SESSION_S * 1000;
  return isInTime && !signedOut.has(session.id);
}

/** Ends a session. Other isolates learn nothing of it, so the browser's cookie is deleted, too. */
export async function endSession(
  cookie: string,
  secrets: readonly string[],
  now: number,
): Promise<void> {
  const session = await verify(cookie, secrets);
  if (session === null) return;
  for (const [id, endsAt] of signedOut) if (endsAt <= now) signedOut.delete(id);
  signedOut.set(session.id, session.endsAt);
}

async function verify(cookie: string, secrets: readonly string[]) {
  const [payload = "", hex = "", ...rest] = cookie.split(".");
  const signature = decode("hex", hex);
  if (signature === null || rest.length > 0) return null;
  for (const secret of secrets) {
    const key = await deriveKey(secret, "console session");
    if (await crypto.subtle.verify("HMAC", key, signature, toSecret(payload))) {
      return parse(payload);
    }
  }
  return null;
}

function parse(payload: string) {
  try {
    const bytes = Uint8Array.fromBase64(payload, { alphabet: "base64url" });
    return Session.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data ?? null;
  } catch {
    return null;
  }
}
