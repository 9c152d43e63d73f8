import * as z from "zod/mini";

/**
 * The catalog as stored in KV. `scripts/catalog/build.ts` makes these values. Only the manifest
 * ever changes. Values are parsed item by item, so that an invalid item does not affect others.
 */

/** A text in one or more languages: language tag -> text. Text between backticks is code. */
export const LocalText = z.record(z.string(), z.string());
export type LocalText = z.infer<typeof LocalText>;

/** One mitigation step. */
export const Step = z.object({
  /** What may go wrong. The last three values require a caution. */
  risk: z.enum(["none", "restart", "access", "data", "security"]),
  /** Who can do it. */
  who: z.enum(["user", "agent", "admin"]),
  text: LocalText,
  caution: z.optional(LocalText),
});
export type Step = z.infer<typeof Step>;

export const Source = z.object({ title: LocalText, url: z.string() });
export type Source = z.infer<typeof Source>;

/** A cause, with the names of its steps in the order to try them. */
export const Case = z.object({
  cause: z.optional(LocalText),
  steps: z.array(z.string()),
  /** The case applies only if the ticket contains one of these words. */
  when: z.optional(z.array(z.string())),
  escalate: z.optional(LocalText),
  source: z.optional(z.string()),
});
export type Case = z.infer<typeof Case>;

/** What one topic says about a code or a pair. */
export const Entry = z.object({
  /** The symbol that this topic uses, if headers have another one or none. */
  symbol: z.optional(z.string()),
  meaning: LocalText,
  /** Likeliest first. */
  cases: z.array(Case),
  contactMicrosoft: z.boolean(),
  /** The code reports a success, although it looks like a failure. */
  noFailure: z.boolean(),
  escalate: z.optional(LocalText),
  source: z.optional(z.string()),
});
export type Entry = z.infer<typeof Entry>;

/** The symbol of a code in headers and documents, and its short meaning. */
export const Naming = z.object({
  symbol: z.optional(z.string()),
  meaning: z.optional(LocalText),
});
export type Naming = z.infer<typeof Naming>;

/** All codes with the same beginning. */
export const Shard = z.object({
  /** Code -> `Naming`. */
  names: z.record(z.string(), z.unknown()),
  /** Code or pair, such as `0xC1900101+0x20017` -> topic -> `Entry`. */
  entries: z.record(z.string(), z.unknown()),
  /** `topic/step` -> `Step`, for the steps that the entries name. */
  steps: z.record(z.string(), z.unknown()),
  /** `topic/source` -> `Source`, for the sources that the entries name. */
  sources: z.record(z.string(), z.unknown()),
});

/** A topic without its codes. */
export const Topic = z.object({
  title: LocalText,
  /** Whom the agent passes the ticket to. */
  escalate: z.optional(LocalText),
  unlisted: z.enum(["describe", "contact-microsoft"]),
  /** It fits every ticket, so it is never a situation. */
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

/** All topics, the condition words, and the products. */
export const Topics = z.object({
  topics: z.record(z.string(), z.unknown()),
  /** The words of all conditions, in lower case. */
  conditions: z.array(z.string()),
  /** Beginning of a code -> the product that reports it. */
  products: z.record(z.string(), z.unknown()),
});

/** Topic -> the codes and pairs that it has an entry for. */
export const Index = z.record(z.string(), z.array(z.string()));
export type Index = z.infer<typeof Index>;

/** Symbol hash -> code, for hashes with the same first digit. */
export const Symbols = z.record(z.string(), z.unknown());

/** The version of the manifest format. A Worker reads no other. */
export const MANIFEST_SCHEMA = 2;

/** The keys of all values of one catalog version. */
export const Manifest = z.object({
  schema: z.literal(MANIFEST_SCHEMA),
  /** Names the content: two catalogs with the same content have the same version. */
  version: z.string(),
  uploadedAt: z.string(),
  /** Beginning of codes, such as `8009` -> the key of their shard. The longest match counts. */
  shards: z.record(z.string().check(z.regex(/^[0-9A-F]{1,8}$/)), z.string()),
  /** First digit of a symbol hash -> the key of the value with such symbols. */
  symbols: z.record(z.string().check(z.regex(/^[0-9a-f]$/)), z.string()),
  /** The key of `Topics`. */
  topics: z.string(),
  /** The key of `Index`. */
  index: z.string(),
  /** Source folder -> the number of topics in it. */
  folders: z.record(z.string(), z.int()),
  /** Keys of the two previous versions, which slow readers may still request. */
  retired: z.array(z.array(z.string())),
});
export type Manifest = z.infer<typeof Manifest>;
