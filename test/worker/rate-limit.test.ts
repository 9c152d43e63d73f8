import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LIMIT_PERIOD_S } from "../../src/worker/rate-limit.ts";
import { ask, closeDesk, created, openDesk, send, sign } from "../worker-harness.ts";

beforeEach(async () => {
  await openDesk();
});
afterEach(closeDesk);

const FORGED = { "webhook-id": "x", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA" };

function deliverFrom(address: string, headers: Record<string, string>, body = created()) {
  return send("/webhooks/standard", {
    method: "POST",
    headers: { ...headers, "cf-connecting-ip": address },
    body,
  });
}

async function statuses(count: number, request: () => Promise<Response>) {
  const all: number[] = [];
  for (let calls = 0; calls < count; calls++) all.push((await request()).status);
  return all;
}

test("deliveries that fail to verify are slowed, by address, and true ones never are", async () => {
  const forged = await statuses(61, () => deliverFrom("192.0.2.1", FORGED));
  expect(new Set(forged.slice(0, 60))).toEqual(new Set([401]));
  const last = await deliverFrom("192.0.2.1", FORGED);
  expect([forged[60], last.status]).toEqual([429, 429]);
  expect(last.headers.get("retry-after")).toBe(String(LIMIT_PERIOD_S));
  expect(await last.json()).toEqual({ error: "rate_limited" });

  expect((await deliverFrom("192.0.2.2", FORGED)).status).toBe(401);
  const body = created();
  expect((await deliverFrom("192.0.2.1", sign(body), body)).status).toBe(202);
});

test("calls of people are slowed, by address, whether the token is right or not", async () => {
  const from = (address: string, authorization?: string) =>
    ask("/catalog/0x80090029", {
      headers: { "cf-connecting-ip": address, ...(authorization && { authorization }) },
    });
  expect(
    new Set(await statuses(600, () => from("192.0.2.3", "Bearer wrong-token-0123456789"))),
  ).toEqual(new Set([401]));
  expect((await from("192.0.2.3")).status).toBe(429);
  expect((await from("192.0.2.4")).status).toBe(200);
});

test.each(["/healthz", "/readyz"])("calls of %s are slowed, by address", async (path) => {
  const from = (address: string) => send(path, { headers: { "cf-connecting-ip": address } });
  const address = `192.0.2.${path.length}`;
  expect(new Set(await statuses(600, () => from(address)))).toEqual(new Set([200]));
  const refused = await from(address);
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toBe(String(LIMIT_PERIOD_S));
  expect((await from("192.0.2.99")).status).toBe(200);
});

test("where the platform's limit does not answer, nobody is refused", async () => {
  const { CALL_LIMIT } = env as unknown as { CALL_LIMIT: RateLimit };
  vi.spyOn(CALL_LIMIT, "limit").mockRejectedValue(new Error("down"));
  expect((await ask("/catalog/0x80090029")).status).toBe(200);
});
