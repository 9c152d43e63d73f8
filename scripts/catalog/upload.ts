import { setTimeout as pass } from "node:timers/promises";
import * as z from "zod";
import { MANIFEST_KEY } from "../../src/catalog/manifest.ts";
import { MANIFEST_SCHEMA, Manifest } from "../../src/catalog/stored.ts";
import { type Build, build, entriesOfShard } from "./build.ts";
import type { KvTarget } from "./kv-target.ts";
import type { CatalogSource } from "./read.ts";

/** How many earlier versions are kept, for readers with an old manifest. */
const KEPT_VERSIONS = 2;
/** An upload that keeps less than this share of the entries is probably a mistake. */
const SHRINK_LIMIT = 0.5;
/** How often the target is read until it shows the new manifest. */
const CONFIRM_TRIES = 25;

/** Options of an upload. */
export interface UploadOptions {
  /** Report the changes and write nothing. */
  readonly dryRun?: boolean;
  /** Let the catalog lose more than half of its entries. */
  readonly allowShrink?: boolean;
  /** Let the catalog lose the entries of folders that are not read now. */
  readonly allowMissingFolders?: boolean;
}

/** The result of an upload. */
export interface UploadReport {
  readonly version: string;
  /** The version before; null when there was none, or none that this Worker can read. */
  readonly before: string | null;
  /** Topic and code of each entry: `onedrive 0x8004DE40`. */
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Folders of the previous upload that are not read now. */
  readonly missingFolders: readonly string[];
  /** How many keys were written and deleted. */
  readonly writes: number;
}

/** Describes an upload in one line. */
export function summarize({ version, before, added, changed, removed, writes }: UploadReport) {
  if (writes === 0) return `version ${version}, as before`;
  const counts = `${added.length} added, ${changed.length} changed, ${removed.length} removed`;
  const instead = before === null ? "" : ` in place of ${before}`;
  return `version ${version}${instead}: ${counts}; ${writes} keys written or deleted`;
}

/**
 * Writes the catalog to a KV namespace: new values first, the manifest last, so that a reader sees
 * either the old catalog or the new one. Without a change it writes nothing. Damaged values are
 * written again.
 *
 * @throws {Error} When it would remove entries of a folder that is not read, or more than half of
 *   all; when another upload came first; or when the namespace does not show the new manifest.
 */
export async function upload(
  source: CatalogSource,
  target: KvTarget,
  { dryRun = false, allowShrink = false, allowMissingFolders = false }: UploadOptions = {},
): Promise<UploadReport> {
  const next = build(source);
  // Only one read if nothing changed, because a read of a deployed namespace takes about a second.
  const first = await target.get([MANIFEST_KEY, ...Object.keys(next.values)]);
  const current = parseManifest(target, first.get(MANIFEST_KEY));
  const shards = current?.shards ?? [];
  const others = shards.filter((key) => !(key in next.values));
  const there = new Map([...first, ...(await target.get(others))]);
  const before = entriesOf(shards.map((key) => there.get(key)));
  const folders = Object.keys(current?.folders ?? {});
  const missingFolders = folders.filter((each) => !Object.hasOwn(next.manifest.folders, each));
  const report = {
    version: next.version,
    before: current?.version ?? null,
    ...compare(before, next.entries),
    missingFolders,
  };

  const fresh = Object.entries(next.values).filter(([key, value]) => there.get(key) !== value);
  if (dryRun || (current?.version === next.version && fresh.length === 0)) {
    return { ...report, writes: 0 };
  }
  if (missingFolders.length > 0 && !allowMissingFolders) {
    throw new Error(
      `${target.name} holds entries of the folder ${missingFolders.join(", ")}, which is not read now. ` +
        "Name it with --catalog DIR, or remove its entries with `npm run catalog -- upload` and --allow-shrink.",
    );
  }
  if (next.entries.size < before.size * SHRINK_LIMIT && !allowShrink) {
    throw new Error(
      `${target.name} holds ${before.size} entries and the folders ${next.entries.size}. ` +
        "If that is meant, run `npm run catalog -- upload` with --allow-shrink.",
    );
  }
  if (fresh.length > 0) await target.put(Object.fromEntries(fresh));
  const { manifest, orphans } = succeed(current, next);
  await refuseOvertaken(target, current);
  await target.put({ [MANIFEST_KEY]: JSON.stringify(manifest) });
  await confirm(target, current, next.version, fresh);
  if (orphans.length > 0) await target.delete(orphans);
  return { ...report, writes: fresh.length + 1 + orphans.length };
}

/** The catalog in the namespace, in any format. */
interface Current {
  readonly version: string;
  readonly shards: readonly string[];
  /** The keys of all its values. */
  readonly keys: readonly string[];
  readonly retired: readonly string[][];
  readonly folders: Readonly<Record<string, number>>;
}

function succeed(current: Current | null, next: Build) {
  const generations = current ? [[...current.keys], ...current.retired] : [];
  const retired = generations.slice(0, KEPT_VERSIONS);
  const kept = new Set([...Object.keys(next.values), ...retired.flat()]);
  const orphans = generations.flat().filter((key) => !kept.has(key));
  const manifest: Manifest = {
    schema: MANIFEST_SCHEMA,
    version: next.version,
    uploadedAt: new Date().toISOString(),
    ...next.manifest,
    retired,
  };
  return { manifest, orphans: [...new Set(orphans)] };
}

const AnyManifest = z.object({ schema: z.number() });
/** The manifest of version 0.1. It is read to delete its values. */
const FirstManifest = z.object({
  schema: z.literal(1),
  version: z.string(),
  shards: z.record(z.string(), z.string()),
  names: z.record(z.string(), z.string()).default({}),
  retired: z.array(z.array(z.string())),
});

/** Null when there is none, or when it has no known format. */
function parseManifest(target: KvTarget, text: string | undefined): Current | null {
  const content = parse(text);
  const manifest = Manifest.safeParse(content).data;
  if (manifest) {
    const shards = Object.values(manifest.shards);
    const keys = [...shards, ...Object.values(manifest.symbols), manifest.topics, manifest.index];
    return { ...manifest, shards, keys };
  }
  const first = FirstManifest.safeParse(content).data;
  if (first) {
    const keys = [...Object.values(first.shards), ...Object.values(first.names)];
    return { version: first.version, shards: [], keys, retired: first.retired, folders: {} };
  }
  if ((AnyManifest.safeParse(content).data?.schema ?? 0) <= MANIFEST_SCHEMA) return null;
  throw new Error(`${target.name} holds a manifest of a newer form; nothing was changed`);
}

function entriesOf(shards: readonly (string | undefined)[]) {
  return new Map(shards.flatMap((text) => [...entriesOfShard(parse(text))]));
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

function compare(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>) {
  const codes = [...after.keys()];
  return {
    added: codes.filter((code) => !before.has(code)),
    changed: codes.filter((code) => before.has(code) && before.get(code) !== after.get(code)),
    removed: [...before.keys()].filter((code) => !after.has(code)),
  };
}

/** KV has no transactions, so this checks that no other upload has replaced the manifest. */
async function refuseOvertaken(target: KvTarget, current: Current | null) {
  const now = parseManifest(target, (await target.get([MANIFEST_KEY])).get(MANIFEST_KEY));
  if (now?.version !== current?.version) throw overtaken(target);
}

/** Waits until the new manifest is readable: the platform may show the old one for a while. */
async function confirm(
  target: KvTarget,
  before: Current | null,
  version: string,
  fresh: readonly (readonly [key: string, value: string])[],
) {
  for (let tries = 1; ; tries++) {
    const there = await target.get([MANIFEST_KEY, ...fresh.map(([key]) => key)]);
    const now = parseManifest(target, there.get(MANIFEST_KEY))?.version;
    if (now !== version && now !== before?.version) throw overtaken(target);
    const whole = fresh.every(([key, value]) => there.get(key) === value);
    if (now === version && whole) return;
    if (tries === CONFIRM_TRIES || target.showsWithinMs === 0) {
      throw new Error(`${target.name} does not give back what was written; upload once more`);
    }
    await pass(target.showsWithinMs / (CONFIRM_TRIES - 1));
  }
}

function overtaken(target: KvTarget) {
  return new Error(`another upload to ${target.name} came first; run this one again`);
}
