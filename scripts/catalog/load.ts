import { type Namespace, withNamespace } from "../local-worker/runtime.ts";
import { catalogFolders } from "./folders.ts";
import { openPlace } from "./local-target.ts";
import { readCatalog } from "./read.ts";
import { summarize, type UploadReport, upload } from "./upload.ts";

/** The result of an upload to a local state. */
export interface LoadReport extends UploadReport {
  /** The names of the folders that were read. */
  readonly folders: readonly string[];
}

/** Describes an upload to a local state in one line. */
export function describeLoad(report: LoadReport): string {
  if (report.before !== null) return summarize(report);
  const entries = report.added.length.toLocaleString("en");
  return `version ${report.version} uploaded: ${entries} entries from ${report.folders.join(", ")}`;
}

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
): Promise<LoadReport> {
  const source = await readCatalog(catalogFolders(further));
  const load = (catalog: Namespace) =>
    upload(source, openPlace(catalog, state), { allowShrink: true });
  const report = await withNamespace(state, load, signal);
  return { ...report, folders: source.folders.map(({ name }) => name) };
}
