import { afterEach, beforeEach, expect, test } from "vitest";
import {
  ask,
  closeHarness,
  deliver,
  loadCatalog,
  openHarness,
  pass,
  recordOf,
  send,
  TOKEN,
} from "../worker-harness.ts";
import { openBrowser } from "./console/browser.ts";

// In this file no catalog was ever in memory, as in a new isolate.

beforeEach(() => openHarness({}, null));
afterEach(closeHarness);

test("without a catalog the console filters tickets by any situation", async () => {
  const browser = openBrowser("2001:db8:4::1");
  await browser.signIn(TOKEN);
  const { status, text } = await browser.get("/console/tickets?situation=windows-hello-pin");
  expect(status).toBe(200);
  expect(text).toContain("No ticket matches.");
});

test("without a catalog /readyz answers 503, and accepted tickets wait until one is uploaded", async () => {
  const ready = await send("/readyz");
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({
    status: "unready",
    checks: [
      { name: "settings", ok: true },
      { name: "catalog", ok: false, detail: "catalog_unavailable: manifest is missing" },
      { name: "connector standard", ok: true },
      { name: "ledger standard", ok: true },
    ],
  });
  for (const path of ["/catalog", "/catalog/0x80090029"]) {
    const refused = await ask(path);
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("10");
    expect(await refused.text()).toBe('{"error":"catalog_unavailable"}');
  }
  expect((await deliver()).status).toBe(202);
  await pass();
  expect(await recordOf()).toMatchObject({ state: "waiting", lastFailure: "catalog_unavailable" });

  await loadCatalog();
  await pass(10_000);
  expect((await send("/readyz")).status).toBe(200);
  await pass(60_000);
  expect(await recordOf()).toMatchObject({ state: "done", outcome: "posted" });
});
