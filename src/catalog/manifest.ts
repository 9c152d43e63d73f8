import { Failure, toFailure } from "../failure.ts";
import { Manifest } from "./stored.ts";
import { logSkipped, readValue, type Values } from "./values.ts";

/** The key of the only value that changes. All other keys are hashes of their content. */
export const MANIFEST_KEY = "manifest";

/**
 * How long the manifest is used before it is read again. The cache of KV may be that old as well,
 * so a new code is known after a minute at most.
 */
const MANIFEST_AGE_S = 30;

/** The last good manifest. */
export interface ManifestMemory {
  manifest: { readonly value: Manifest; readonly readAt: number } | null;
  /** Why the last read failed; null when it succeeded. */
  trouble: string | null;
}

/**
 * Returns the newest manifest, or the last good one while reading fails.
 *
 * @param now Milliseconds since 1970.
 * @throws {Failure} `catalog_unavailable` when no manifest was ever read.
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
    logSkipped(MANIFEST_KEY);
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
