import { type Namespace, withNamespace } from "../local-worker/runtime.ts";
import { catalogFolders } from "./folders.ts";
import { openPlace } from "./local-target.ts";
import { readCatalog } from "./read.ts";
import { type UploadReport, upload } from "./upload.ts";

/**
 * Makes the catalog of a state equal to the folders, before a Worker starts on it. It may lose most
 * of its entries, but none of a folder that is not read now.
 *
 * @param further Folders of one's own, read after `catalog/` and `catalog.local/`.
 * @throws {Error} When a folder has a problem, or when one is missing that the state was made from.
 */
export async function loadCatalog(
  state: string,
  further: readonly string[] = [],
  signal?: AbortSignal,
): Promise<UploadReport> {
  const source = await readCatalog(catalogFolders(further));
  const load = (catalog: Namespace) =>
    upload(source, openPlace(catalog, state), { allowShrink: true });
  return withNamespace(state, load, signal);
}
