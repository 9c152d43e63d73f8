import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { type Namespace, withNamespace, wrangler } from "../scripts/runtime.ts";

/** A KV namespace somewhere, as an upload sees it. */
export interface Place {
  /** Where it is, for the person who uploads. */
  readonly name: string;
  /** How long it may take, in milliseconds, until what was written is read. */
  readonly showsWithinMs: number;
  /** Those values which are there, by key. */
  get(keys: readonly string[]): Promise<ReadonlyMap<string, string>>;
  put(values: Readonly<Record<string, string>>): Promise<void>;
  delete(keys: readonly string[]): Promise<void>;
}

/** A namespace of a Worker on this machine which is already open. */
export function openPlace(catalog: Namespace, state: string): Place {
  return {
    name: `local state in ${state}`,
    showsWithinMs: 0,
    async get(keys) {
      const pairs = await Promise.all(
        keys.map(async (key) => [key, await catalog.get(key, "text")] as const),
      );
      return new Map(pairs.flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
    },
    put: async (values) => {
      for (const [key, value] of Object.entries(values)) await catalog.put(key, value);
    },
    delete: async (keys) => {
      for (const key of keys) await catalog.delete(key);
    },
  };
}

/** Runs an upload to a state folder on this machine. */
export async function withLocalPlace<T>(state: string, run: (place: Place) => Promise<T>) {
  return withNamespace(state, (catalog) => run(openPlace(catalog, state)));
}

/** The platform's documentation says a minute or more. */
const REMOTE_SHOWS_WITHIN_MS = 120_000;
/** How many keys one call of the platform gives. */
const MAX_KEYS = 100;

const Pairs = z.record(z.string(), z.object({ value: z.string().nullable() }));

/**
 * The namespace of the deployed Worker, through wrangler, which knows the account.
 *
 * @param where What tells wrangler which namespace is meant.
 */
export function wranglerPlace(where: readonly string[] = ["--remote"]): Place {
  const kv = (...args: string[]) => wrangler(["kv", ...args, "--binding", "CATALOG", ...where]);
  const isRemote = where.includes("--remote");
  return {
    name: isRemote ? "Cloudflare (remote)" : where.join(" "),
    showsWithinMs: isRemote ? REMOTE_SHOWS_WITHIN_MS : 0,

    async get(keys) {
      const found = new Map<string, string>();
      for (let at = 0; at < keys.length; at += MAX_KEYS) {
        const some = keys.slice(at, at + MAX_KEYS);
        const printed = await withFile(some, (file) => kv("bulk", "get", file));
        const pairs = Pairs.parse(JSON.parse(printed.slice(printed.indexOf("{"))));
        for (const [key, { value }] of Object.entries(pairs)) {
          if (value !== null) found.set(key, value);
        }
      }
      return found;
    },

    async put(values) {
      const pairs = Object.entries(values).map(([key, value]) => ({ key, value }));
      await withFile(pairs, (file) => kv("bulk", "put", file));
    },

    async delete(keys) {
      await withFile(keys, (file) => kv("bulk", "delete", file, "--force"));
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
