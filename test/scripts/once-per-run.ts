import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../../scripts/local-worker/runtime.ts";

/**
 * Makes what all programs under test share: the Worker's bundle, and a folder in which Node keeps
 * what it compiled. A test of the bundling itself takes the variables away.
 */
export async function setup() {
  const folder = await mkdtemp(join(tmpdir(), "test-run-"));
  const file = join(folder, "worker.js");
  await writeFile(file, await bundle());
  process.env.HRESULT_COMMENTS_BUNDLE = file;
  process.env.NODE_COMPILE_CACHE = join(folder, "compile-cache");
  return () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
