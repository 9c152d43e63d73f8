import { setTimeout as pass } from "node:timers/promises";
import * as z from "zod";
import { MANIFEST_KEY } from "../../src/catalog/manifest.ts";
import { MANIFEST_SCHEMA, Manifest } from "../../src/catalog/stored.ts";
import { type Build, build } from "./build.ts";
import type { Place } from "./kv-target.ts";
import type { Folder } from "./read.ts";

/** How many earlier versions keep their shards, for readers whose manifest is old. */
const KEPT_VERSIONS = 2;
/** A folder with fewer than this share of the codes before is likely the wrong folder. */
const SHRINK_LIMIT = 0.5;
/** How often a place is asked whether it shows what was written. */
const CONFIRM_TRIES = 25;

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
  /** The version that was in place; null when there was none that a Worker could read. */
  readonly before: string | null;
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** How many keys were written and deleted. */
  readonly writes: number;
}

/** An upload in one line, for the person who started it. */
export function summarize({ version, before, added, changed, removed, writes }: UploadReport) {
  if (writes === 0) return `version ${version}, as before`;
  const counts = `${added.length} added, ${changed.length} changed, ${removed.length} removed`;
  const instead = before === null ? "" : ` in place of ${before}`;
  return `version ${version}${instead}: ${counts}; ${writes} keys written or deleted`;
}

/**
 * Makes a namespace equal to the folder: new shards first, the manifest last, so that a reader sees
 * the old catalog or the new one. Without a change it writes nothing. What is there and does not
 * fit is written anew.
 *
 * @throws {Error} When it would shrink too much, when another upload won, or when what was written
 *   does not show.
 */
export async function upload(
  folder: Folder,
  place: Place,
  { dryRun = false, allowShrink = false }: UploadOptions = {},
): Promise<UploadReport> {
  const next = build(folder);
  // One read where nothing changed: a read of the deployed namespace takes about a second.
  const first = await place.get([MANIFEST_KEY, ...Object.keys(next.values)]);
  const current = parseManifest(place, first.get(MANIFEST_KEY));
  const shards = current ? Object.values(current.shards) : [];
  const others = shards.filter((key) => !(key in next.values));
  const there = new Map([...first, ...(await place.get(others))]);
  const before = entriesOf(shards.map((key) => there.get(key)));
  const report = {
    version: next.version,
    before: current?.version ?? null,
    ...compare(before, next.entries),
  };

  const fresh = Object.entries(next.values).filter(([key, value]) => there.get(key) !== value);
  if (dryRun || (current?.version === next.version && fresh.length === 0)) {
    return { ...report, writes: 0 };
  }
  if (next.entries.size < before.size * SHRINK_LIMIT && !allowShrink) {
    throw new Error(
      `${place.name} holds ${before.size} codes and the folder ${next.entries.size}. ` +
        "If that is meant, run `npm run catalog -- upload` with --allow-shrink.",
    );
  }
  if (fresh.length > 0) await place.put(Object.fromEntries(fresh));
  const { manifest, orphans } = succeed(current, next);
  await refuseOvertaken(place, current);
  await place.put({ [MANIFEST_KEY]: JSON.stringify(manifest) });
  await confirm(place, current, next.version, fresh);
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

const AnyManifest = z.object({ schema: z.number() });

/** Null when there is none, or none that any Worker could read. */
function parseManifest(place: Place, text: string | undefined): Manifest | null {
  const content = parse(text);
  const manifest = Manifest.safeParse(content);
  if (manifest.success) return manifest.data;
  if ((AnyManifest.safeParse(content).data?.schema ?? 0) <= MANIFEST_SCHEMA) return null;
  throw new Error(`${place.name} holds a manifest of a newer form; nothing was changed`);
}

const AnyShard = z.object({ entries: z.array(z.looseObject({ code: z.string() })) });

function entriesOf(shards: readonly (string | undefined)[]) {
  const entries = shards.flatMap((text) => AnyShard.safeParse(parse(text)).data?.entries ?? []);
  return new Map(entries.map((entry) => [entry.code, JSON.stringify(entry)]));
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

/** KV has no transactions: the manifest that we built on must still be the one in place. */
async function refuseOvertaken(place: Place, current: Manifest | null) {
  const now = parseManifest(place, (await place.get([MANIFEST_KEY])).get(MANIFEST_KEY));
  if (now?.version !== current?.version) throw overtaken(place);
}

/** Reads back what readers will see; the platform may show the old manifest for a while. */
async function confirm(
  place: Place,
  before: Manifest | null,
  version: string,
  fresh: readonly (readonly [key: string, value: string])[],
) {
  for (let tries = 1; ; tries++) {
    const there = await place.get([MANIFEST_KEY, ...fresh.map(([key]) => key)]);
    const now = parseManifest(place, there.get(MANIFEST_KEY))?.version;
    if (now !== version && now !== before?.version) throw overtaken(place);
    const whole = fresh.every(([key, value]) => there.get(key) === value);
    if (now === version && whole) return;
    if (tries === CONFIRM_TRIES || place.showsWithinMs === 0) {
      throw new Error(`${place.name} does not give back what was written; upload once more`);
    }
    await pass(place.showsWithinMs / (CONFIRM_TRIES - 1));
  }
}

function overtaken(place: Place) {
  return new Error(`another upload to ${place.name} came first; run this one again`);
}
