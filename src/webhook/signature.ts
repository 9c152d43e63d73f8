import { Failure } from "../failure.ts";
import { type Delivery, type Proof, toVerified } from "./delivery.ts";
import { decode, type Secret } from "./secrets.ts";

/** How far a signed time may be in the past or the future. */
export const TOLERANCE_S = 300;

/** The most signatures of a delivery that are checked: each costs a hash of the whole body. */
const MAX_SIGNATURES = 5;
const SIGNATURE_BYTES = { "SHA-1": 20, "SHA-256": 32 } as const;

/** How a ticket system signs. */
export interface HmacScheme {
  /** The header with one signature, or several separated by blanks. */
  readonly header: string;
  readonly hash: "SHA-1" | "SHA-256";
  readonly encoding: "hex" | "base64";
  /** The text before each signature, such as `sha256=` or `v1,`. */
  readonly prefix: string;
  /** The parts of the signed message, in order. A name in angle brackets is a header. */
  readonly signed: readonly ("body" | "." | `<${string}>`)[];
  /** The signed time; null when none is signed. */
  readonly timestamp: {
    readonly header: string;
    /** Seconds since 1970, or a date and time such as `2026-11-26T09:00:00Z`. */
    readonly form: "seconds" | "date";
    /** For a sender whose retries keep the first time; `TOLERANCE_S` when left out. */
    readonly toleranceS?: number;
  } | null;
}

/**
 * Verifies deliveries by an HMAC.
 *
 * @param secrets The newest first. A delivery may be signed with any of them.
 */
export function hmac(scheme: HmacScheme, secrets: readonly Secret[]): Proof {
  return {
    async verify(delivery) {
      const message = signedBytes(scheme, (name) => requireHeader(delivery, name), delivery.body);
      const signatures = readSignatures(scheme, delivery);
      const secretIndex = await findSecret(scheme, secrets, signatures, message);
      if (secretIndex === null) {
        throw new Failure("signature_mismatch", `no signature in ${scheme.header} fits a secret`);
      }
      refuseStale(scheme, delivery);
      return toVerified(delivery, secretIndex);
    },
    async sign(body, at) {
      const [secret] = secrets;
      if (secret === undefined) throw new Failure("settings_invalid", "no secret to sign with");
      return { headers: await sign(scheme, secret, at, body), query: {} };
    },
  };
}

/**
 * Signs a body.
 *
 * @param headers Further headers that are signed, such as the message id.
 * @returns All headers that prove the body.
 */
export async function sign(
  scheme: HmacScheme,
  secret: Secret,
  at: Date,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Record<string, string>> {
  const { timestamp, header, prefix, encoding } = scheme;
  const seconds = String(Math.floor(at.getTime() / 1000));
  const time = timestamp?.form === "date" ? at.toISOString() : seconds;
  const all = { ...headers, ...(timestamp && { [timestamp.header]: time }) };
  const message = signedBytes(
    scheme,
    (name) => all[name] ?? "",
    new Uint8Array(new TextEncoder().encode(body)),
  );
  const key = await importKey(scheme, secret);
  const signature = new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
  return {
    ...all,
    [header]: prefix + (encoding === "hex" ? signature.toHex() : signature.toBase64()),
  };
}

function signedBytes(
  { signed }: HmacScheme,
  headerOf: (name: string) => string,
  body: Uint8Array<ArrayBuffer>,
) {
  const parts = signed.map((part) => {
    if (part === "body") return body;
    return new TextEncoder().encode(part === "." ? part : headerOf(part.slice(1, -1)));
  });
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** Ignores malformed signatures. Without any valid one, the delivery is a mismatch. */
function readSignatures({ header, prefix, encoding, hash }: HmacScheme, delivery: Delivery) {
  return requireHeader(delivery, header)
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

/** Runs after the signature check, so that a stranger learns nothing about our clock. */
function refuseStale({ timestamp }: HmacScheme, delivery: Delivery) {
  if (timestamp === null) return;
  const { header, form, toleranceS = TOLERANCE_S } = timestamp;
  const text = requireHeader(delivery, header);
  const at = form === "date" ? Date.parse(text) : Number(/^\d{1,12}$/.exec(text) ?? "x") * 1000;
  const age = Math.abs(delivery.receivedAt.getTime() - at) / 1000;
  if (!(age <= toleranceS)) {
    throw new Failure("signature_stale", `${header} is no time within ${toleranceS} s of now`);
  }
}

function requireHeader({ headers }: Delivery, name: string) {
  const value = headers.get(name);
  if (!value) throw new Failure("signature_missing", `the header ${name} is missing`);
  return value;
}

type Keys = WeakMap<Secret, CryptoKey>;

/** Imported keys. A connection keeps its secrets, so each is imported once for each hash. */
const KEYS: Readonly<Record<HmacScheme["hash"], Keys>> = {
  "SHA-1": new WeakMap(),
  "SHA-256": new WeakMap(),
};

async function importKey({ hash }: HmacScheme, secret: Secret): Promise<CryptoKey> {
  const known = KEYS[hash].get(secret);
  if (known) return known;
  const algorithm = { name: "HMAC", hash };
  const key = await crypto.subtle.importKey("raw", secret, algorithm, false, ["sign", "verify"]);
  KEYS[hash].set(secret, key);
  return key;
}
