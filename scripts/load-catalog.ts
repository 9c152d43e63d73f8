import { readFolder } from "../catalog/folder.ts";
import { openPlace } from "../catalog/place.ts";
import { upload } from "../catalog/upload.ts";
import { emptyMemory, openCatalog } from "../src/catalog/store.ts";
import type { RunningWorker } from "./runtime.ts";

/** Loads the folder into a Worker's namespace which has no catalog that this Worker can read. */
export async function loadCatalog({ catalog }: RunningWorker, state: string): Promise<void> {
  const readable = openCatalog(catalog, Date.now(), emptyMemory());
  if (await readable.catch(() => null)) return;
  await upload(await readFolder(), openPlace(catalog, state));
}
