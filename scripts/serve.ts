import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { describeLoad, loadCatalog } from "./catalog/load.ts";
import { parsePort, requireFreePort } from "./local-worker/port.ts";
import { runScript, type ScriptContext } from "./local-worker/process.ts";
import { startWorker } from "./local-worker/runtime.ts";
import { readVariables } from "./local-worker/variables.ts";
import { describeFailed, Readiness } from "./set-up/readiness.ts";

const USAGE = `npm run serve -- --port N --state DIR --vars FILE [--catalog DIR]…
npm run serve -- --health [--port N]
  --port   the port on 127.0.0.1; 0 takes any that is free (8787)
  --state    the folder for tickets and catalog (.wrangler/state)
  --vars     a file of NAME=value lines with the settings (.dev.vars)
  --catalog  a further folder of the catalog; may be repeated
  --poll     seconds between two polls of ticket systems that send no webhook (60)
  --health   ask the one that runs on the port: ends with 0 when it is ready, else with 1 and why`;

const HOUR_MS = 3_600_000;

async function serve({ signal, stopped, onExit }: ScriptContext) {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8787" },
      state: { type: "string", default: ".wrangler/state" },
      vars: { type: "string" },
      catalog: { type: "string", multiple: true, default: [] },
      poll: { type: "string", default: "60" },
      health: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);

  const port = parsePort(values.port, "--port");
  if (values.health) return await reportHealth(port);
  const pollMs = parseSeconds(values.poll) * 1000;
  const state = resolve(values.state);
  const variables = await readVariables(values.vars);
  await requireFreePort(port, "--port");
  const onLog = (line: string) => console.log(withTime(line, new Date()));
  const report = await loadCatalog(state, values.catalog, signal);
  if (report.writes > 0) console.log(`catalog: ${describeLoad(report)}`);
  const worker = await startWorker({ port, state, variables, onLog, signal });
  onExit(worker.stop);
  await wakeLedgers(worker.url);
  console.log(`ready ${worker.url.origin}`);
  const timers = [
    setInterval(() => worker.runScheduled("minute").catch(() => {}), pollMs),
    setInterval(() => worker.runScheduled("hour").catch(() => {}), HOUR_MS),
  ];
  onExit(async () => timers.forEach(clearInterval));
  await stopped;
}

/**
 * Calls `/readyz`, which calls every ledger. A ledger whose process was killed would otherwise wait
 * for its next alarm, up to 20 s; this call starts it at once. Prints a warning for each failed
 * check.
 */
async function wakeLedgers(url: URL) {
  const answer = await fetch(new URL("/readyz", url));
  const { checks } = Readiness.parse(await answer.json());
  for (const { name, detail } of checks.filter((each) => !each.ok)) {
    console.error(`warning: ${name}: ${detail}`);
  }
}

/** Adds the time to an event. A line of the runtime is no event, and stays as it is. */
function withTime(line: string, now: Date) {
  const isEvent = line.startsWith('{"event":');
  return isEvent ? `{"time":"${now.toISOString()}",${line.slice(1)}` : line;
}

/** How long a health check waits for an answer, in milliseconds. */
const HEALTH_TIMEOUT_MS = 10_000;

/** @throws {Error} When it does not answer, or is not ready. The message says why. */
async function reportHealth(port: number) {
  const url = new URL(`http://127.0.0.1:${port}/readyz`);
  const answer = await fetch(url, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) }).catch(() => {
    throw new Error(`Nothing answers at ${url.origin}.`);
  });
  const readiness = Readiness.parse(await answer.json());
  const problems = describeFailed(readiness);
  if (problems !== "") throw new Error(problems);
  console.log(`ready ${url.origin}`);
}

function parseSeconds(text: string) {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds > 0) return seconds;
  throw new Error(
    `--poll takes a whole number of seconds, such as 60, not ${JSON.stringify(text)}.`,
  );
}

await runScript(serve);
