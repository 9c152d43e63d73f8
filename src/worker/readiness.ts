import { openCatalog } from "../catalog/store.ts";
import { refuseUnsaidPublic } from "../connectors/deliver-comment.ts";
import { connect, connectedNames } from "../connectors/index.ts";
import { type Env, readSettings } from "../env.ts";
import { toFailure } from "../failure.ts";
import type { Health } from "../ledger/ledger.ts";

/** How long an answer stands, so that many requests wake no ledger more often. */
const ANSWER_AGE_MS = 10_000;

interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** Names variables and failures, never values. */
  readonly detail: string;
}

interface Readiness {
  readonly status: "ok" | "unready";
  readonly checks: readonly Check[];
}

type AskLedger = (connector: string) => Promise<Health>;

/** What this isolate answered last. Settings do not change while it runs, but for those of a test. */
let last: {
  readonly variables: string;
  readonly askedAt: number;
  readonly answer: Promise<Readiness>;
} | null = null;

/**
 * Whether tickets that come in now can be accepted and answered. The answer is remembered for
 * `ANSWER_AGE_MS`; requests that come meanwhile share it, and wait for the one that asks.
 *
 * @param now Milliseconds since 1970.
 */
export function readiness(env: Env, askLedger: AskLedger, now: number): Promise<Readiness> {
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
  const names = connectedNames(env);
  const checks = await Promise.all([
    check("settings", async () => {
      const { apiTokens } = readSettings(env);
      return apiTokens ? "in order" : "API_TOKENS is not set: the routes for people are off";
    }),
    check("catalog", async () => {
      const { version, trouble } = await openCatalog(env.CATALOG, Date.now());
      return trouble === null ? `version ${version}` : `version ${version}; ${trouble}`;
    }),
    ...names.map((name) =>
      check(`connector ${name}`, async () => {
        refuseUnsaidPublic(connect(name, env), readSettings(env).commentVisibility);
        return "settings in order";
      }),
    ),
    ...names.map((name) => checkLedger(name, askLedger)),
  ]);
  const all = names.length > 0 ? checks : [...checks, NOTHING_CONNECTED];
  return { status: all.every((each) => each.ok) ? "ok" : "unready", checks: all };
}

const NOTHING_CONNECTED: Check = {
  name: "connectors",
  ok: false,
  detail: "no ticket system is connected: set the variables of one, such as STANDARD_SECRETS",
};

async function checkLedger(name: string, askLedger: AskLedger): Promise<Check> {
  const result = await check(`ledger ${name}`, async () => complaintOf(await askLedger(name)));
  if (!result.ok || result.detail !== "") return { ...result, ok: false };
  return { ...result, detail: "writes" };
}

function complaintOf({ paused, pollFailure }: Health) {
  if (paused) return `paused, since the ticket system answers badly: ${paused}`;
  return pollFailure ? `the look for new tickets failed: ${pollFailure}` : "";
}

async function check(name: string, run: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, detail: await run() };
  } catch (error) {
    const { code, message } = toFailure(error);
    return { name, ok: false, detail: `${code}: ${message}` };
  }
}
