import { afterEach, beforeEach, expect, test } from "vitest";
import {
  ask,
  closeHarness,
  expectError,
  openHarness,
  send,
  set,
  storedIds,
  TOKEN,
} from "../worker-harness.ts";

beforeEach(async () => {
  await openHarness({}, null);
});
afterEach(closeHarness);

const guarded: [method: string, path: string][] = [
  ["GET", "/tickets"],
  ["GET", "/tickets/standard/T-1"],
  ["POST", "/tickets/standard/T-1/enrich"],
  ["POST", "/scan"],
  ["GET", "/catalog"],
  ["GET", "/catalog/0x80090029"],
];

test.each(guarded)("%s %s without a token is answered 401", async (method, path) => {
  const response = await send(path, { method });
  await expectError(response, 401, "token_invalid");
  expect(response.headers.get("www-authenticate")).toBe("Bearer");
  expect(await storedIds()).toEqual([]);
});

test.each(guarded)("%s %s is answered 503 while API_TOKENS is not set", async (method, path) => {
  set({ API_TOKENS: "" });
  await expectError(await ask(path, { method }), 503, "settings_invalid");
});

const tokens: [authorization: string, status: number, why: string][] = [
  [`Bearer ${TOKEN}`, 200, "the first"],
  ["Bearer older-token-0123456", 200, "the second"],
  [`bearer ${TOKEN}`, 200, "the scheme in small letters"],
  ["", 401, "empty"],
  ["Bearer", 401, "none"],
  ["Bearer ", 401, "a blank"],
  ["Bearer wrong-token-0123456", 401, "a wrong one"],
  [`Bearer ${TOKEN.slice(0, -1)}`, 401, "all but its last letter"],
  [`Bearer ${TOKEN}0`, 401, "a letter more"],
  [`Bearer ${TOKEN},older-token-0123456`, 401, "the setting itself"],
  [`Bearer ${TOKEN} ${TOKEN}`, 401, "two"],
  [`Basic ${TOKEN}`, 401, "another scheme"],
  [TOKEN, 401, "no scheme"],
];

test.each(tokens)(
  "a request with authorization %j is answered %i: %s",
  async (authorization, status) => {
    const response = await send("/tickets", { headers: { authorization } });
    expect(response.status).toBe(status);
    if (status === 401) expect(await response.text()).toBe('{"error":"token_invalid"}');
  },
);
