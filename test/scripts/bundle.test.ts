import { expect, test, vi } from "vitest";
import { bundle } from "../../scripts/local-worker/runtime.ts";

/** What the Worker may weigh, minified. */
const MAX_BYTES = 256 * 1024;

test("the Worker stays below 256 KiB", async () => {
  vi.stubEnv("HRESULT_COMMENTS_BUNDLE", undefined);
  const made = await bundle();
  vi.unstubAllEnvs();
  expect(Buffer.byteLength(made)).toBeLessThan(MAX_BYTES);
  expect(made).toBe(await bundle());
});
