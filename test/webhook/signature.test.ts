import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { type Secret, StandardSecrets } from "../../src/webhook/secrets.ts";
import { hmac } from "../../src/webhook/signature.ts";
import { signStandardWebhook, standardWebhook } from "../../src/webhook/standard-webhook.ts";

/** The example of the Standard Webhooks specification, and one made with `openssl rand`. */
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER = "whsec_q83vASNFZ4mrze8BI0VniavN7wEjRWeJ";

/** All signatures were made with `openssl dgst -sha256 -mac HMAC`. */
const ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const TIME = "1614265330";
const BODY = '{"test": 2432232314}';
const SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const BY_OTHER = "v1,ezSD6c20e0WPdbHC7ij4rreKLU3XZrEVxBnCHHKdLq4=";

const vectors: [why: string, id: string, body: string | Uint8Array, signature: string][] = [
  ["the example of the specification", ID, BODY, SIGNATURE],
  ["an empty body", "msg_1", "", "v1,/n9JD+QvCBymh/dplZctdnJL3Jc/7vU4siQ5cz50QYY="],
  [
    "kana",
    "msg_1",
    '{"text":"エラー 0x80090029"}',
    "v1,lDQyD2zEUBZSBynODy1BO5V6Gq9bATSkHqIiLA2dRWs=",
  ],
  [
    "bytes that are no text",
    "msg_1",
    new Uint8Array([0, 255, 254, 128]),
    "v1,SScLpww/JMst1EKZaAhazb+tdzBdx/Vvqj7ws0NnNSM=",
  ],
];

function secretsOf(...texts: string[]) {
  return StandardSecrets.parse(texts.join(","));
}

interface Arrival {
  id?: string;
  time?: string;
  signature?: string;
  body?: string | Uint8Array;
  /** Seconds after the signed time. */
  lateS?: number;
}

function arrived({ id = ID, time = TIME, signature = SIGNATURE, body = BODY, lateS = 0 }: Arrival) {
  const headers = { "webhook-id": id, "webhook-timestamp": time, "webhook-signature": signature };
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return {
    headers: new Headers(headers),
    query: new URLSearchParams(),
    body: new Uint8Array(bytes),
    receivedAt: new Date((Number(TIME) + lateS) * 1000),
  };
}

test.each(vectors)("accepts %s", async (_, id, body, signature) => {
  const delivery = arrived({ id, body, signature });
  expect(await standardWebhook(secretsOf(SECRET)).verify(delivery)).toEqual({
    ...delivery,
    secretIndex: 0,
  });
});

test.each(vectors.filter(([, , body]) => typeof body === "string"))(
  "signs %s as openssl does",
  async (_, id, body, signature) => {
    const [secret] = secretsOf(SECRET);
    if (secret === undefined) throw new Error("no secret");
    const at = new Date(Number(TIME) * 1000 + 999);
    expect(await signStandardWebhook(secret, id, at, String(body))).toEqual({
      "webhook-id": id,
      "webhook-timestamp": TIME,
      "webhook-signature": signature,
    });
  },
);

test.each(vectors.filter(([, , body]) => typeof body === "string"))(
  "the library of the specification signs %s in the same way",
  (_, id, body, signature) => {
    const at = new Date(Number(TIME) * 1000);
    expect(new Webhook(SECRET).sign(id, at, String(body))).toBe(signature);
  },
);

const headers: [signature: string, index: number | null, why: string][] = [
  [SIGNATURE, 0, "one"],
  [BY_OTHER, 1, "by the older secret"],
  [`${BY_OTHER} ${SIGNATURE}`, 0, "by both: the newer counts"],
  [`v1,AAAA ${SIGNATURE}`, 0, "a wrong one first"],
  [`${SIGNATURE} v1,%%%`, 0, "no base64 behind it"],
  [`v1a,AAAA v2,AAAA ${SIGNATURE}`, 0, "unknown versions are passed over"],
  [`  ${SIGNATURE}  `, 0, "blanks around it"],
  [SIGNATURE.replace("v1,", "v1a,"), null, "another version"],
  [SIGNATURE.replace("v1,", "V1,"), null, "a version in upper case"],
  [SIGNATURE.replace("v1,", "v1="), null, "another separator"],
  [SIGNATURE.slice("v1,".length), null, "no version"],
  [SIGNATURE.slice(0, 20), null, "truncated"],
  [`${SIGNATURE}AAAA`, null, "longer"],
  [SIGNATURE.toLowerCase(), null, "in lower case"],
  ["v1,", null, "empty"],
  [`v1,${"A".repeat(43)}=`, null, "all bits clear"],
  ["v1,83484cf52b04f8e4cf2531adfed9882ad4b2665137b852442d594d20e2c9d4e1", null, "hex"],
];

test.each(headers)(
  "the signature %j matches the secret with index %j: %s",
  async (signature, index) => {
    const { verify } = standardWebhook(secretsOf(SECRET, OTHER));
    const verified = verify(arrived({ signature }));
    if (index === null)
      await expect(verified).rejects.toMatchObject({ code: "signature_mismatch" });
    else expect((await verified).secretIndex).toBe(index);
  },
);

const times: [lateS: number, accepted: boolean, why: string][] = [
  [0, true, "now"],
  [299, true, "299 s ago"],
  [300, true, "300 s ago"],
  [301, false, "301 s ago"],
  [-299, true, "299 s ahead"],
  [-300, true, "300 s ahead"],
  [-301, false, "301 s ahead"],
  [86_400, false, "yesterday"],
];

test.each(times)("a delivery %i s old is accepted: %s: %s", async (lateS, accepted) => {
  const verified = standardWebhook(secretsOf(SECRET)).verify(arrived({ lateS }));
  if (accepted) expect((await verified).secretIndex).toBe(0);
  else await expect(verified).rejects.toMatchObject({ code: "signature_stale" });
});

test("a signed time followed by letters is stale", async () => {
  const signature = "v1,tmV1BWGtKDauIZQmjaG7fjb348Wn2THVrSpSQmNNEcs=";
  const verified = standardWebhook(secretsOf(SECRET)).verify(
    arrived({ time: `${TIME}abc`, signature }),
  );
  await expect(verified).rejects.toMatchObject({ code: "signature_stale" });
});

test("a wrong signature is reported before a stale time, so that nobody learns our clock", async () => {
  const verified = standardWebhook(secretsOf(OTHER)).verify(arrived({ lateS: 86_400 }));
  await expect(verified).rejects.toMatchObject({ code: "signature_mismatch" });
});

test("an empty list of secrets matches no signature", async () => {
  const verified = standardWebhook([]).verify(arrived({}));
  await expect(verified).rejects.toMatchObject({ code: "signature_mismatch" });
});

const schemes: [
  hash: "SHA-1" | "SHA-256",
  encoding: "hex" | "base64",
  prefix: string,
  value: string,
][] = [
  ["SHA-1", "hex", "", "55b59686c5f9abc8343cc2274c391031ace3288e"],
  ["SHA-1", "hex", "sha1=", "sha1=55B59686C5F9ABC8343CC2274C391031ACE3288E"],
  ["SHA-1", "base64", "", "VbWWhsX5q8g0PMInTDkQMazjKI4="],
  [
    "SHA-256",
    "hex",
    "sha256=",
    "sha256=9b2b4552cda57197862794040f911ba7f8a9e4cd184ba691c1203e1b3191304a",
  ],
  ["SHA-256", "base64", "", "mytFUs2lcZeGJ5QED5Ebp/ip5M0YS6aRwSA+GzGRMEo="],
];

type Scheme = (typeof schemes)[number];

const newSecret = () =>
  new Uint8Array(new TextEncoder().encode("acme-secret-0123456789-abcdef!!!"));

/** Verifies a body by its signature in the header `x-sign`. */
function verifySigned(body: string, [hash, encoding, prefix, value]: Scheme, secret: Secret) {
  const scheme = { header: "x-sign", hash, encoding, prefix, timestamp: null } as const;
  return hmac({ ...scheme, signed: ["body"] }, [secret]).verify({
    headers: new Headers({ "x-sign": value }),
    query: new URLSearchParams(),
    body: new Uint8Array(new TextEncoder().encode(body)),
    receivedAt: new Date(0),
  });
}

test.each(schemes)("verifies %s in %s with the prefix %j", async (...scheme) => {
  expect((await verifySigned('{"a":1}', scheme, newSecret())).secretIndex).toBe(0);
  await expect(verifySigned('{"a":2}', scheme, newSecret())).rejects.toMatchObject({
    code: "signature_mismatch",
  });
});

test.each([schemes, schemes.toReversed()])(
  "one secret verifies signatures of several hashes, one after the other",
  async (...inOrder) => {
    const secret = newSecret();
    for (const scheme of inOrder) {
      expect((await verifySigned('{"a":1}', scheme, secret)).secretIndex).toBe(0);
    }
  },
);

const KEY_24 = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const KEY_64 = "A".repeat(86).concat("==");

const settings: [text: string, lengths: number[] | null, why: string][] = [
  [SECRET, [24], "24 bytes"],
  [`whsec_${KEY_64}`, [64], "64 bytes"],
  [`${SECRET},${OTHER}`, [24, 24], "two secrets"],
  [` ${SECRET} , ${OTHER} `, [24, 24], "blanks around them"],
  ["", null, "empty"],
  [",", null, "two empty secrets"],
  [`${SECRET},`, null, "an empty secret at the end"],
  ["whsec_", null, "no key"],
  [KEY_24, null, "no prefix"],
  [`WHSEC_${KEY_24}`, null, "a prefix in upper case"],
  ["whsec_AAAA", null, "too short"],
  [`whsec_${"A".repeat(88)}`, null, "66 bytes"],
  ["whsec_not%base64not%base64not%base64", null, "not base64"],
  [`whsk_${KEY_24}`, null, "a private key of the asymmetric scheme"],
];

test.each(settings)("the setting %j has secrets of %j bytes: %s", (text, lengths) => {
  const secrets = StandardSecrets.safeParse(text);
  expect(secrets.data?.map((each) => each.length) ?? null).toEqual(lengths);
  if (text.length > 8) expect(JSON.stringify(secrets.error ?? "")).not.toContain(text);
});
