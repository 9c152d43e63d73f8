import { expect, test } from "vitest";
import { bundle } from "../../scripts/runtime.ts";

/** What the Worker may weigh, minified. */
const MAX_BYTES = 256 * 1024;

test("the Worker stays below 256 KiB", async () => {
  expect(Buffer.byteLength(await bundle())).toBeLessThan(MAX_BYTES);
});
