import { readFolder } from "../catalog/folder.ts";
import { openPlace } from "../catalog/local-place.ts";
import { type UploadReport, upload } from "../catalog/upload.ts";
import { type Namespace, withNamespace } from "./runtime.ts";

/**
 * Makes the catalog of a state equal to the folder, before a Worker starts on it. It may lose most
 * of its codes: the folder is the project's own, so it cannot be the wrong one.
 */
export async function loadCatalog(state: string, signal?: AbortSignal): Promise<UploadReport> {
  const folder = await readFolder();
  const load = (catalog: Namespace) =>
    upload(folder, openPlace(catalog, state), { allowShrink: true });
  return withNamespace(state, load, signal);
}
