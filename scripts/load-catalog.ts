import { readFolder } from "../catalog/folder.ts";
import { openPlace } from "../catalog/place.ts";
import { upload } from "../catalog/upload.ts";
import type { RunningWorker } from "./runtime.ts";

/** Loads the folder into a Worker's namespace which has no catalog yet. */
export async function loadCatalog({ catalog }: RunningWorker, state: string): Promise<void> {
  if ((await catalog.get("manifest")) !== null) return;
  await upload(await readFolder(), openPlace(catalog, state));
}
