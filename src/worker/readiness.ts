import * as z from "zod/mini";
import { openCatalog } from "../catalog/store.ts";
import { refuseTagsMode, refuseUnsaidPublic } from "../connectors/deliver-comment.ts";
import { connect, connectedNames, unknownVariables } from "../connectors/index.ts";
import { type Env, readCommentSettings, readSettings } from "../env.ts";
import { Failure, toFailure } from "../failure.ts";
import type { Health } from "../ledger/ledger.ts";
import { VERSION } from "../version.ts";

/** How long an answer is repeated, so that many requests wake no ledger more often. */
const ANSWER_AGE_MS = 10_000;

/** One line of what `/readyz` answers. */
const Check = z.object({
  name: z.string(),
  ok: z.boolean(),
  /** Names variables and failures, never values. */
  detail: z.string(),
});
type Check = Readonly<z.infer<typeof Check>>;

/** Whether tickets can be accepted and commented on. */
export const Readiness = z.object({
  status: z.enum(["ok", "unready"]),
  /** Of the program. */
  version: z.string(),
  /** Of the catalog; null when there is none. */
  catalogVersion: z.nullable(z.string()),
  checks: z.array(Check),
});
export type Readiness = Readonly<z.infer<typeof Readiness>>;

/** Asks the ledger of a connection for its health. */
type AskLedger = (connector: string) => Promise<Health>;

/**
 * The last answer of this isolate. The variables belong to it because tests change them; at
 * Cloudflare they stay the same as long as an isolate lives.
 */
let last: {
  readonly variables: string;
  readonly askedAt: number;
  readonly answer: Promise<Readiness>;
} | null = null;

/**
 * Says whether the Worker can accept tickets and comment on them now: settings, catalog, each
 * connector, each ledger. An answer is repeated for ten seconds. Requests that come while the
 * checks run share their answer.
 *
 * @param now Milliseconds since 1970.
 */
export function checkReadiness(env: Env, askLedger: AskLedger, now: number): Promise<Readiness> {
  const variables = Object.entries(env)
    .filter(([, value]) => typeof value === "string")
    .join();
  const isFresh = last !== null && Math.abs(now - last.askedAt) < ANSWER_AGE_MS;
  if (last !== null && isFresh && last.variables === variables) return last.answer;
  const answer = checkAll(env, askLedger);
  last = { variables, askedAt: now, answer };
  return answer;
}

async function checkAll(env: Env, askLedger: AskLedger): Promise<Readiness> {
  let catalogVersion: string | null = null;
  const names = connectedNames(env);
  const checks = await Promise.all([
    check("settings", async () => {
      const { apiTokens } = readSettings(env);
      return apiTokens ? "in order" : "API_TOKENS is not set: the routes for people are off";
    }),
    check("catalog", async () => {
      const { version, trouble } = await openCatalog(env.CATALOG, Date.now());
      catalogVersion = version;
      return trouble === null ? `version ${version}` : `version ${version}; ${trouble}`;
    }),
    ...(await screenshotChecks(env)),
    ...names.map((name) => checkConnector(name, env)),
    ...names.map((name) => checkLedger(name, askLedger)),
  ]);
  const all = names.length > 0 ? checks : [...checks, NOTHING_CONNECTED];
  const status = all.every((each) => each.ok) ? "ok" : "unready";
  return { status, version: VERSION, catalogVersion, checks: all };
}

async function checkConnector(name: string, env: Env): Promise<Check> {
  const result = await check(`connector ${name}`, async () => {
    const connection = connect(name, env);
    const { commentMode, commentVisibility } = readCommentSettings(env);
    if (commentMode === "post") refuseUnsaidPublic(connection, commentVisibility);
    if (commentMode === "tags") refuseTagsMode(name, connection.canLabel);
    return "settings in order";
  });
  // An unknown variable is a leftover or a typing error. The connector works without it.
  return { ...result, detail: [result.detail, ...unknownVariables(name, env)].join("; ") };
}

/** Tells only of a reader that is wanted: most Workers have none. */
async function screenshotChecks(env: Env): Promise<Check[]> {
  const isWanted = await check("", async () =>
    readCommentSettings(env).screenshots ? "on" : "off",
  );
  if (isWanted.detail !== "on") return [];
  return [
    await check("screenshots", async () => {
      if (env.SCREENSHOTS_READER) return "a reader is bound";
      throw new Failure(
        "settings_invalid",
        "SCREENSHOTS is on, and no reader is bound: deploy with --with-screenshots",
      );
    }),
  ];
}

const NOTHING_CONNECTED: Check = {
  name: "connectors",
  ok: false,
  detail: "no ticket system is connected: set the variables of one, such as STANDARD_SECRETS",
};

async function checkLedger(name: string, askLedger: AskLedger): Promise<Check> {
  const result = await check(`ledger ${name}`, async () => problemOf(await askLedger(name)));
  if (!result.ok || result.detail !== "") return { ...result, ok: false };
  return { ...result, detail: "writes" };
}

/** A sentence; empty when the ledger is healthy. */
function problemOf({ paused, pollFailure }: Health) {
  if (paused) return `the circuit breaker is open: ${paused}`;
  return pollFailure ? `the last poll failed: ${pollFailure}` : "";
}

/** Runs one check. Its result becomes the detail; what it throws makes it fail. */
async function check(name: string, run: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, detail: await run() };
  } catch (error) {
    const { code, message } = toFailure(error);
    return { name, ok: false, detail: `${code}: ${message}` };
  }
}
