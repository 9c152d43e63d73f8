import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** The project's own catalog. */
export const PROJECT_CATALOG = join(ROOT, "catalog");
/** A folder of one's own beside it: git ignores it. */
const LOCAL_CATALOG = join(ROOT, "catalog.local");

/**
 * The folders of the catalog in the order in which they are read: the project's own,
 * `catalog.local/` where it is there, then those of `--catalog`. Tests that start programs put a
 * small catalog in the place of the first two, by `HRESULT_COMMENTS_CATALOG`.
 */
export function catalogFolders(further: readonly string[] = []): string[] {
  const replaced = process.env.HRESULT_COMMENTS_CATALOG;
  const local = existsSync(LOCAL_CATALOG) ? [LOCAL_CATALOG] : [];
  const own = replaced === undefined ? [PROJECT_CATALOG, ...local] : [replaced];
  return [...own, ...further.map((each) => resolve(each))];
}
