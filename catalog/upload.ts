import { Manifest } from "../src/catalog/entry.ts";
import { MANIFEST_KEY } from "../src/catalog/values.ts";
import { type Build, build } from "./build.ts";
import type { Folder } from "./folder.ts";
import type { Place } from "./place.ts";

/** How many earlier versions keep their shards, for readers whose manifest is old. */
const KEPT_VERSIONS = 2;
/** A folder with fewer than this share of the codes before is likely the wrong folder. */
const SHRINK_LIMIT = 0.5;

/** What an upload does beyond the ordinary. */
export interface UploadOptions {
  /** Show, and write nothing. */
  readonly dryRun?: boolean;
  /** Let the catalog lose more than half of its codes. */
  readonly allowShrink?: boolean;
}

/** What an upload found and did. */
export interface UploadReport {
  readonly version: string;
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** How many keys were written and deleted. */
  readonly writes: number;
}

/**
 * Makes a namespace equal to the folder: new shards first, the manifest last, so that a reader sees
 * the old catalog or the new one. Without a change it writes nothing.
 *
 * @throws {Error} When it would shrink too much, or when another upload won.
 */
export async function upload(
  folder: Folder,
  place: Place,
  { dryRun = false, allowShrink = false }: UploadOptions = {},
): Promise<UploadReport> {
  const next = build(folder);
  const current = await readManifest(place);
  const before = current ? await readShards(place, current) : new Map<string, string>();
  const report = { version: next.version, ...compare(before, next.entries) };
  if (current?.version === next.version || dryRun) return { ...report, writes: 0 };
  if (next.entries.size < before.size * SHRINK_LIMIT && !allowShrink) {
    throw new Error(
      `${place.name} holds ${before.size} codes and the folder ${next.entries.size}. ` +
        "If that is meant, say --allow-shrink.",
    );
  }
  const known = new Set(current ? [...keysOf(current), ...current.retired.flat()] : []);
  const fresh = Object.entries(next.values).filter(([key]) => !known.has(key));
  if (fresh.length > 0) await place.put(Object.fromEntries(fresh));

  const { manifest, orphans } = succeed(current, next);
  await refuseOvertaken(place, current);
  await place.put({ [MANIFEST_KEY]: JSON.stringify(manifest) });
  await confirm(place, next);
  if (orphans.length > 0) await place.delete(orphans);
  return { ...report, writes: fresh.length + 1 + orphans.length };
}

function succeed(current: Manifest | null, next: Build) {
  const generations = current ? [keysOf(current), ...current.retired] : [];
  const retired = generations.slice(0, KEPT_VERSIONS);
  const kept = new Set([...Object.keys(next.values), ...retired.flat()]);
  const orphans = generations.flat().filter((key) => !kept.has(key));
  const manifest: Manifest = {
    schema: 1,
    version: next.version,
    uploadedAt: new Date().toISOString(),
    ...next.manifest,
    retired,
  };
  return { manifest, orphans: [...new Set(orphans)] };
}

function keysOf({ shards, names }: Manifest) {
  return [...Object.values(shards), ...Object.values(names)];
}

async function readManifest(place: Place): Promise<Manifest | null> {
  const text = await place.get(MANIFEST_KEY);
  if (text === null) return null;
  const manifest = Manifest.safeParse(JSON.parse(text));
  if (manifest.success) return manifest.data;
  throw new Error(`${place.name} holds a manifest of another form; nothing was changed`);
}

async function readShards(place: Place, { shards }: Manifest) {
  const entries = new Map<string, string>();
  for (const key of Object.values(shards)) {
    const value = JSON.parse((await place.get(key)) ?? '{"entries":[]}');
    for (const entry of value.entries) entries.set(entry.code, JSON.stringify(entry));
  }
  return entries;
}

function compare(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>) {
  const codes = [...after.keys()];
  return {
    added: codes.filter((code) => !before.has(code)),
    changed: codes.filter((code) => before.has(code) && before.get(code) !== after.get(code)),
    removed: [...before.keys()].filter((code) => !after.has(code)),
  };
}

/** KV has no transactions: the manifest that we built on must still be the one in place. */
async function refuseOvertaken(place: Place, current: Manifest | null) {
  const now = await readManifest(place);
  if (now?.version !== current?.version) throw overtaken(place);
}

/** Reads back what readers will see. */
async function confirm(place: Place, next: Build) {
  const now = await readManifest(place);
  if (now?.version !== next.version) throw overtaken(place);
  const [sample] = Object.entries(next.values);
  if (sample && (await place.get(sample[0])) !== sample[1]) {
    throw new Error(`${place.name} does not give back what was written; upload once more`);
  }
}

function overtaken(place: Place) {
  return new Error(`another upload to ${place.name} came first; run this one again`);
}
