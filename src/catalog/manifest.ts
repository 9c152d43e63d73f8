import { Failure, toFailure } from "../failure.ts";
import { Steps, type Topic } from "./entry.ts";
import { Manifest, StoredTopic } from "./stored.ts";
import { readItems, readValue, tellSkipped, type Values } from "./values.ts";

/** The key of the one value that changes; all others are named by their content. */
export const MANIFEST_KEY = "manifest";

/**
 * How long the manifest is trusted before it is read again. The namespace's own cache may be as old
 * once more, so a new code is known within a minute.
 */
const MANIFEST_AGE_S = 30;

/** A manifest, read: topics and steps of a form that this Worker does not know are left out. */
export type ReadManifest = Omit<Manifest, "topics" | "steps"> & {
  readonly topics: Readonly<Record<string, Topic>>;
  readonly steps: Readonly<Record<string, Steps>>;
};

/** The last good manifest. */
export interface ManifestMemory {
  known: { readonly manifest: ReadManifest; readonly readAt: number } | null;
  /** Why it is not the newest; null when it is. */
  trouble: string | null;
}

/**
 * Reads the newest manifest; while that cannot be had, the last good one.
 *
 * @throws {Failure} `catalog_unavailable` when there never was one.
 */
export async function currentManifest(
  kv: Values,
  now: number,
  memory: ManifestMemory,
): Promise<ReadManifest> {
  const { known } = memory;
  if (known && Math.abs(now - known.readAt) < MANIFEST_AGE_S * 1000) return known.manifest;
  try {
    const manifest = parse(await readValue(kv, MANIFEST_KEY, MANIFEST_AGE_S));
    memory.known = { manifest, readAt: now };
    memory.trouble = null;
    return manifest;
  } catch (error) {
    const failure = toFailure(error);
    if (known === null) throw failure;
    tellSkipped(MANIFEST_KEY);
    memory.known = { ...known, readAt: now };
    memory.trouble = failure.message;
    return known.manifest;
  }
}

function parse(text: string): ReadManifest {
  try {
    const manifest = Manifest.parse(JSON.parse(text));
    return {
      ...manifest,
      topics: readItems(StoredTopic, manifest.topics, MANIFEST_KEY),
      steps: readItems(Steps, manifest.steps, MANIFEST_KEY),
    };
  } catch (cause) {
    throw new Failure("catalog_unavailable", "the manifest is of another form", { cause });
  }
}
