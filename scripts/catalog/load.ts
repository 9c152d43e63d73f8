import { type Namespace, withNamespace } from "../local-worker/runtime.ts";
import { catalogFolders } from "./folders.ts";
import { openPlace } from "./local-target.ts";
import { readCatalog } from "./read.ts";
import { type UploadReport, upload } from "./upload.ts";

/**
 * Uploads the folders to a local state before a Worker starts on it. Entries may disappear, but not
 * those of a folder that is not read now.
 *
 * @param further Further folders, read after `catalog/` and `catalog.local/`.
 * @throws {Error} When a folder has a problem, or a folder of the earlier upload is missing.
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
