import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { VERSION } from "../../src/version.ts";
import { app } from "../../src/worker/app.ts";
import { Readiness } from "../../src/worker/readiness.ts";
import {
  ask,
  closeHarness,
  created,
  deliver,
  expectError,
  type Harness,
  ORIGIN,
  openHarness,
  pass,
  recordOf,
  retrigger,
  SECRET,
  START,
  send,
  set,
  sign,
  storedIds,
  TOKEN,
} from "../worker-harness.ts";

const WEBHOOK = "/webhooks/standard";

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness();
});
afterEach(closeHarness);

const broken: [why: string, settings: Record<string, string>, named: string][] = [
  ["no secret", { STANDARD_SECRETS: "" }, "STANDARD_SECRETS: missing"],
  ["no address", { STANDARD_COMMENT_URL: "" }, "STANDARD_COMMENT_URL: missing"],
  [
    "a secret that is too short",
    { STANDARD_SECRETS: "whsec_hush" },
    "STANDARD_SECRETS: each secret",
  ],
  [
    "an empty secret beside a good one",
    { STANDARD_SECRETS: `${SECRET},` },
    "STANDARD_SECRETS: each",
  ],
  ["http", { STANDARD_COMMENT_URL: "http://hush.example/{id}" }, "STANDARD_COMMENT_URL: https, or"],
  [
    "no {id} to read",
    { STANDARD_TICKET_URL: "https://hush.example/" },
    "STANDARD_TICKET_URL: an add",
  ],
];

test.each(broken)(
  "with %s, %j, a delivery is answered 503, and /readyz names the variable",
  async (_, settings, named) => {
    set(settings);
    await expectError(await deliver(), 503, "settings_invalid");
    await expectError(await retrigger(), 503, "settings_invalid");
    expect(await storedIds()).toEqual([]);

    const ready = await send("/readyz");
    expect(ready.status).toBe(503);
    const { status, checks } = await ready.json<{ status: string; checks: object[] }>();
    expect(status).toBe("unready");
    expect(checks).toContainEqual({
      name: "connector standard",
      ok: false,
      detail: expect.stringContaining(`settings_invalid: ${named}`),
    });
    expect(JSON.stringify(checks) + harness.log.join()).not.toContain("hush");
  },
);

test("SCREENSHOTS=on without a reader is a fault of the set-up, and deliveries are accepted", async () => {
  set({ SCREENSHOTS: "on" });
  expect((await deliver()).status).toBe(202);
  const ready = await send("/readyz");
  expect(ready.status).toBe(503);
  expect((await ready.json<{ checks: object[] }>()).checks).toContainEqual({
    name: "screenshots",
    ok: false,
    detail: expect.stringMatching(/^settings_invalid: .*--with-screenshots/),
  });
});

test("a delivery to a connector without settings is answered 404", async () => {
  set({ STANDARD_SECRETS: "", STANDARD_COMMENT_URL: "" });
  await expectError(await deliver(), 404, "connector_unknown");
  const ready = await send("/readyz");
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ checks: [{}, {}, { name: "connectors", ok: false }] });
});

const brokenForAll: [variable: string, value: string][] = [
  ["API_TOKENS", "hush"],
  ["API_TOKENS", `${TOKEN},hush`],
  ["API_TOKENS", "hush hush hush hush"],
  ["UNLISTED_CODES", "hush"],
  ["COMMENT_VISIBILITY", "hush"],
  ["DEFAULT_LOCALE", "hush hush"],
];

test.each(brokenForAll)(
  "%s=%s: /readyz names the variable and hides its value",
  async (variable, value) => {
    set({ [variable]: value });
    const ready = await send("/readyz");
    expect(ready.status).toBe(503);
    const { checks } = await ready.json<{ checks: object[] }>();
    expect(checks[0]).toEqual({
      name: "settings",
      ok: false,
      detail: expect.stringContaining(`settings_invalid: ${variable}: `),
    });
    expect(JSON.stringify(checks)).not.toContain("hush");
  },
);

const affected: [variable: string, value: string, broken: string[], works: string[]][] = [
  ["API_TOKENS", "hush", ["/tickets", "/scan"], []],
  ["CONSOLE_PASSWORD", "hush", [], ["/tickets", "/scan"]],
  ["COMMENT_LOCALE", "hush hush", ["/scan"], ["/tickets"]],
  ["SKIP_TAGS", " , ", ["/scan"], ["/tickets"]],
];

test.each(affected)("with %s=%s the routes %j answer 503, and %j work", async (...row) => {
  const [variable, value, broken, works] = row;
  set({ [variable]: value });
  const call = (path: string) =>
    path === "/scan" ? ask(path, { method: "POST", body: '{"text":"0x80090029"}' }) : ask(path);
  for (const path of broken) await expectError(await call(path), 503, "settings_invalid");
  for (const path of works) expect((await call(path)).status).toBe(200);
});

test("a wrong setting of the console keeps no comment away", async () => {
  set({ CONSOLE_PASSWORD: "short" });
  await deliver();
  await pass();
  expect(await recordOf()).toMatchObject({ outcome: "posted" });
});

test("deliveries are accepted while a setting for all connections is invalid", async () => {
  set({ UNLISTED_CODES: "maybe" });
  expect((await deliver()).status).toBe(202);
});

test("/readyz answers 200 with all checks when nothing is wrong", async () => {
  const ready = await send("/readyz");
  expect(ready.status).toBe(200);
  expect(await ready.json()).toEqual({
    status: "ok",
    version: VERSION,
    catalogVersion: expect.stringMatching(/^[0-9a-f]{12}$/),
    checks: [
      { name: "settings", ok: true, detail: "in order" },
      { name: "catalog", ok: true, detail: expect.stringMatching(/^version [0-9a-f]{12}$/) },
      { name: "connector standard", ok: true, detail: "settings in order" },
      { name: "ledger standard", ok: true, detail: "writes" },
    ],
  });
});

test("/readyz answers 503 while a circuit breaker is open", async () => {
  harness.always = () => new Response("", { status: 401 });
  await deliver();
  await pass();
  const ready = await send("/readyz");
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({
    checks: [
      {},
      {},
      {},
      {
        name: "ledger standard",
        ok: false,
        detail: "the circuit breaker is open: ticket_system_denied",
      },
    ],
  });
});

/** Bindings with a stub ledger, whose `health` counts its calls. */
function withLedgerHealth(health: () => Promise<object>) {
  const asked = vi.fn(health);
  const LEDGER = { idFromName: () => "id", get: () => ({ health: asked }) };
  const bindings = { ...env, LEDGER } as unknown as typeof env;
  const ready = () =>
    app.fetch(new Request(`${ORIGIN}/readyz`), bindings, createExecutionContext());
  return { asked, ready };
}

const HEALTHY = { paused: null, pollFailure: null };

const ages: [ms: number, asked: number, why: string][] = [
  [0, 1, "at once"],
  [9_999, 1, "within ten seconds"],
  [10_000, 2, "ten seconds later"],
  [-3_600_000, 2, "after the clock was set back"],
];

test.each(ages)(
  "a second request of /readyz after %i ms makes %i calls of the ledger in all: %s",
  async (...row) => {
    const [ms, times] = row;
    const { asked, ready } = withLedgerHealth(async () => HEALTHY);
    const first = await ready();
    vi.setSystemTime(START + ms);
    const second = await ready();
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(await second.json()).toEqual(await first.json());
    expect(asked).toHaveBeenCalledTimes(times);
  },
);

test("two requests of /readyz at once call the ledger once", async () => {
  const health = Promise.withResolvers<object>();
  const { asked, ready } = withLedgerHealth(() => health.promise);
  const answers = [ready(), ready()];
  await vi.waitFor(() => expect(asked).toHaveBeenCalled());
  health.resolve(HEALTHY);
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  expect([...statuses, asked.mock.calls.length]).toEqual([200, 200, 1]);
});

test("/readyz repeats a 503 for ten seconds, and then checks again", async () => {
  let isHealthy = false;
  const { ready } = withLedgerHealth(async () => {
    if (isHealthy) return HEALTHY;
    throw new Error("no space left on device");
  });
  expect((await ready()).status).toBe(503);
  isHealthy = true;
  expect((await ready()).status).toBe(503);
  vi.setSystemTime(START + 10_000);
  expect((await ready()).status).toBe(200);
});

test("/healthz answers 200", async () => {
  const alive = await send("/healthz");
  expect(alive.status).toBe(200);
  expect(await alive.text()).toBe('{"status":"ok"}');
});

test("a ledger that cannot write is answered 503 ledger_unavailable", async () => {
  const disk = () => Promise.reject(new Error("canary: no space left on device"));
  const LEDGER = {
    idFromName: () => "id",
    get: () => ({ accept: disk, report: disk, health: disk }),
  };
  const bindings = { ...env, LEDGER } as unknown as typeof env;
  const headers = { ...sign(created()), authorization: `Bearer ${TOKEN}` };
  const call = (method: string, path: string) => {
    const body = method === "POST" ? created() : null;
    const request = new Request(`${ORIGIN}${path}`, { method, headers, body });
    return app.fetch(request, bindings, createExecutionContext());
  };
  await expectError(await call("POST", WEBHOOK), 503, "ledger_unavailable");
  await expectError(await call("GET", "/tickets/standard/T-1"), 503, "ledger_unavailable");
  expect((await call("GET", "/readyz")).status).toBe(503);
  expect(harness.log.join()).not.toContain("canary");
});

test("/readyz names a variable that is no setting, and answers 200", async () => {
  set({ STANDARD_COMENT_URL: "https://desk.example/" });
  const ready = await send("/readyz");
  expect(ready.status).toBe(200);
  expect(JSON.stringify(await ready.json())).toContain("STANDARD_COMENT_URL is no setting");
});

test("/readyz names a variable that is no setting beside a setting that is wrong", async () => {
  set({ STANDARD_COMMENT_URL: "", STANDARD_COMENT_URL: "https://desk.example/" });
  const { checks } = Readiness.parse(await (await send("/readyz")).json());
  const details = checks.filter(({ ok }) => !ok).map(({ detail }) => detail);
  expect(details).toContainEqual(
    expect.stringMatching(
      /^settings_invalid: STANDARD_COMMENT_URL: missing; STANDARD_COMENT_URL is no setting of standard/,
    ),
  );
});
