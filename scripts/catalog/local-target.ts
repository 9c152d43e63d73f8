import { type Namespace, withNamespace } from "../local-worker/runtime.ts";
import { type KvTarget, readInBulk } from "./kv-target.ts";

/** The KV namespace of a local Worker that is already open. */
export function openPlace(catalog: Namespace, state: string): KvTarget {
  return {
    name: `local state in ${state}`,
    showsWithinMs: 0,
    get: (keys) => readInBulk(keys, (some) => catalog.get(some, "text")),
    put: async (values) => {
      for (const [key, value] of Object.entries(values)) await catalog.put(key, value);
    },
    delete: async (keys) => {
      for (const key of keys) await catalog.delete(key);
    },
  };
}

/** Runs an upload to a state folder on this machine. */
export async function withLocalPlace<T>(state: string, run: (target: KvTarget) => Promise<T>) {
  return withNamespace(state, (catalog) => run(openPlace(catalog, state)));
}
