import { type Namespace, withNamespace } from "../local-worker/runtime.ts";
import { type Place, readInBulk } from "./kv-target.ts";

/** A namespace of a Worker on this machine which is already open. */
export function openPlace(catalog: Namespace, state: string): Place {
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
export async function withLocalPlace<T>(state: string, run: (place: Place) => Promise<T>) {
  return withNamespace(state, (catalog) => run(openPlace(catalog, state)));
}
