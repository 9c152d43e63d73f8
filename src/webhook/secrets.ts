import * as z from "zod/mini";

/** The key of an HMAC, or a shared token, as bytes. */
export type Secret = Uint8Array<ArrayBuffer>;

const MIN_BYTES = 24;
const MAX_BYTES = 64;
/** The shortest text secret, in characters: a shorter one could be guessed. */
const MIN_LENGTH = 16;

/**
 * Secrets of Standard Webhooks: `whsec_` and the base64 of 24 to 64 bytes, several separated by
 * commas, the newest first.
 */
export const StandardSecrets = secrets(
  readStandard,
  `each secret is whsec_ and the base64 of ${MIN_BYTES} to ${MAX_BYTES} bytes`,
);

/** Secrets used as plain text, several separated by commas, the newest first. */
export const TextSecrets = secrets(
  readText,
  `each secret has at least ${MIN_LENGTH} letters, digits or signs, and no blank`,
);

/** Reads several secrets. An error never quotes a value. */
function secrets(read: (text: string) => Secret | null, message: string) {
  return z.pipe(
    z.string(),
    z.transform((text, { issues }): Secret[] => {
      const all = text.split(",").map((each) => read(each.trim()));
      const valid = all.filter((each) => each !== null);
      if (valid.length === all.length) return valid;
      issues.push({ code: "custom", input: "", message });
      return z.NEVER;
    }),
  );
}

function readStandard(text: string): Secret | null {
  const bytes = text.startsWith("whsec_") ? decode("base64", text.slice("whsec_".length)) : null;
  return bytes && bytes.length >= MIN_BYTES && bytes.length <= MAX_BYTES ? bytes : null;
}

function readText(text: string): Secret | null {
  const fits = text.length >= MIN_LENGTH && /^[\x21-\x7e]+$/.test(text);
  return fits ? toSecret(text) : null;
}

export function toSecret(text: string): Secret {
  return new Uint8Array(new TextEncoder().encode(text));
}

/** Decodes a text to bytes; null when it is invalid. */
export function decode(encoding: "hex" | "base64", text: string): Secret | null {
  try {
    return encoding === "hex" ? Uint8Array.fromHex(text) : Uint8Array.fromBase64(text);
  } catch {
    return null;
  }
}
