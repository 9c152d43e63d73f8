import * as z from "zod/mini";
import { Entry, Topic } from "./entry.ts";

/** An entry as a shard holds it: with the topic which its folder named, without its test rows. */
export const StoredEntry = z.object({
  ...Entry.shape,
  topic: z.string(),
  samples: z.optional(z.undefined()),
});
export type StoredEntry = z.infer<typeof StoredEntry>;

/** A topic as the manifest holds it: one of a newer form may say more. */
export const StoredTopic = z.object(Topic.shape);

/**
 * What there is on one upper half of a code; never changed once written. What stands in a value is
 * read item by item, so that a bad one takes no other with it.
 */
export const Shard = z.object({
  entries: z.array(z.unknown()),
  /** Lower half, such as `0029`, to the symbol of a public header. */
  symbols: z._default(z.record(z.string(), z.unknown()), {}),
});

/** Keys of names to codes, for the names whose keys begin alike; never changed once written. */
export const Names = z.record(z.string(), z.unknown());

/** What public headers and documents call the facilities: number in decimal to name. */
export const Facilities = z.object({
  hresult: z.record(z.string(), z.string()),
  ntstatus: z.record(z.string(), z.string()),
});
export type Facilities = z.infer<typeof Facilities>;

/** The form of the manifest; a Worker reads no other. */
export const MANIFEST_SCHEMA = 1;

/** What one version of the catalog consists of. */
export const Manifest = z.object({
  schema: z.literal(MANIFEST_SCHEMA),
  /** Names the content: two catalogs with the same content have the same version. */
  version: z.string(),
  uploadedAt: z.string(),
  /** Upper half of a code, such as `8009`, to the key of its shard. */
  shards: z.record(z.string().check(z.regex(/^[0-9A-F]{4}$/)), z.string()),
  /** First digit of a name's key to the key of its value. */
  names: z._default(z.record(z.string().check(z.regex(/^[0-9a-f]$/)), z.string()), {}),
  /** Number to name, for each of the two numberings. */
  facilities: z._default(Facilities, { hresult: {}, ntstatus: {} }),
  topics: z.record(z.string(), z.unknown()),
  steps: z.record(z.string(), z.unknown()),
  /** Keys of values of the two versions before, which slow readers may still ask for. */
  retired: z.array(z.array(z.string())),
});
export type Manifest = z.infer<typeof Manifest>;
