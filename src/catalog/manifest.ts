import { Failure, toFailure } from "../failure.ts";
import { Manifest } from "./stored.ts";
import { readValue, tellSkipped, type Values } from "./values.ts";

/** The key of the one value that changes; all others are named by their content. */
export const MANIFEST_KEY = "manifest";

/**
 * How long the manifest is trusted before it is read again. The namespace's own cache may be as old
 * once more, so a new code is known within a minute.
 */
const MANIFEST_AGE_S = 30;

/** The last good manifest. */
export interface ManifestMemory {
  manifest: { readonly value: Manifest; readonly readAt: number } | null;
  /** Why it is not the newest; null when it is. */
  trouble: string | null;
}

/**
 * Reads the newest manifest; while that cannot be had, the last good one.
 *
 * @param now Milliseconds since 1970.
 * @throws {Failure} `catalog_unavailable` when there never was one.
 */
export async function currentManifest(
  kv: Values,
  now: number,
  memory: ManifestMemory,
): Promise<Manifest> {
  const { manifest: known } = memory;
  if (known && Math.abs(now - known.readAt) < MANIFEST_AGE_S * 1000) return known.value;
  try {
    const value = parse(await readValue(kv, MANIFEST_KEY, MANIFEST_AGE_S));
    memory.manifest = { value, readAt: now };
    memory.trouble = null;
    return value;
  } catch (error) {
    const failure = toFailure(error);
    if (known === null) throw failure;
    tellSkipped(MANIFEST_KEY);
    memory.manifest = { ...known, readAt: now };
    memory.trouble = failure.message;
    return known.value;
  }
}

function parse(text: string): Manifest {
  try {
    return Manifest.parse(JSON.parse(text));
  } catch (cause) {
    throw new Failure("catalog_unavailable", "the manifest is of another form", { cause });
  }
}
