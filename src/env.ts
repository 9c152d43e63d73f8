import * as z from "zod/mini";
import { Failure } from "./failure.ts";
import type { PictureReader } from "./picture.ts";

/** The bindings of `wrangler.toml`, and the variables and secrets of the Worker. */
export interface Env<Ledger extends Rpc.DurableObjectBranded | undefined = undefined> {
  readonly CATALOG: KVNamespace;
  readonly LEDGER: DurableObjectNamespace<Ledger>;
  /** Limits the requests of one IP address to the routes that people call. */
  readonly CALL_LIMIT?: RateLimit;
  /** Limits the deliveries of one IP address that fail to verify. */
  readonly FAILURE_LIMIT?: RateLimit;
  /** Limits the sign-ins of one IP address to the console. */
  readonly SIGN_IN_LIMIT?: RateLimit;
  /**
   * The second Worker, which reads screenshots; bound by `npm run deploy -- --with-screenshots`.
   */
  readonly SCREENSHOTS_READER?: PictureReader;
  /** A setting: a string, checked with a schema before use. */
  readonly [variable: string]: unknown;
}

/** A bearer token as in RFC 6750, with at least 16 characters. */
const TOKEN = /^(?=.{16})[A-Za-z0-9._~+/-]+=*$/;

const Tokens = z.pipe(
  z.string(),
  z.transform((text) => text.split(",").map((token) => token.trim())),
);

/**
 * `TEAM.cloudflareaccess.com,AUDIENCE`: the address of a team and the AUD tag of an application.
 */
const ACCESS = /^([a-z0-9-]+\.cloudflareaccess\.com) *, *([A-Za-z0-9_-]{16,})$/;

const Access = z.pipe(
  z.string(),
  z.transform((text, { issues }) => {
    const [, team, audience] = ACCESS.exec(text.trim()) ?? [];
    if (team !== undefined && audience !== undefined) return { team, audience };
    issues.push({ code: "custom", input: "", message: "TEAM.cloudflareaccess.com,AUDIENCE" });
    return z.NEVER;
  }),
);

/** The shortest password of the console, in characters. */
const MIN_PASSWORD_LENGTH = 12;

/**
 * The variables that say where Durable Objects are placed.
 *
 * @see https://developers.cloudflare.com/durable-objects/reference/data-location/
 */
const PlacementVariables = z.object({
  LEDGER_JURISDICTION: z.optional(
    z.enum(["eu", "us", "fedramp", "fedramp-high"], "eu, us, fedramp or fedramp-high"),
  ),
  LEDGER_LOCATION: z.optional(
    z.enum(
      ["wnam", "enam", "sam", "weur", "eeur", "apac", "apac-ne", "apac-se", "oc", "afr", "me"],
      "a location hint of Durable Objects, such as weur",
    ),
  ),
});

/** Tags, separated by commas. Their case does not count. */
const SkipTags = z.pipe(
  z.string().check(z.regex(/[^\s,]/, "tags, separated by commas")),
  z.transform((text) =>
    text
      .split(",")
      .map((each) => each.trim().toLowerCase())
      .filter((each) => each !== ""),
  ),
);

/** The variable that says which tickets are left alone. */
const SkipVariables = z.object({ SKIP_TAGS: z._default(SkipTags, ["no-error-codes"]) });

/** The variables that say who may call the routes and the console for people. */
const AccessVariables = z.object({
  API_TOKENS: z.optional(
    Tokens.check(
      z.refine((tokens) => tokens.every((token) => TOKEN.test(token)), {
        error: "each token has at least 16 letters, digits or . _ ~ + / -",
      }),
    ),
  ),
  CONSOLE_PASSWORD: z.optional(
    z
      .string()
      .check(z.minLength(MIN_PASSWORD_LENGTH, `at least ${MIN_PASSWORD_LENGTH} characters`)),
  ),
  CONSOLE_ACCESS: z.optional(Access),
});

/** The variables that say what a comment is and when one is written. */
const CommentVariables = z.object({
  DEFAULT_LOCALE: z._default(
    z
      .string()
      .check(
        z.regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, "a language tag such as ja or en-GB"),
      ),
    "en",
  ),
  COMMENT_LOCALE: z.optional(
    z
      .string()
      .check(
        z.regex(
          /^(?:requester|[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*(?:\+[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)*)$/,
          "requester, a language tag, or several joined by +, such as ja+en",
        ),
      ),
  ),
  UNLISTED_CODES: z._default(
    z.enum(["describe", "contact-microsoft", "ignore"], "describe, contact-microsoft or ignore"),
    "describe",
  ),
  SCREENSHOTS: z._default(z.enum(["on", "off"], "on or off"), "off"),
  FOLLOW_UPS: z._default(z.enum(["on", "off"], "on or off"), "off"),
  COMMENT_MODE: z._default(z.enum(["post", "shadow", "tags"], "post, shadow or tags"), "post"),
  RECHECK_DAYS: z._default(
    z.pipe(
      z.string().check(z.regex(/^(?:[0-9]|[1-8][0-9]|90)$/, "a number of days from 0 to 90")),
      z.transform(Number),
    ),
    14,
  ),
  LEDGER_RESTORED_AT: z.optional(
    z.pipe(
      z
        .string()
        .check(
          z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?Z$/, "a time such as 2027-01-31T09:00Z"),
        ),
      z.transform((time) => Date.parse(time)),
    ),
  ),
  COMMENT_VISIBILITY: z._default(z.enum(["internal", "public"], "internal or public"), "internal"),
  ...SkipVariables.shape,
});

const Variables = z.object({
  ...AccessVariables.shape,
  ...CommentVariables.shape,
  ...PlacementVariables.shape,
});

/** The names of these variables. */
export const VARIABLES: readonly string[] = Object.keys(Variables.shape);

/** Who may call the routes and the console for people. */
const toAccess = (env: z.infer<typeof AccessVariables>) => ({
  /** Null when no token is set: the routes that people call answer 503. */
  apiTokens: env.API_TOKENS ?? null,
  /** Null when none is set: people sign in to the console with an API token. */
  consolePassword: env.CONSOLE_PASSWORD ?? null,
  /** The Cloudflare Access application whose users may use the console; null when not set. */
  consoleAccess: env.CONSOLE_ACCESS ?? null,
});

/** What a comment is, and when one is written. */
const toCommentSettings = (env: z.infer<typeof CommentVariables>) => ({
  defaultLocale: env.DEFAULT_LOCALE,
  /** The languages of a comment; null for the language of the requester. */
  commentLocale:
    env.COMMENT_LOCALE === undefined || env.COMMENT_LOCALE === "requester"
      ? null
      : [...new Set(env.COMMENT_LOCALE.split("+"))],
  unlistedCodes: env.UNLISTED_CODES,
  commentMode: env.COMMENT_MODE,
  commentVisibility: env.COMMENT_VISIBILITY,
  /** Pictures of tickets are read. */
  screenshots: env.SCREENSHOTS === "on",
  /**
   * A ticket that was queued before may have its comment, whatever the ledger says. Milliseconds
   * since 1970; 0 when no ledger was restored.
   */
  ledgerRestoredAt: env.LEDGER_RESTORED_AT ?? 0,
  /** How many days a finished ticket is enriched again when the catalog gains one of its codes. */
  recheckDays: env.RECHECK_DAYS,
  /** A ticket with one of these tags or labels is left alone. In lower case. */
  skipTags: env.SKIP_TAGS,
});

const CommentSettings = z.pipe(CommentVariables, z.transform(toCommentSettings));
export type CommentSettings = z.infer<typeof CommentSettings>;

const Settings = z.pipe(
  Variables,
  z.transform((env) => ({ ...toAccess(env), ...toCommentSettings(env) })),
);
export type Settings = z.infer<typeof Settings>;

const ApiTokens = z.pick(AccessVariables, { API_TOKENS: true });

const LedgerPlacement = z.pipe(
  PlacementVariables,
  z.transform((env) => ({
    jurisdiction: env.LEDGER_JURISDICTION ?? null,
    location: env.LEDGER_LOCATION ?? null,
  })),
);
/** Where the platform places the ledgers. Null: near the sender of the first delivery. */
export type LedgerPlacement = z.infer<typeof LedgerPlacement>;

/**
 * Reads the settings for all connections. An empty variable counts as not set.
 *
 * @throws {Failure} `settings_invalid`. The message names the variable, never its value.
 * @example
 * readSettings({ DEFAULT_LOCALE: "ja" }).defaultLocale; // "ja"
 */
export function readSettings(env: Readonly<Record<string, unknown>>): Settings {
  return read(Settings, Variables, env);
}

/**
 * Reads only the settings of comments, so that tickets get theirs while a setting of the console is
 * wrong.
 *
 * @throws {Failure} As {@link readSettings}.
 */
export function readCommentSettings(env: Readonly<Record<string, unknown>>): CommentSettings {
  return read(CommentSettings, CommentVariables, env);
}

/**
 * Reads only the API tokens, so that people can call the routes while another setting is wrong.
 *
 * @returns Null when none is set.
 * @throws {Failure} As {@link readSettings}.
 */
export function readApiTokens(env: Readonly<Record<string, unknown>>): readonly string[] | null {
  return read(ApiTokens, ApiTokens, env).API_TOKENS ?? null;
}

/**
 * Reads where the ledgers are to be placed. A ledger stays where it was created.
 *
 * @throws {Failure} `settings_invalid`, even for an unknown hint: a ledger must not be created in
 *   the wrong place.
 */
export function readLedgerPlacement(env: Readonly<Record<string, unknown>>): LedgerPlacement {
  return read(LedgerPlacement, PlacementVariables, env);
}

/**
 * Reads only which tickets are left alone, so that a delivery is accepted while another setting is
 * wrong.
 *
 * @returns Tags in lower case.
 */
export function readSkipTags(env: Readonly<Record<string, unknown>>): readonly string[] {
  return read(SkipVariables, SkipVariables, env).SKIP_TAGS;
}

/** Reads the variables that a schema names. An empty variable counts as not set. */
function read<T>(
  schema: z.ZodMiniType<T>,
  { shape }: z.ZodMiniObject,
  env: Readonly<Record<string, unknown>>,
): T {
  const set = Object.keys(shape).flatMap((name) => (env[name] ? [[name, env[name]]] : []));
  const settings = schema.safeParse(Object.fromEntries(set));
  if (settings.success) return settings.data;
  const problems = settings.error.issues.map((each) => `${each.path.join(".")}: ${each.message}`);
  throw new Failure("settings_invalid", problems.join("; "));
}

/**
 * The reader of pictures. Null while SCREENSHOTS is off, and where no reader is bound: `/readyz`
 * tells of that, and tickets are enriched without their pictures.
 */
export function pictureReader(env: Env, { screenshots }: CommentSettings): PictureReader | null {
  return (screenshots && env.SCREENSHOTS_READER) || null;
}
