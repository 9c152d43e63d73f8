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

/** Where ended sessions are noted until they would have ended anyway. */
type Notes = Pick<KVNamespace, "get" | "put">;

/** How long a place of the network may go without asking again, in seconds: the least that KV takes. */
const NOTE_AGE_S = 30;

const noteKey = (id: string) => `console-session-ended:${id}`;

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
 * Whether a cookie is a session that has not ended. While KV cannot be read, a session counts as not
 * signed out of: its signature and its time still hold.
 *
 * @param secrets Those with which people may sign in now.
 * @param now Milliseconds since 1970.
 */
export async function isSession(
  cookie: string,
  secrets: readonly string[],
  now: number,
  notes: Notes,
): Promise<boolean> {
  const session = await verify(cookie, secrets);
  if (session === null) return false;
  // A clock that was set back must not make a session longer.
  const isInTime = session.endsAt > now && session.endsAt <= now + SESSION_S * 1000;
  if (!isInTime) return false;
  const note = await notes.get(noteKey(session.id), { cacheTtl: NOTE_AGE_S }).catch(() => null);
  return note === null;
}

/**
 * Ends a session: a copy of its cookie opens nothing any more. At other places of Cloudflare's
 * network that takes up to a minute or so, as any write to KV does.
 */
export async function endSession(
  cookie: string,
  secrets: readonly string[],
  now: number,
  notes: Notes,
): Promise<void> {
  const session = await verify(cookie, secrets);
  if (session === null) return;
  // KV keeps nothing for less than a minute.
  const expirationTtl = Math.max(60, Math.ceil((session.endsAt - now) / 1000));
  await notes.put(noteKey(session.id), "1", { expirationTtl });
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
