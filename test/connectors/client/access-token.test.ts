import { expect, test } from "vitest";
import * as z from "zod/mini";
import { createAccessToken } from "../../../src/connectors/client/access-token.ts";
import { createApi } from "../../../src/connectors/client/api.ts";
import type { Http } from "../../../src/connectors/client/http.ts";
import { Failure } from "../../../src/failure.ts";

/** A token endpoint that gives out `token-1`, `token-2`, and so on, and a clock to set. */
function endpoint(lifetimeMs: number | null) {
  const clock = { now: 1_000_000 };
  let given = 0;
  const grant = async () => ({ token: `token-${++given}`, lifetimeMs });
  return { clock, token: createAccessToken(grant, () => clock.now) };
}

const MINUTE_MS = 60_000;
const lifetimes: [lifetimeMs: number | null, renewedAfterMs: number, why: string][] = [
  [30 * MINUTE_MS, 29 * MINUTE_MS, "a minute before it expires"],
  [2 * MINUTE_MS, MINUTE_MS, "half of a short lifetime"],
  [10_000, 5_000, "half of a very short lifetime"],
  [null, 4 * MINUTE_MS, "unknown: five minutes are assumed"],
];

test.each(lifetimes)(
  "a token with a lifetime of %j ms is renewed after %i ms: %s",
  async (...row) => {
    const [lifetimeMs, renewedAfterMs] = row;
    const { clock, token } = endpoint(lifetimeMs);
    expect(await token.get()).toBe("token-1");
    clock.now += renewedAfterMs - 1;
    expect(await token.get()).toBe("token-1");
    clock.now += 1;
    expect(await token.get()).toBe("token-2");
  },
);

test("concurrent callers share one request", async () => {
  const { token } = endpoint(MINUTE_MS);
  expect(await Promise.all([token.get(), token.get(), token.get()])).toEqual(
    Array(3).fill("token-1"),
  );
});

test("a refusal is passed on, and the next caller asks again", async () => {
  const answers = [Promise.reject(new Failure("ticket_system_denied", "no")), "token-1"];
  const token = createAccessToken(
    async () => ({ token: (await answers.shift()) ?? "", lifetimeMs: null }),
    () => 0,
  );
  const both = await Promise.allSettled([token.get(), token.get()]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await token.get()).toBe("token-1");
});

const drops: [dropped: string, next: string, why: string][] = [
  ["token-1", "token-2", "it was refused"],
  ["token-0", "token-1", "it has already been replaced"],
];

test.each(drops)("when %s is dropped, the next is %s: %s", async (dropped, next) => {
  const { token } = endpoint(MINUTE_MS);
  await token.get();
  token.drop(dropped);
  expect(await token.get()).toBe(next);
});

/** An API that lets in with one token only. */
function apiFor(accepted: string) {
  const { token } = endpoint(MINUTE_MS);
  const sent: (string | null)[] = [];
  const http: Http = async (_, init) => {
    const authorization = new Headers(init?.headers).get("authorization");
    sent.push(authorization);
    if (authorization !== `Bearer ${accepted}`) {
      throw new Failure("ticket_system_denied", "answered 401", { ticketSystemStatus: 401 });
    }
    return { status: 200, headers: new Headers(), bytes: new Uint8Array(), text: "{}" };
  };
  const root = new URL("https://desk.example/");
  return { api: createApi(http, { root, headers: {}, token }), sent };
}

test("a request whose token is refused is sent again with a new token", async () => {
  const { api, sent } = apiFor("token-2");
  await api.send("POST", "notes", { text: "Hello" });
  expect(sent).toEqual(["Bearer token-1", "Bearer token-2"]);
});

test("a request that is refused with the new token, too, is not sent again", async () => {
  const { api, sent } = apiFor("never");
  await expect(api.get("notes", z.unknown())).rejects.toMatchObject({
    code: "ticket_system_denied",
  });
  expect(sent).toEqual(["Bearer token-1", "Bearer token-2"]);
});
