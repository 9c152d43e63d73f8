import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { CATALOG_BINDING, type WorkerConfig } from "../cloudflare/worker-config.ts";
import { runWranglerOnAccount } from "../cloudflare/wrangler.ts";
import { type KvTarget, readInBulk } from "./kv-target.ts";

/** How long until readers see a write: a minute or more, by the platform's documentation. */
const REMOTE_SHOWS_WITHIN_MS = 120_000;
/** The output of `wrangler kv bulk get --remote`: null for a missing key. */
const Pairs = z.record(z.string(), z.nullable(z.string()));

/**
 * The KV namespace of a deployed Worker. Wrangler finds it by the Worker's binding and signs in.
 * Each call takes about a second.
 *
 * @throws {CloudflareError} From each call, with what is wrong and how to correct it.
 */
export function remotePlace({ file, name }: WorkerConfig): KvTarget {
  const where = ["--binding", CATALOG_BINDING, "--remote", "--config", file];
  const kv = async (...args: string[]) =>
    (await runWranglerOnAccount(["kv", "bulk", ...args, ...where])).stdout;
  return {
    name: `the Worker ${name} at Cloudflare`,
    showsWithinMs: REMOTE_SHOWS_WITHIN_MS,

    get: (keys) =>
      readInBulk(keys, async (some) => {
        const printed = await withFile(some, (file) => kv("get", file));
        return Object.entries(Pairs.parse(JSON.parse(printed.slice(printed.indexOf("{")))));
      }),

    async put(values) {
      const pairs = Object.entries(values).map(([key, value]) => ({ key, value }));
      await withFile(pairs, (file) => kv("put", file));
    },

    async delete(keys) {
      await withFile(keys, (file) => kv("delete", file, "--force"));
    },
  };
}

async function withFile<T>(content: unknown, run: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "catalog-"));
  try {
    const file = join(folder, "values.json");
    await writeFile(file, JSON.stringify(content));
    return await run(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
