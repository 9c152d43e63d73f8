import * as z from "zod/mini";
import { Failure } from "../../../failure.ts";
import { type AccessToken, createAccessToken } from "../../client/access-token.ts";
import { createApi } from "../../client/api.ts";
import type { Http } from "../../client/http.ts";
import { Token } from "../../client/settings.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const PEM = /^-----BEGIN (RSA )?PRIVATE KEY-----([\s\S]+)-----END (?:RSA )?PRIVATE KEY-----$/;

/** A private key as GitHub gives it out, or as PKCS #8; line breaks may be spelt `\n`. As PKCS #8. */
export const PrivateKey = z.pipe(
  z.string(),
  z.transform((text, { issues }): Bytes => {
    const [, isPkcs1, base64 = ""] = PEM.exec(text.replaceAll("\\n", "\n").trim()) ?? [];
    try {
      const bytes = Uint8Array.fromBase64(base64);
      if (bytes.length > 0) return isPkcs1 ? toPkcs8(bytes) : bytes;
    } catch {
      // Told below, without what was there.
    }
    issues.push({ code: "custom", input: "", message: "the private key of a GitHub App, as PEM" });
    return z.NEVER;
  }),
);

/** A token of an app holds ten minutes at most; GitHub's clock may be a minute behind ours. */
const JWT_LIFETIME_S = 540;
const CLOCK_SKEW_S = 60;

const Installation = z.object({ id: z.int() });
const Granted = z.object({ token: Token, expires_at: z.string() });

/**
 * The tokens of a GitHub App: for a repository, one of the app's installation there; for all else,
 * one of the app itself.
 *
 * @see https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app
 */
export function createAppTokens(
  http: Http,
  access: { readonly root: URL; readonly headers: Readonly<Record<string, string>> },
  app: { readonly id: string; readonly key: Bytes },
): (url: URL) => AccessToken {
  const ofApp = createAccessToken(async () => {
    return { token: await signJwt(app.id, app.key), lifetimeMs: JWT_LIFETIME_S * 1000 };
  });
  const api = createApi(http, { ...access, token: ofApp });
  const ofRepositories = new Map<string, AccessToken>();

  async function fetchInstallationToken(repository: string) {
    const { id } = await api.get(`${repository}/installation`, Installation);
    const path = `app/installations/${id}/access_tokens`;
    const { token, expires_at } = await api.change("POST", path, {}, Granted);
    return { token, lifetimeMs: Date.parse(expires_at) - Date.now() };
  }

  return ({ pathname }) => {
    const [, repository] = /\/(repos\/[^/]+\/[^/]+)/.exec(pathname) ?? [];
    if (repository === undefined) return ofApp;
    const known = ofRepositories.get(repository);
    if (known) return known;
    const token = createAccessToken(() => fetchInstallationToken(repository));
    ofRepositories.set(repository, token);
    return token;
  };
}

async function signJwt(appId: string, key: Bytes): Promise<string> {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const imported = await crypto.subtle
    .importKey("pkcs8", key, algorithm, false, ["sign"])
    .catch((cause) => {
      throw new Failure("settings_invalid", "GITHUB_PRIVATE_KEY: no RSA key", { cause });
    });
  const now = Math.floor(Date.now() / 1000);
  const claims = { iat: now - CLOCK_SKEW_S, exp: now + JWT_LIFETIME_S, iss: appId };
  const signed = `${toBase64Url({ alg: "RS256", typ: "JWT" })}.${toBase64Url(claims)}`;
  const bytes = new TextEncoder().encode(signed);
  const signature = new Uint8Array(await crypto.subtle.sign(algorithm, imported, bytes));
  return `${signed}.${signature.toBase64({ alphabet: "base64url", omitPadding: true })}`;
}

function toBase64Url(value: object) {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** What stands before a key of PKCS #1 in PKCS #8: version 0, and that it is of RSA (RFC 5958). */
const RSA = [0x02, 1, 0, 0x30, 13, 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 0x05, 0];

function toPkcs8(pkcs1: Uint8Array): Bytes {
  return Uint8Array.from(der(0x30, [...RSA, ...der(0x04, [...pkcs1])]));
}

/** An element of ASN.1, in the distinguished encoding. */
function der(tag: number, content: readonly number[]): number[] {
  const { length } = content;
  const size = length < 0x80 ? [length] : [0x82, length >> 8, length & 0xff];
  return [tag, ...size, ...content];
}
