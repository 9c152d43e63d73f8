import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Namespace, openNamespace, wrangler } from "../scripts/runtime.ts";

/** A KV namespace somewhere, as an upload sees it. */
export interface Place {
  /** Where it is, for the person who uploads. */
  readonly name: string;
  /** Null when there is no such key. */
  get(key: string): Promise<string | null>;
  put(values: Readonly<Record<string, string>>): Promise<void>;
  delete(keys: readonly string[]): Promise<void>;
}

/** A namespace of a Worker on this machine which is already open. */
export function openPlace(catalog: Namespace, state: string): Place {
  return {
    name: `local state in ${state}`,
    get: (key) => catalog.get(key, "text"),
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
  const { catalog, close } = await openNamespace(state);
  try {
    return await run(openPlace(catalog, state));
  } finally {
    await close();
  }
}

/**
 * The namespace of the deployed Worker, through wrangler, which knows the account.
 *
 * @param where What tells wrangler which namespace is meant.
 */
export function wranglerPlace(where: readonly string[] = ["--remote"]): Place {
  const kv = (...args: string[]) => wrangler(["kv", ...args, "--binding", "CATALOG", ...where]);
  return {
    name: where.includes("--remote") ? "Cloudflare (remote)" : where.join(" "),

    async get(key) {
      const keys = JSON.parse(await kv("key", "list", "--prefix", key)) as { name: string }[];
      return keys.some((each) => each.name === key) ? kv("key", "get", key) : null;
    },

    put: (values) => {
      const pairs = Object.entries(values).map(([key, value]) => ({ key, value }));
      return withFile(pairs, (file) => kv("bulk", "put", file));
    },

    delete: (keys) => withFile(keys, (file) => kv("bulk", "delete", file, "--force")),
  };
}

async function withFile(content: unknown, run: (file: string) => Promise<unknown>) {
  const folder = await mkdtemp(join(tmpdir(), "catalog-"));
  try {
    const file = join(folder, "values.json");
    await writeFile(file, JSON.stringify(content));
    await run(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
