import { parseArgs } from "node:util";
import * as z from "zod";
import type { Connection } from "../src/connectors/connection.ts";
import { CONNECTORS, connect } from "../src/connectors/index.ts";
import { readSettings } from "../src/env.ts";
import { type FailureCode, toFailure } from "../src/failure.ts";
import { readVariables } from "./local-worker/variables.ts";
import { checkConnector } from "./set-up/settings-check.ts";

const NAMES = CONNECTORS.map(({ name }) => name);

const USAGE = `npm run connect -- NAME [--vars FILE] [--worker URL]
  NAME      the ticket system: ${NAMES.join(", ")}
  --vars    a file with NAME=value lines, as the Worker has them (.dev.vars)
  --worker  where the Worker is; it is sent a signed delivery that leads to nothing`;

/** What a failed call most likely means, for whoever sets a ticket system up. */
const MEANINGS: Partial<Record<FailureCode, string>> = {
  settings_invalid: "A setting is missing or wrong",
  ticket_system_answer_invalid:
    "What stands at that address answers, but not as this ticket system does: is the address right, without a login page before it",
  ticket_system_busy: "The ticket system takes no more calls for now: try again later",
  ticket_system_denied:
    "The ticket system refuses the token, or the service user lacks a right: see its page in docs/connect",
  ticket_system_not_found:
    "Nothing is found there, or the account is not paid for: is the address right, with its path",
  ticket_system_refused:
    "The ticket system does not take what it is asked: is the address right, with its path",
  ticket_system_unavailable: "Nobody answers there: is the address right, and the system up",
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
  const outcomes = [
    await tell("settings", async () => {
      checkConnector(name, variables);
      return [];
    }),
    await tell("ticket system", () => askTicketSystem(name, variables)),
    await tell("Worker", () => sendPing(name, variables, values.worker)),
  ];
  if (outcomes.includes("wrong")) process.exitCode = 1;
}

/** Prints what is missing, or that all is well; what was left out is no fault. */
async function tell(what: string, run: () => Promise<string | readonly string[]>) {
  try {
    const found = await run();
    if (typeof found === "string") console.log(`-   ${what}: ${found}`);
    else if (found.length === 0) console.log(`ok  ${what}`);
    else console.log(found.map((each) => `no  ${what}: ${each}`).join("\n"));
    return typeof found !== "string" && found.length > 0 ? "wrong" : "right";
  } catch (error) {
    const { code, message } = toFailure(error);
    const text = code === "unexpected" && error instanceof Error ? error.message : message;
    console.log(`no  ${what}: ${[MEANINGS[code], text].filter(Boolean).join(": ")}`);
    return "wrong";
  }
}

async function askTicketSystem(name: string, variables: Variables) {
  const connection = connected(name, variables);
  if (connection === null) return LEFT_OUT;
  if (connection.check === null) return "left out: it has nothing harmless to be asked";
  return connection.check(readSettings(variables).commentVisibility);
}

async function sendPing(name: string, variables: Variables, worker: string | undefined) {
  if (worker === undefined) return "left out; --worker URL sends it a signed delivery";
  const ping = await connected(name, variables)?.ping(new Date());
  if (ping === undefined) return LEFT_OUT;
  if (ping === null) return "left out: these settings take no deliveries";
  const url = new URL(`/webhooks/${name}`, worker);
  for (const [key, value] of Object.entries(ping.query)) url.searchParams.set(key, value);
  const headers = { "content-type": "application/json", ...ping.headers };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const init = { method: "POST", headers, body: ping.body, redirect: "manual", signal } as const;
  const response = await fetch(url, init).catch(() => null);
  if (response === null) return [`nobody answers at ${url.origin}`];
  return complaintsOf(response.status, await response.json().catch(() => null));
}

const Answered = z.object({ status: z.string().optional(), error: z.string().optional() });

/** What the Worker's answer to a delivery tells. */
function complaintsOf(status: number, body: unknown): string[] {
  const { status: said, error } = Answered.safeParse(body).data ?? {};
  if (status === 200 && said === "ignored") return [];
  const known: Readonly<Record<string, string>> = {
    connector_unknown: "the Worker has none of these settings yet: set them there, too",
    settings_invalid: "the Worker's settings are wrong: its /readyz names them",
    signature_mismatch: "the Worker has another secret than this file",
    signature_missing: "the Worker takes deliveries with another proof than this file",
    signature_stale: "the clocks of this machine and the Worker differ",
  };
  return [
    known[error ?? ""] ??
      `it answered ${status}${error ? ` ${error}` : ", and is no Worker of ours"}`,
  ];
}

type Variables = Readonly<Record<string, string>>;

const LEFT_OUT = "left out until the settings are right";

function connected(name: string, variables: Variables): Connection | null {
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
