import { type Namespace, withNamespace } from "../local-worker/runtime.ts";
import { openPlace } from "./local-target.ts";
import { readFolder } from "./read.ts";
import { type UploadReport, upload } from "./upload.ts";

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
