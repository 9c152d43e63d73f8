import { afterEach, beforeEach, expect, test } from "vitest";
import { closeHarness, deliver, openHarness, pass, recordOf, TOKEN } from "../../worker-harness.ts";
import { openBrowser } from "./browser.ts";

let browsers = 0;
async function signedIn() {
  const browser = openBrowser(`2001:db8:1::${++browsers}`);
  await browser.signIn(TOKEN);
  await browser.get("/console/look-up");
  return browser;
}

beforeEach(async () => {
  await openHarness();
  await deliver();
  await pass();
});
afterEach(closeHarness);

const FORMS: readonly [path: string, fields: Record<string, string>][] = [
  ["/console/sign-out", {}],
  ["/console/look-up", { text: "0x80090029" }],
  ["/console/tickets/re-trigger", { ticket: "standard/T-1" }],
  ["/console/tickets/standard/T-1/re-trigger", { force: "yes" }],
  ["/console/tickets/standard/T-1/erase", { confirm: "yes" }],
];

test.each(FORMS)("%s is refused without a token of the form", async (path, fields) => {
  const browser = await signedIn();
  const before = await recordOf();
  const { status } = await browser.post(path, { ...fields, formToken: "" });
  expect(status).toBe(403);
  expect(await recordOf()).toEqual(before);
  expect((await browser.get("/console/look-up")).status).toBe(200);
});

test.each(FORMS)("%s is refused with the token of another person", async (path, fields) => {
  const [browser, other] = [await signedIn(), await signedIn()];
  const page = await other.get("/console/look-up");
  const formToken = /name="formToken" value="([^"]*)"/.exec(page.text)?.[1] ?? "";
  expect(formToken).toMatch(/^[0-9a-f]{64}$/);
  expect((await browser.post(path, { ...fields, formToken })).status).toBe(403);
});

test.each(FORMS)("%s is refused when another site sends it", async (path, fields) => {
  const browser = await signedIn();
  for (const site of ["cross-site", "same-site", "none"]) {
    expect((await browser.post(path, fields, { "sec-fetch-site": site })).status).toBe(403);
  }
});

test.each(FORMS)("%s is accepted with the token of the page", async (path, fields) => {
  const { status } = await (await signedIn()).post(path, fields);
  expect([200, 303]).toContain(status);
});

test("the form of the sign-in page is refused without its token, or with a foreign one", async () => {
  const browser = openBrowser("2001:db8:1::ffff");
  const other = openBrowser("2001:db8:1::fffe");
  const page = await other.get("/console/sign-in");
  const foreign = /name="formToken" value="([^"]*)"/.exec(page.text)?.[1] ?? "";
  await browser.get("/console/sign-in");
  for (const formToken of ["", "0".repeat(64), foreign]) {
    const answer = await browser.post("/console/sign-in", { password: TOKEN, formToken });
    expect(answer.status).toBe(403);
  }
});
