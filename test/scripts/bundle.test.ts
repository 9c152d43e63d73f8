import { expect, test, vi } from "vitest";
import { bundle } from "../../scripts/local-worker/runtime.ts";

/** The largest size of the minified Worker: a cold start reads all of it. */
const MAX_BYTES = 512 * 1024;

test("the bundle is below 512 KiB, and two builds of it are equal", async () => {
  vi.stubEnv("HRESULT_COMMENTS_BUNDLE", undefined);
  const made = await bundle();
  vi.unstubAllEnvs();
  expect(Buffer.byteLength(made)).toBeLessThan(MAX_BYTES);
  expect(made).toBe(await bundle());
});
