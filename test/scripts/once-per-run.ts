import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle, writeScreenshotsBundle } from "../../scripts/local-worker/runtime.ts";

/**
 * Prepares once for all tests of a run: the bundles of both Workers, a small catalog, and a compile
 * cache for Node.
 * Tests of the bundling itself remove the variable.
 */
export async function setup() {
  const folder = await mkdtemp(join(tmpdir(), "test-run-"));
  const file = join(folder, "worker.js");
  const screenshots = join(folder, "screenshots");
  const [script] = await Promise.all([bundle(), writeScreenshotsBundle(screenshots)]);
  await writeFile(file, script);
  process.env.HRESULT_COMMENTS_CATALOG = join(import.meta.dirname, "../fixtures/catalog");
  process.env.HRESULT_COMMENTS_BUNDLE = file;
  process.env.HRESULT_COMMENTS_SCREENSHOTS = screenshots;
  process.env.NODE_COMPILE_CACHE = join(folder, "compile-cache");
  return () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
