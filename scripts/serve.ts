import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs, parseEnv } from "node:util";
import * as z from "zod";
import { loadCatalog } from "./load-catalog.ts";
import { readPort } from "./port.ts";
import { type Program, runProgram } from "./program.ts";
import { startWorker } from "./runtime.ts";

const USAGE = `npm run serve -- --port N --state DIR --vars FILE
  --port   the port on 127.0.0.1; 0 takes any that is free (8787)
  --state  where tickets and catalog are kept (.wrangler/state)
  --vars   a file with NAME=value lines (.dev.vars)`;

const DEFAULT_VARIABLES = ".dev.vars";

async function serve({ signal, stopped, onEnd }: Program) {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8787" },
      state: { type: "string", default: ".wrangler/state" },
      vars: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);

  const port = readPort(values.port, "--port");
  const state = resolve(values.state);
  const variables = await readVariables(values.vars);
  const onLog = (line: string) => console.log(line);
  const worker = await startWorker({ port, state, variables, onLog, signal });
  onEnd(worker.stop);
  await loadCatalog(worker, state);
  await wakeLedgers(worker.url);
  console.log(`ready ${worker.url.origin}`);
  await stopped;
}

const Readiness = z.object({
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});

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

async function readVariables(file: string | undefined): Promise<Record<string, string>> {
  try {
    const text = await readFile(file ?? DEFAULT_VARIABLES, "utf8");
    return Object.fromEntries(Object.entries(parseEnv(text)).map(([k, v]) => [k, v ?? ""]));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "unreadable";
    if (file === undefined && code === "ENOENT") return {};
    const name = file === undefined ? DEFAULT_VARIABLES : `--vars ${file}`;
    throw new Error(`Cannot read the variables from ${name} (${code}).`);
  }
}

await runProgram(serve);
