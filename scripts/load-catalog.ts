import { readFolder } from "../catalog/folder.ts";
import { openPlace } from "../catalog/local-place.ts";
import { upload } from "../catalog/upload.ts";
import { emptyMemory, openCatalog } from "../src/catalog/store.ts";
import { type Namespace, withNamespace } from "./runtime.ts";

/** Loads the folder into a state which has no catalog that the Worker can read, before it starts. */
export async function loadCatalog(state: string, signal?: AbortSignal): Promise<void> {
  const load = async (catalog: Namespace) => {
    const readable = openCatalog(catalog, Date.now(), emptyMemory());
    if (await readable.catch(() => null)) return;
    await upload(await readFolder(), openPlace(catalog, state));
  };
  await withNamespace(state, load, signal);
}
