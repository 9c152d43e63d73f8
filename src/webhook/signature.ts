import * as z from "zod/mini";
import { Failure } from "../errors.ts";
import type { Delivery, VerifiedDelivery, Verifier } from "./delivery.ts";

/** The greatest age of a signed timestamp, in either direction, in seconds. */
export const TOLERANCE_S = 300;

/** Each signature that is tried costs a hash over the whole body; who rotates sends two. */
const MAX_SIGNATURES = 5;
const SIGNATURE_BYTES = { "SHA-1": 20, "SHA-256": 32 } as const;

const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;

/** The key of an HMAC, as bytes. */
export type Secret = Uint8Array<ArrayBuffer>;

/**
 * Secrets of Standard Webhooks: `whsec_` and the base64 of 24 to 64 bytes, several separated by
 * commas, the newest first.
 */
export const StandardSecrets = secrets(
  decodeStandardSecret,
  `each secret is whsec_ and the base64 of ${MIN_SECRET_BYTES} to ${MAX_SECRET_BYTES} bytes`,
);

/** Reads several secrets, separated by commas; what does not fit is never quoted. */
function secrets(read: (text: string) => Secret | null, message: string) {
  return z.pipe(
    z.string(),
    z.transform((text, { issues }): Secret[] => {
      const all = text.split(",").map((each) => read(each.trim()));
      const sound = all.filter((each) => each !== null);
      if (sound.length === all.length) return sound;
      issues.push({ code: "custom", input: "", message });
      return z.NEVER;
    }),
  );
}

function decodeStandardSecret(text: string): Secret | null {
  const bytes = text.startsWith("whsec_") ? decode("base64", text.slice("whsec_".length)) : null;
  const fits = bytes && bytes.length >= MIN_SECRET_BYTES && bytes.length <= MAX_SECRET_BYTES;
  return fits ? bytes : null;
}

type Encoding = "hex" | "base64";

/** How one ticket system signs: a row of a table, not code. */
interface HmacScheme {
  /** The header with the signature, or with several, separated by blanks. */
  readonly header: string;
  readonly hash: "SHA-1" | "SHA-256";
  readonly encoding: Encoding;
  /** What stands before each signature, such as `sha256=` or `v1,`. */
  readonly prefix: string;
  /** What is signed, in order; a name in angle brackets is that header. */
  readonly signed: readonly ("body" | "." | `<${string}>`)[];
  /** The header with the signed time, in seconds since 1970; null when no time is signed. */
  readonly timestamp: string | null;
}

/** Standard Webhooks, symmetric: `{id}.{timestamp}.{body}`. */
const STANDARD: HmacScheme = {
  header: "webhook-signature",
  hash: "SHA-256",
  encoding: "base64",
  prefix: "v1,",
  signed: ["<webhook-id>", ".", "<webhook-timestamp>", ".", "body"],
  timestamp: "webhook-timestamp",
};

/** Verifies deliveries which are signed as Standard Webhooks. */
export const standardWebhook = hmac(STANDARD);

/**
 * Makes a verifier from a scheme.
 *
 * @returns For the secrets of a connection, newest first, a verifier which accepts any of them.
 */
export function hmac(scheme: HmacScheme): (secrets: readonly Secret[]) => Verifier {
  return (secrets) => async (delivery) => {
    const message = signedBytes(scheme, delivery);
    const signatures = readSignatures(scheme, delivery.headers);
    const secretIndex = await findSecret(scheme, secrets, signatures, message);
    if (secretIndex === null) {
      throw new Failure("signature_mismatch", `no signature in ${scheme.header} fits a secret`);
    }
    refuseStale(scheme, delivery);
    return Object.assign({ ...delivery }, { secretIndex }) as unknown as VerifiedDelivery;
  };
}

/**
 * Signs what we send, as Standard Webhooks.
 *
 * @param id The same for every try of one message; without a full stop.
 * @returns The three headers.
 */
export async function signStandardWebhook(
  secret: Secret,
  id: string,
  at: Date,
  body: string,
): Promise<Record<string, string>> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const message = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  const key = await importKey(STANDARD, secret);
  const signature = await crypto.subtle.sign("HMAC", key, message);
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": STANDARD.prefix + new Uint8Array(signature).toBase64(),
  };
}

function signedBytes({ signed }: HmacScheme, { headers, body }: Delivery) {
  const parts = signed.map((part) => {
    if (part === "body") return body;
    if (part === ".") return new TextEncoder().encode(part);
    return new TextEncoder().encode(requireHeader(headers, part.slice(1, -1)));
  });
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** A malformed signature is left out: it fits no secret, and is a mismatch like any other. */
function readSignatures({ header, prefix, encoding, hash }: HmacScheme, headers: Headers) {
  return requireHeader(headers, header)
    .split(" ")
    .filter((each) => each.startsWith(prefix))
    .slice(0, MAX_SIGNATURES)
    .map((each) => decode(encoding, each.slice(prefix.length)))
    .filter((each) => each?.length === SIGNATURE_BYTES[hash])
    .filter((each) => each !== null);
}

async function findSecret(
  scheme: HmacScheme,
  secrets: readonly Secret[],
  signatures: readonly Uint8Array<ArrayBuffer>[],
  message: Uint8Array<ArrayBuffer>,
) {
  for (const [index, secret] of secrets.entries()) {
    const key = await importKey(scheme, secret);
    for (const signature of signatures) {
      if (await crypto.subtle.verify("HMAC", key, signature, message)) return index;
    }
  }
  return null;
}

/** A time is read only after its signature fitted, so that a stranger learns nothing of our clock. */
function refuseStale({ timestamp }: HmacScheme, { headers, receivedAt }: Delivery) {
  if (timestamp === null) return;
  const text = requireHeader(headers, timestamp);
  const age = Math.abs(receivedAt.getTime() / 1000 - Number(text));
  if (!/^\d{1,12}$/.test(text) || age > TOLERANCE_S) {
    throw new Failure("signature_stale", `${timestamp} is no time within ${TOLERANCE_S} s of now`);
  }
}

function requireHeader(headers: Headers, name: string) {
  const value = headers.get(name);
  if (!value) throw new Failure("signature_missing", `the header ${name} is missing`);
  return value;
}

/** A connection keeps its secrets, so each is imported once. */
const KEYS = new WeakMap<Secret, CryptoKey>();

async function importKey({ hash }: HmacScheme, secret: Secret): Promise<CryptoKey> {
  const known = KEYS.get(secret);
  if (known) return known;
  const algorithm = { name: "HMAC", hash };
  const key = await crypto.subtle.importKey("raw", secret, algorithm, false, ["sign", "verify"]);
  KEYS.set(secret, key);
  return key;
}

function decode(encoding: Encoding, text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return encoding === "hex" ? Uint8Array.fromHex(text) : Uint8Array.fromBase64(text);
  } catch {
    return null;
  }
}
