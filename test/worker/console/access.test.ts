import { createHmac, createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { closeHarness, type Harness, openHarness, START, set } from "../../worker-harness.ts";
import { openBrowser } from "./browser.ts";

const TEAM = "example-team.cloudflareaccess.com";
const AUDIENCE = "32eafc7626e737904a3af8a2d3d5a1f1e1f0d8a7c55d4b1b8a1c0d9e8f7a6b5c";
const NOW_S = START / 1000;

const own = generateKeyPairSync("rsa", { modulusLength: 2048 });
const foreign = generateKeyPairSync("rsa", { modulusLength: 2048 });
const curve = generateKeyPairSync("ec", { namedCurve: "P-256" });

interface TokenParts {
  readonly header?: Record<string, unknown>;
  readonly payload?: Record<string, unknown>;
  readonly key?: KeyObject;
  /** Makes the signature in another way. */
  readonly sign?: (text: string) => string;
}

/** Makes a token as Cloudflare Access does, with Node's own RSA. */
function makeToken({ header, payload, key = own.privateKey, sign }: TokenParts = {}) {
  const parts = [
    { alg: "RS256", kid: "key-1", typ: "JWT", ...header },
    {
      iss: `https://${TEAM}`,
      aud: [AUDIENCE],
      iat: NOW_S - 60,
      nbf: NOW_S - 60,
      exp: NOW_S + 3600,
      email: "agent@example.com",
      ...payload,
    },
  ];
  const text = parts
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  const signature = sign?.(text) ?? createSign("RSA-SHA256").update(text).sign(key, "base64url");
  return `${text}.${signature}`;
}

const publicKey = (pair: typeof own, kid: string) => ({
  ...pair.publicKey.export({ format: "jwk" }),
  kid,
  alg: "RS256",
  use: "sig",
});

let ticketSystem: Harness;
let keys: unknown[] = [];
const CERTS = `https://${TEAM}/cdn-cgi/access/certs`;
const requests = () => ticketSystem.calls.filter(({ url }) => url === CERTS).length;

beforeEach(async () => {
  ticketSystem = await openHarness({ API_TOKENS: "", CONSOLE_ACCESS: `${TEAM},${AUDIENCE}` });
  keys = [publicKey(own, "key-1")];
  ticketSystem.always = () => Response.json({ keys });
});
afterEach(closeHarness);

let browsers = 0;
function visit(token: string | null) {
  const headers: Record<string, string> =
    token === null ? {} : { "cf-access-jwt-assertion": token };
  return openBrowser(`2001:db8:2::${++browsers}`).get("/console/look-up", headers);
}

test("whoever Cloudflare Access lets through is signed in", async () => {
  const { status, text } = await visit(makeToken());
  expect(status).toBe(200);
  // He signs out at Cloudflare Access.
  expect(text).not.toContain("/console/sign-out");
});

test("the forms of a person whom Cloudflare Access signed in carry a token of their own", async () => {
  const browser = openBrowser("2001:db8:2::ffff");
  const headers = { "cf-access-jwt-assertion": makeToken() };
  await browser.get("/console/look-up", headers);
  const form = { text: "0x80090029" };
  expect((await browser.post("/console/look-up", form, headers)).status).toBe(303);
  const other = { "cf-access-jwt-assertion": makeToken({ payload: { email: "b@example.com" } }) };
  expect((await browser.post("/console/look-up", form, other)).status).toBe(403);
});

const publicPem = own.publicKey.export({ type: "spki", format: "pem" });
const hmac = (text: string) => createHmac("sha256", publicPem).update(text).digest("base64url");

const REFUSED: readonly [why: string, token: string | null][] = [
  ["no token", null],
  ["no JWT", "token"],
  ["another audience", makeToken({ payload: { aud: ["0".repeat(64)] } })],
  ["no audience", makeToken({ payload: { aud: undefined } })],
  ["another issuer", makeToken({ payload: { iss: "https://evil.cloudflareaccess.com" } })],
  ["no issuer", makeToken({ payload: { iss: undefined } })],
  ["a key that the team does not have", makeToken({ key: foreign.privateKey })],
  ["an unknown name of a key", makeToken({ header: { kid: "key-2" } })],
  ["no name of a key", makeToken({ header: { kid: undefined } })],
  ["a time that is over", makeToken({ payload: { exp: NOW_S - 1 } })],
  ["no end", makeToken({ payload: { exp: undefined } })],
  ["an end that is no number", makeToken({ payload: { exp: "tomorrow" } })],
  ["a beginning to come", makeToken({ payload: { nbf: NOW_S + 60 } })],
  ["the algorithm none", makeToken({ header: { alg: "none" }, sign: () => "" })],
  ["an HMAC with the public key", makeToken({ header: { alg: "HS256" }, sign: hmac })],
  [
    "an algorithm that Cloudflare does not use",
    makeToken({
      header: { alg: "RS512" },
      sign: (text) => createSign("RSA-SHA512").update(text).sign(own.privateKey, "base64url"),
    }),
  ],
  [
    "a signature on a curve",
    makeToken({
      header: { alg: "ES256" },
      sign: (text) => createSign("SHA256").update(text).sign(curve.privateKey, "base64url"),
    }),
  ],
  ["a changed payload", makeToken().replace(/\.[^.]+\./, `.${makeToken().split(".")[1]}A.`)],
  ["a critical header that is not known", makeToken({ header: { crit: ["b64"], b64: false } })],
];

test.each(REFUSED)("a token with %s is refused", async (_, token) => {
  const { status, text } = await visit(token);
  expect(status).toBe(403);
  expect(text).toContain("CONSOLE_ACCESS");
});

describe("the keys of the team", () => {
  test("are asked for once an hour", async () => {
    for (let visits = 0; visits < 3; visits++) await visit(makeToken());
    const first = requests();
    expect(first).toBeLessThanOrEqual(1);
    vi.setSystemTime(START + 3_599_000);
    const late = makeToken({ payload: { exp: NOW_S + 9_000 } });
    expect((await visit(late)).status).toBe(200);
    expect(requests()).toBe(first);
    vi.setSystemTime(START + 3_601_000);
    expect((await visit(late)).status).toBe(200);
    expect(requests()).toBe(first + 1);
  });

  test("are asked for again for an unknown key, once a minute at most", async () => {
    vi.setSystemTime(START + 10_000_000);
    const payload = { exp: NOW_S + 20_000 };
    await visit(makeToken({ payload }));
    const before = requests();
    const rotated = makeToken({ payload, header: { kid: "key-2" }, key: foreign.privateKey });
    keys = [publicKey(own, "key-1"), publicKey(foreign, "key-2")];
    expect((await visit(rotated)).status).toBe(403);
    expect(requests()).toBe(before);
    vi.setSystemTime(START + 10_061_000);
    expect((await visit(rotated)).status).toBe(200);
    expect(requests()).toBe(before + 1);
  });

  test("let nobody in while they cannot be read", async () => {
    vi.setSystemTime(START + 20_000_000);
    set({ CONSOLE_ACCESS: `other-team.cloudflareaccess.com,${AUDIENCE}` });
    ticketSystem.always = () => new Response("down", { status: 500 });
    const payload = { iss: "https://other-team.cloudflareaccess.com", exp: NOW_S + 30_000 };
    expect((await visit(makeToken({ payload }))).status).toBe(403);
  });
});
