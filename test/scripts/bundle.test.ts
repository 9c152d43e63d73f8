import { expect, test, vi } from "vitest";
import { bundle } from "../../scripts/local-worker/runtime.ts";

/** The largest size of the minified Worker. */
const MAX_BYTES = 448 * 1024;

test("the bundle is below 448 KiB, and two builds of it are equal", async () => {
  vi.stubEnv("HRESULT_COMMENTS_BUNDLE", undefined);
  const made = await bundle();
  vi.unstubAllEnvs();
  expect(Buffer.byteLength(made)).toBeLessThan(MAX_BYTES);
  expect(made).toBe(await bundle());
});
