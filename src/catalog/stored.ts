import * as z from "zod/mini";

/**
 * The catalog as KV holds it. `scripts/catalog/build.ts` writes these values; they never change once
 * written, but for the manifest. What stands in a value is read item by item, so that a bad item
 * takes no other with it.
 */

/** A text in one language or several: tag to text. What stands between backticks is code. */
export const LocalText = z.record(z.string(), z.string());
export type LocalText = z.infer<typeof LocalText>;

/** One mitigation step. */
export const Step = z.object({
  /** What may go wrong; the last three come with a caution. */
  risk: z.enum(["none", "restart", "access", "data", "security"]),
  /** Who can do it. */
  who: z.enum(["user", "agent", "admin"]),
  text: LocalText,
  caution: z.optional(LocalText),
});
export type Step = z.infer<typeof Step>;

export const Source = z.object({ title: LocalText, url: z.string() });
export type Source = z.infer<typeof Source>;

/** A cause, with the names of its steps in the order in which they are tried. */
export const Case = z.object({
  cause: z.optional(LocalText),
  steps: z.array(z.string()),
  /** Words of which one must stand in the ticket. */
  when: z.optional(z.array(z.string())),
  escalate: z.optional(LocalText),
  source: z.optional(z.string()),
});
export type Case = z.infer<typeof Case>;

/** What one topic says of a code, or of a pair of numbers. */
export const Entry = z.object({
  /** What this topic calls the code, where headers call it otherwise or not at all. */
  symbol: z.optional(z.string()),
  meaning: LocalText,
  /** Likeliest first. */
  cases: z.array(Case),
  contactMicrosoft: z.boolean(),
  /** The number reports a success that only looks like a failure. */
  noFailure: z.boolean(),
  escalate: z.optional(LocalText),
  source: z.optional(z.string()),
});
export type Entry = z.infer<typeof Entry>;

/** What headers and documents call a code, and a short meaning of it. */
export const Naming = z.object({
  symbol: z.optional(z.string()),
  meaning: z.optional(LocalText),
});
export type Naming = z.infer<typeof Naming>;

/** All codes that begin alike. */
export const Shard = z.object({
  /** Code to its name. */
  names: z.record(z.string(), z.unknown()),
  /** Code or pair, such as `0xC1900101+0x20017`, to topic to entry. */
  entries: z.record(z.string(), z.unknown()),
  /** `topic/step` to step: those which the entries name. */
  steps: z.record(z.string(), z.unknown()),
  /** `topic/source` to source: those which the entries name. */
  sources: z.record(z.string(), z.unknown()),
});

/** What is the same for all codes of a topic. */
export const Topic = z.object({
  title: LocalText,
  /** Whom an agent hands the ticket to. */
  escalate: z.optional(LocalText),
  unlisted: z.enum(["describe", "contact-microsoft"]),
  /** It fits every ticket, and so is never a situation. */
  general: z.boolean(),
  strong: z.array(z.string()),
  weak: z.array(z.string()),
  facilities: z.array(z.string()),
  /** Mild steps for a code of this situation that has no entry of its own. */
  firstSteps: z.array(Step),
  /** What a later folder replaces of an earlier one, for people. Left out where nothing is. */
  overrides: z.optional(z.array(z.object({ what: z.string(), file: z.string() }))),
});
export type Topic = z.infer<typeof Topic>;

/** All that a scan needs, and what comments say of topics and products. */
export const Topics = z.object({
  topics: z.record(z.string(), z.unknown()),
  /** Words of conditions, each in lower case. */
  conditions: z.array(z.string()),
  /** Beginning of a code to the product that reports it. */
  products: z.record(z.string(), z.unknown()),
});

/** Topic to the codes of which it has an entry, pairs among them. */
export const Index = z.record(z.string(), z.array(z.string()));
export type Index = z.infer<typeof Index>;

/** Keys of symbols to codes, for the symbols whose keys begin alike. */
export const Symbols = z.record(z.string(), z.unknown());

/** The form of the manifest; a Worker reads no other. */
export const MANIFEST_SCHEMA = 2;

/** What one version of the catalog consists of. */
export const Manifest = z.object({
  schema: z.literal(MANIFEST_SCHEMA),
  /** Names the content: two catalogs with the same content have the same version. */
  version: z.string(),
  uploadedAt: z.string(),
  /** Beginning of codes, such as `8009`, to the key of their shard. The longest one counts. */
  shards: z.record(z.string().check(z.regex(/^[0-9A-F]{1,8}$/)), z.string()),
  /** First digit of a symbol's key to the key of its value. */
  symbols: z.record(z.string().check(z.regex(/^[0-9a-f]$/)), z.string()),
  /** The key of the topics. */
  topics: z.string(),
  /** The key of the list of all codes, by topic. */
  index: z.string(),
  /** The folders it was made from, and how many topics each holds. */
  folders: z.record(z.string(), z.int()),
  /** Keys of values of the two versions before, which slow readers may still ask for. */
  retired: z.array(z.array(z.string())),
});
export type Manifest = z.infer<typeof Manifest>;
