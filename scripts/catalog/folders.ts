import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** The project's own catalog. */
export const PROJECT_CATALOG = join(ROOT, "catalog");
/** The user's own folder next to it. Git ignores it. */
const LOCAL_CATALOG = join(ROOT, "catalog.local");

/**
 * The folders of the catalog in reading order: `catalog/`, `catalog.local/` if it exists, then
 * those of `--catalog`. Tests that start programs replace the first two by a small catalog, with
 * the variable `HRESULT_COMMENTS_CATALOG`.
 */
export function catalogFolders(further: readonly string[] = []): string[] {
  const replaced = process.env.HRESULT_COMMENTS_CATALOG;
  const local = existsSync(LOCAL_CATALOG) ? [LOCAL_CATALOG] : [];
  const own = replaced === undefined ? [PROJECT_CATALOG, ...local] : [replaced];
  return [...own, ...further.map((each) => resolve(each))];
}
