import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LIMIT_PERIOD_S } from "../../src/worker/rate-limit.ts";
import { ask, closeHarness, created, openHarness, send, sign } from "../worker-harness.ts";

beforeEach(async () => {
  await openHarness();
});
afterEach(closeHarness);

const FORGED = { "webhook-id": "x", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA" };

function deliverFrom(address: string, headers: Record<string, string>, body = created()) {
  return send("/webhooks/standard", {
    method: "POST",
    headers: { ...headers, "cf-connecting-ip": address },
    body,
  });
}

/** The limits of `wrangler.toml`, in requests a minute. */
const MAX_CALLS = 600;
const MAX_FAILURES = 60;

/**
 * Repeats a request until it is answered 429. The platform counts by the minute of the clock, and a
 * minute may end meanwhile; so that takes more requests than the limit and at most twice as many.
 */
async function untilLimited(limit: number, request: () => Promise<Response>) {
  const statuses = new Set<number>();
  for (let calls = 0; calls <= 2 * limit; calls++) {
    const response = await request();
    if (response.status === 429) {
      expect(calls).toBeGreaterThanOrEqual(limit);
      return { refused: response, statuses: [...statuses] };
    }
    statuses.add(response.status);
  }
  throw new Error(`${2 * limit} requests are not limited`);
}

test("deliveries that fail to verify are limited by address, valid ones are not", async () => {
  const forge = (address: string) => deliverFrom(address, FORGED);
  const { refused, statuses } = await untilLimited(MAX_FAILURES, () => forge("192.0.2.1"));
  expect(statuses).toEqual([401]);
  expect(refused.headers.get("retry-after")).toBe(String(LIMIT_PERIOD_S));
  expect(await refused.json()).toEqual({ error: "rate_limited" });

  expect((await forge("192.0.2.2")).status).toBe(401);
  const body = created();
  expect((await deliverFrom("192.0.2.1", sign(body), body)).status).toBe(202);
});

test("requests of people are limited by address, whether the token is right or not", async () => {
  const from = (address: string, authorization?: string) =>
    ask("/catalog/0x80090029", {
      headers: { "cf-connecting-ip": address, ...(authorization && { authorization }) },
    });
  const wrong = () => from("192.0.2.3", "Bearer wrong-token-0123456789");
  expect((await untilLimited(MAX_CALLS, wrong)).statuses).toEqual([401]);
  expect((await from("192.0.2.4")).status).toBe(200);
});

const ADDRESS = "192.0.2.5";

test.each(["/healthz", "/readyz"])("requests of %s are limited by address", async (path) => {
  const { CALL_LIMIT } = env as unknown as { CALL_LIMIT: RateLimit };
  const limit = async ({ key }: RateLimitOptions) => ({ success: key !== ADDRESS });
  vi.spyOn(CALL_LIMIT, "limit").mockImplementation(limit);
  const from = (address: string) => send(path, { headers: { "cf-connecting-ip": address } });
  const refused = await from(ADDRESS);
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toBe(String(LIMIT_PERIOD_S));
  expect((await from("192.0.2.6")).status).toBe(200);
});

test("requests pass when the rate limiter of the platform fails", async () => {
  const { CALL_LIMIT } = env as unknown as { CALL_LIMIT: RateLimit };
  vi.spyOn(CALL_LIMIT, "limit").mockRejectedValue(new Error("down"));
  expect((await ask("/catalog/0x80090029")).status).toBe(200);
});
