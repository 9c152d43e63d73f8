import { parseArgs } from "node:util";
import * as z from "zod";
import type { Connection } from "../src/connectors/connection.ts";
import type { SetUpFinding } from "../src/connectors/connector.ts";
import { CONNECTORS, connect, unknownVariables } from "../src/connectors/index.ts";
import { readCommentSettings } from "../src/env.ts";
import { Failure, type FailureCode, toFailure } from "../src/failure.ts";
import { readVariables } from "./local-worker/variables.ts";
import { checkConnector } from "./set-up/settings-check.ts";

const NAMES = CONNECTORS.map(({ name }) => name);

const USAGE = `npm run connect -- NAME [--vars FILE] [--worker URL]
  NAME      the ticket system: ${NAMES.join(", ")}
  --vars    a file of NAME=value lines with the settings of the Worker (.dev.vars)
  --worker  the address of the Worker; it gets a signed test delivery that it ignores`;

/** What to do about a failed request of the ticket system. */
const HINTS: Partial<Record<FailureCode, string>> = {
  ticket_system_answer_invalid:
    "Something else than this ticket system answers there: check the address, and whether a login page stands before it",
  ticket_system_busy: "The ticket system takes no more requests for now: try again later",
  ticket_system_denied:
    "The ticket system rejects the token, or the service user lacks a right: see the page of the ticket system in docs/connect",
  ticket_system_not_found:
    "The ticket system finds nothing at this address, or the account is not paid for: check the address and its path",
  ticket_system_refused: "The ticket system rejects the request: check the address and its path",
  ticket_system_unavailable: "The ticket system does not answer, or is down",
};

const TIMEOUT_MS = 10_000;

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      vars: { type: "string" },
      worker: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const [name, ...rest] = positionals;
  if (values.help) return console.log(USAGE);
  if (name === undefined || rest.length > 0 || !NAMES.includes(name)) throw new Error(USAGE);

  const variables = await readVariables(values.vars);
  const verdicts = [
    await report("settings", async () => findSettingsFaults(name, variables)),
    await report("ticket system", () => checkTicketSystem(name, variables)),
    await report("Worker", () => checkWorker(name, variables, values.worker)),
  ];
  if (verdicts.includes("failed")) process.exitCode = 1;
}

/** Why a check was skipped, or what it found. */
type CheckResult = string | readonly SetUpFinding[];

/** Runs one check and prints its result. A hint does not make it fail. */
async function report(what: string, check: () => Promise<CheckResult>) {
  try {
    const result = await check();
    const found = typeof result === "string" ? [toHint(result)] : result;
    const hasFault = found.some(({ kind }) => kind === "fault");
    if (!hasFault && typeof result !== "string") console.log(`ok  ${what}`);
    for (const { kind, sentence } of found) {
      console.log(`${kind === "fault" ? "no " : "-  "} ${what}: ${sentence}`);
    }
    return hasFault ? "failed" : "passed";
  } catch (error) {
    const { code, message } = toFailure(error);
    const text = code === "unexpected" && error instanceof Error ? error.message : message;
    const hint = HINTS[code];
    console.log(`no  ${what}: ${hint === undefined ? text : `${hint} (${text})`}`);
    return "failed";
  }
}

/** Settings that are missing or wrong, and variables that are no settings. */
function findSettingsFaults(name: string, variables: Variables): SetUpFinding[] {
  const unknown = unknownVariables(name, variables).map(toFault);
  try {
    checkConnector(name, variables);
    return unknown;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, message } = error;
    return [toFault(code === "connector_unknown" ? noneSet(name) : message), ...unknown];
  }
}

function noneSet(name: string) {
  const variables = CONNECTORS.find((each) => each.name === name)?.variables ?? [];
  return `no variable of ${name} is set: ${variables.join(", ")}`;
}

const SKIPPED = "skipped until the settings are right";

async function checkTicketSystem(name: string, variables: Variables): Promise<CheckResult> {
  const connection = tryConnect(name, variables);
  if (connection === null) return SKIPPED;
  if (connection.check === null) return "skipped: it has no request that changes nothing";
  return connection.check(readCommentSettings(variables).commentVisibility);
}

/** Sends the Worker a signed delivery of an event that it ignores. */
async function checkWorker(
  name: string,
  variables: Variables,
  worker: string | undefined,
): Promise<CheckResult> {
  if (worker === undefined) return "skipped; --worker URL sends it a signed test delivery";
  const ping = await tryConnect(name, variables)?.ping(new Date());
  if (ping === undefined) return SKIPPED;
  if (ping === null) return "skipped: with these settings the Worker accepts no deliveries";
  const url = new URL(`/webhooks/${name}`, worker);
  for (const [key, value] of Object.entries(ping.query)) url.searchParams.set(key, value);
  const headers = { "content-type": "application/json", ...ping.headers };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const init = { method: "POST", headers, body: ping.body, redirect: "manual", signal } as const;
  const response = await fetch(url, init).catch(() => null);
  if (response === null) return [toFault(`no answer from ${url.origin}`)];
  return problemsOf(response.status, await response.json().catch(() => null)).map(toFault);
}

const toFault = (sentence: string): SetUpFinding => ({ kind: "fault", sentence });
const toHint = (sentence: string): SetUpFinding => ({ kind: "hint", sentence });

const Answer = z.object({ status: z.string().optional(), error: z.string().optional() });

/** What is wrong, by the Worker's answer to the test delivery. */
function problemsOf(httpStatus: number, body: unknown): string[] {
  const { status, error } = Answer.safeParse(body).data ?? {};
  if (httpStatus === 200 && status === "ignored") return [];
  const known: Readonly<Record<string, string>> = {
    connector_unknown: "the Worker has none of these settings yet: set them there, too",
    settings_invalid: "the settings of the Worker are wrong: its /readyz names them",
    signature_mismatch: "the Worker has another secret than this file",
    signature_missing: "the Worker expects another kind of proof than this file has settings for",
    signature_stale: "the clocks of this machine and of the Worker differ",
  };
  const answer = error ? `${httpStatus} ${error}` : String(httpStatus);
  return [known[error ?? ""] ?? `unexpected answer ${answer}: is this the address of the Worker?`];
}

type Variables = Readonly<Record<string, string>>;

/** Null while the settings are missing or wrong. */
function tryConnect(name: string, variables: Variables): Connection | null {
  try {
    return connect(name, variables);
  } catch {
    return null;
  }
}

await main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
