import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs, parseEnv } from "node:util";
import { readFolder } from "../catalog/folder.ts";
import { openPlace } from "../catalog/place.ts";
import { upload } from "../catalog/upload.ts";
import { startWorker } from "./runtime.ts";

const USAGE = `npm run serve -- --port N --state DIR --vars FILE
  --port   the port on 127.0.0.1 (8787)
  --state  where tickets and catalog are kept (.wrangler/state)
  --vars   a file with NAME=value lines (.dev.vars)`;

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8787" },
    state: { type: "string", default: ".wrangler/state" },
    vars: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log(USAGE);
} else {
  await serve(Number(values.port), resolve(values.state), await readVariables(values.vars));
}

async function serve(port: number, state: string, variables: Record<string, string>) {
  const worker = await startWorker({ port, state, variables, onLog: (line) => console.log(line) });
  const stop = () => worker.stop().then(() => process.exit(0));
  process.once("SIGTERM", stop).once("SIGINT", stop);
  if ((await worker.catalog.get("manifest")) === null) {
    await upload(await readFolder(), openPlace(worker.catalog, state));
  }
  console.log(`ready ${worker.url.origin}`);
}

async function readVariables(file: string | undefined): Promise<Record<string, string>> {
  try {
    const text = await readFile(file ?? ".dev.vars", "utf8");
    return Object.fromEntries(Object.entries(parseEnv(text)).map(([k, v]) => [k, v ?? ""]));
  } catch (error) {
    if (file === undefined) return {};
    throw error;
  }
}
