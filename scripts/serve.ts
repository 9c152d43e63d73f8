import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadCatalog } from "./catalog/load.ts";
import { summarize } from "./catalog/upload.ts";
import { readPort } from "./local-worker/port.ts";
import { type Program, runProgram } from "./local-worker/program.ts";
import { startWorker } from "./local-worker/runtime.ts";
import { readVariables } from "./local-worker/variables.ts";
import { Readiness } from "./set-up/readiness.ts";

const USAGE = `npm run serve -- --port N --state DIR --vars FILE
  --port   the port on 127.0.0.1; 0 takes any that is free (8787)
  --state  where tickets and catalog are kept (.wrangler/state)
  --vars   a file with NAME=value lines (.dev.vars)
  --poll   how often new tickets are looked for where no webhook tells of them, in seconds (60)`;

const HOUR_MS = 3_600_000;

async function serve({ signal, stopped, onEnd }: Program) {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8787" },
      state: { type: "string", default: ".wrangler/state" },
      vars: { type: "string" },
      poll: { type: "string", default: "60" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);

  const port = readPort(values.port, "--port");
  const pollMs = readSeconds(values.poll) * 1000;
  const state = resolve(values.state);
  const variables = await readVariables(values.vars);
  const onLog = (line: string) => console.log(line);
  const report = await loadCatalog(state, signal);
  if (report.before !== null && report.writes > 0) console.log(`catalog: ${summarize(report)}`);
  const worker = await startWorker({ port, state, variables, onLog, signal });
  onEnd(worker.stop);
  await wakeLedgers(worker.url);
  console.log(`ready ${worker.url.origin}`);
  const timers = [
    setInterval(() => worker.tick("minute").catch(() => {}), pollMs),
    setInterval(() => worker.tick("hour").catch(() => {}), HOUR_MS),
  ];
  onEnd(async () => timers.forEach(clearInterval));
  await stopped;
}

/**
 * Asks every ledger how it is. A ledger that was killed at work sleeps until the alarm it had set
 * for that case; asked, it goes on at once.
 */
async function wakeLedgers(url: URL) {
  const answer = await fetch(new URL("/readyz", url));
  const { checks } = Readiness.parse(await answer.json());
  for (const { name, detail } of checks.filter((each) => !each.ok)) {
    console.error(`warning: ${name}: ${detail}`);
  }
}

function readSeconds(text: string) {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds > 0) return seconds;
  throw new Error(`--poll ${text}: a whole number of seconds, such as 60`);
}

await runProgram(serve);
