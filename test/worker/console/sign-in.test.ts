import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { closeHarness, openHarness, START, send, set, TOKEN } from "../../worker-harness.ts";
import { openBrowser } from "./browser.ts";

const PASSWORD = "correct horse battery";
const HOUR_MS = 60 * 60 * 1000;

beforeEach(async () => {
  await openHarness({ CONSOLE_PASSWORD: PASSWORD });
});
afterEach(closeHarness);

let browsers = 0;
/** A browser with an address of its own, since failed sign-ins are counted by address. */
function newBrowser() {
  return openBrowser(`2001:db8::${++browsers}`);
}

const PAGES = [
  "/console/look-up",
  "/console/look-up?code=0x80090029",
  "/console/tickets",
  "/console/tickets/re-trigger",
  "/console/tickets/standard/T-1",
  "/console/backlog",
  "/console/catalog",
  "/console/catalog/windows-hello-pin",
  "/console/health",
  "/console/no-such-page",
];

test.each(PAGES)("%s leads to the sign-in page, and back after it", async (path) => {
  const browser = newBrowser();
  const refused = await browser.get(path);
  expect(refused.status).toBe(303);
  expect(refused.location).toBe(`/console/sign-in?next=${encodeURIComponent(path)}`);
  expect(refused.text).toBe("");

  await browser.get(refused.location ?? "");
  const accepted = await browser.post("/console/sign-in", { password: PASSWORD, next: path });
  expect(accepted.location).toBe(path);
});

test.each([
  "/console/look-up",
  "/console/sign-out",
  "/console/tickets/re-trigger",
  "/console/tickets/standard/T-1/re-trigger",
  "/console/tickets/standard/T-1/erase",
])("a form for %s does nothing without a session", async (path) => {
  const answer = await newBrowser().post(path, { text: "0x80090029", confirm: "yes" });
  expect(answer.status).toBe(303);
  expect(answer.location).toBe("/console/sign-in");
});

test.each([
  ["the password of the console", PASSWORD],
  ["one of API_TOKENS", TOKEN],
  ["another one of API_TOKENS", "older-token-0123456"],
])("a person signs in with %s", async (_, secret) => {
  const browser = newBrowser();
  expect((await browser.signIn(secret)).location).toBe("/console/look-up");
  expect((await browser.get("/console/look-up")).status).toBe(200);
});

test("an address with a slash at its end leads to the console", async () => {
  const response = await send("/console/");
  expect([response.status, response.headers.get("location")]).toEqual([308, "/console"]);
});

test("a browser that keeps no cookie is told that the form is out of date", async () => {
  const response = await send("/console/sign-in", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: `password=${PASSWORD}&formToken=${"0".repeat(64)}`,
  });
  expect(response.status).toBe(403);
});

test("the cookie of a session is out of reach for scripts and other sites", async () => {
  const { headers } = await newBrowser().signIn(PASSWORD);
  const [cookie] = headers.getSetCookie().filter((each) => each.startsWith("console_session="));
  expect(cookie).toMatch(/; HttpOnly/);
  expect(cookie).toMatch(/; Secure/);
  expect(cookie).toMatch(/; SameSite=Strict/);
  expect(cookie).toMatch(/; Max-Age=28800/);
  expect(cookie).toMatch(/; Path=\/console/);
});

test("without any of the three variables a page says what to set", async () => {
  set({ CONSOLE_PASSWORD: "", API_TOKENS: "" });
  const { status, text } = await newBrowser().get("/console/tickets");
  expect(status).toBe(503);
  for (const name of ["CONSOLE_PASSWORD", "API_TOKENS", "CONSOLE_ACCESS"]) {
    expect(text).toContain(name);
  }
});

test("a wrong setting is named, and never its value", async () => {
  set({ CONSOLE_PASSWORD: "short" });
  const { status, text } = await newBrowser().get("/console/sign-in");
  expect(status).toBe(503);
  expect(text).toContain("settings_invalid");
  expect(text).not.toContain("short");
});

test.each([
  ["//evil.example", "/console/look-up"],
  ["https://evil.example/console", "/console/look-up"],
  ["/console\\evil", "/console/look-up"],
  ["/consolevil", "/console/look-up"],
  ["/console/tickets\r\nset-cookie: a=b", "/console/look-up"],
  ["/console/tickets?state=failed", "/console/tickets?state=failed"],
])("after signing in, %j leads to %s", async (next, location) => {
  const browser = newBrowser();
  await browser.get("/console/sign-in");
  const answer = await browser.post("/console/sign-in", { password: PASSWORD, next });
  expect(answer.location).toBe(location);
});

describe("a session", () => {
  async function signedIn(secret = PASSWORD) {
    const browser = newBrowser();
    await browser.signIn(secret);
    return browser;
  }
  const isIn = async (browser: ReturnType<typeof openBrowser>) =>
    (await browser.get("/console/look-up")).status === 200;

  test("ends after eight hours", async () => {
    const browser = await signedIn();
    vi.setSystemTime(START + 8 * HOUR_MS - 1000);
    expect(await isIn(browser)).toBe(true);
    vi.setSystemTime(START + 8 * HOUR_MS);
    expect(await isIn(browser)).toBe(false);
  });

  test("ends when the password changes", async () => {
    const browser = await signedIn();
    set({ CONSOLE_PASSWORD: "another password" });
    expect(await isIn(browser)).toBe(false);
  });

  test("ends when the token changes that began it", async () => {
    const browser = await signedIn(TOKEN);
    set({ API_TOKENS: "older-token-0123456" });
    expect(await isIn(browser)).toBe(false);
  });

  test("ends at sign-out, for a copy of its cookie, too", async () => {
    const browser = await signedIn();
    const copy = newBrowser();
    copy.cookies.set("console_session", browser.cookies.get("console_session") ?? "");
    await browser.get("/console/look-up");
    const answer = await browser.post("/console/sign-out", {});
    expect(answer.location).toBe("/console/sign-in?out");
    expect(browser.cookies.has("console_session")).toBe(false);
    expect(await isIn(copy)).toBe(false);
  });

  test("that was signed out of is ended in another isolate, too", async () => {
    const secrets = [PASSWORD];
    const here = await import("../../../src/worker/console/sign-in/session.ts");
    const cookie = await here.createSession(PASSWORD, START);
    const other = await here.createSession(PASSWORD, START);
    await here.endSession(cookie, secrets, START, env.CATALOG);
    vi.resetModules();
    const there = await import("../../../src/worker/console/sign-in/session.ts");
    expect(there).not.toBe(here);
    expect(await there.isSession(cookie, secrets, START, env.CATALOG)).toBe(false);
    expect(await there.isSession(other, secrets, START, env.CATALOG)).toBe(true);
  });

  test("holds while KV fails, and the browser that signs out then forgets its cookie", async () => {
    const browser = await signedIn();
    vi.spyOn(env.CATALOG, "get").mockRejectedValue(new Error("down"));
    vi.spyOn(env.CATALOG, "put").mockRejectedValue(new Error("down"));
    expect((await browser.get("/console/sign-in")).status).toBe(303);
    await browser.get("/console/no-such-page");
    expect((await browser.post("/console/sign-out", {})).location).toBe("/console/sign-in?out");
    expect(browser.cookies.has("console_session")).toBe(false);
  });

  const FORGED: readonly [why: string, change: (cookie: string) => string | Promise<string>][] = [
    ["an empty cookie", () => ""],
    ["words", () => "signed in"],
    ["a changed signature", (cookie) => cookie.replace(/.$/, (last) => (last === "0" ? "1" : "0"))],
    ["no signature", (cookie) => cookie.split(".")[0] ?? ""],
    ["an empty signature", (cookie) => `${cookie.split(".")[0]}.`],
    ["a later end", (cookie) => `${later(cookie)}.${cookie.split(".")[1]}`],
    ["a third part", (cookie) => `${cookie}.00`],
    ["another Worker's secret", () => signedWith("another password")],
  ];
  test.each(FORGED)("is not opened by a cookie with %s", async (_, change) => {
    const browser = await signedIn();
    const cookie = browser.cookies.get("console_session") ?? "";
    browser.cookies.set("console_session", await change(cookie));
    expect(await isIn(browser)).toBe(false);
  });

  function later(cookie: string) {
    const payload = atob((cookie.split(".")[0] ?? "").replaceAll("-", "+").replaceAll("_", "/"));
    const ends = JSON.stringify({ ...JSON.parse(payload), endsAt: START + 7 * HOUR_MS });
    return btoa(ends).replaceAll("+", "-").replaceAll("/", "_");
  }

  /** A cookie that the Worker itself made while it had another password. */
  async function signedWith(password: string) {
    set({ CONSOLE_PASSWORD: password });
    const browser = await signedIn(password);
    set({ CONSOLE_PASSWORD: PASSWORD });
    return browser.cookies.get("console_session") ?? "";
  }
});

describe("failed sign-ins", () => {
  const WRONG = "wrong password";

  test("are limited to five a minute for one address, by the platform", async () => {
    const browser = newBrowser();
    const statuses: number[] = [];
    // A minute of the platform's clock may end meanwhile, so up to twice as many are needed.
    for (let tries = 0; tries < 11 && !statuses.includes(429); tries++) {
      statuses.push((await browser.signIn(WRONG)).status);
    }
    expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
    expect(statuses.at(-1)).toBe(429);
    const refused = await browser.signIn(PASSWORD);
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("60");
    expect((await newBrowser().signIn(PASSWORD)).status).toBe(303);
  });

  test("are limited in memory where the platform has no limiter", async () => {
    const { SIGN_IN_LIMIT } = env as unknown as { SIGN_IN_LIMIT: RateLimit };
    Object.assign(env, { SIGN_IN_LIMIT: undefined });
    const browser = newBrowser();
    for (let tries = 0; tries < 5; tries++) {
      expect((await browser.signIn(WRONG)).status).toBe(401);
      // What succeeds is not counted.
      if (tries < 4) expect((await browser.signIn(PASSWORD)).status).toBe(303);
      browser.cookies.clear();
    }
    expect((await browser.signIn(PASSWORD)).status).toBe(429);
    vi.setSystemTime(START + 61_000);
    expect((await browser.signIn(PASSWORD)).status).toBe(303);
    Object.assign(env, { SIGN_IN_LIMIT });
  });

  test("are refused when the limiter of the platform fails", async () => {
    const { SIGN_IN_LIMIT } = env as unknown as { SIGN_IN_LIMIT: RateLimit };
    vi.spyOn(SIGN_IN_LIMIT, "limit").mockRejectedValue(new Error("down"));
    expect((await newBrowser().signIn(PASSWORD)).status).toBe(429);
  });
});
