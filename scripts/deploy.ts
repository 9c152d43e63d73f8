import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod";
import { connect, connectedNames } from "../src/connectors/index.ts";
import { readFolder } from "./catalog/read.ts";
import { remotePlace } from "./catalog/remote-target.ts";
import { summarize, upload } from "./catalog/upload.ts";
import {
  CATALOG_BINDING,
  type WorkerConfig,
  writeWorkerConfig,
} from "./cloudflare/worker-config.ts";
import { CloudflareError, wranglerOnAccount } from "./cloudflare/wrangler.ts";
import { type Program, runProgram } from "./local-worker/program.ts";
import { readVariables } from "./local-worker/variables.ts";
import { untilReady } from "./set-up/readiness.ts";
import { findSettingsProblems } from "./set-up/settings-check.ts";

const USAGE = `npm run deploy -- --vars FILE [--name NAME] [--url URL] [--wait SECONDS]
  --vars   a file with NAME=value lines; each becomes a secret of the Worker
  --name   another name than wrangler.toml has, for a second Worker
  --url    where the Worker answers, if it has a domain of its own
  --wait   how long to wait until the Worker is ready, in seconds (180)`;

async function deploy({ signal }: Program) {
  const { values } = parseArgs({
    options: {
      vars: { type: "string" },
      name: { type: "string" },
      url: { type: "string" },
      wait: { type: "string", default: "180" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  if (values.vars === undefined) throw new Error(USAGE);
  const givenUrl = values.url === undefined ? null : readUrl(values.url);
  const waitMs = readSeconds(values.wait) * 1000;

  const variables = await readSetVariables(values.vars);
  refuseProblems(values.vars, findSettingsProblems(variables));
  const folder = await readFolder();

  const { config, targets } = await uploadWorker(values.name, variables, signal);
  console.log(`catalog: ${summarize(await upload(folder, remotePlace(config)))}`);
  await tellForgotten(values.vars, config, variables);
  const url = givenUrl ?? addressAmong(targets);
  if (url === null) {
    throw new Error(
      "The Worker is deployed and has no address at workers.dev. Run this again with --url https://…",
    );
  }
  await untilReady(url, waitMs, signal);
  console.log(`\nready: ${url.origin}\n`);
  for (const name of connectedNames(variables)) {
    console.log(await stepsFor(name, variables, values.vars, url));
  }
}

/** A variable that is set to nothing counts as not set. */
async function readSetVariables(file: string) {
  const all = Object.entries(await readVariables(file));
  return Object.fromEntries(all.filter(([, value]) => value !== ""));
}

type Variables = Readonly<Record<string, string>>;

function refuseProblems(file: string, problems: readonly string[]) {
  if (problems.length === 0) return;
  throw new Error(
    `Nothing was deployed, since ${file} is not complete:\n  ${problems.join("\n  ")}`,
  );
}

/** The API's number for a KV namespace whose title is taken. */
const NAMESPACE_EXISTS = 10_014;

/** Deploys the Worker with its secrets. Wrangler creates the KV namespace with the first version. */
async function uploadWorker(name: string | undefined, variables: Variables, signal: AbortSignal) {
  const secrets = await mkdtemp(join(tmpdir(), "hresult-comments-"));
  try {
    const secretsFile = join(secrets, "secrets.json");
    // JSON, since wrangler replaces $NAME in files of NAME=value lines.
    await writeFile(secretsFile, JSON.stringify(variables), { mode: 0o600 });
    const run = async (config: WorkerConfig) => {
      const args = ["deploy", "--config", config.file, "--secrets-file", secretsFile];
      const { targets } = await wranglerOnAccount(args, { shown: true, signal });
      return { config, targets };
    };
    const config = await writeWorkerConfig({ name });
    try {
      return await run(config);
    } catch (error) {
      if (!(error instanceof CloudflareError) || error.code !== NAMESPACE_EXISTS) throw error;
      // A deploy broke off between the namespace and the Worker, or the Worker was deleted.
      const catalogId = await findNamespace(config);
      return await run(await writeWorkerConfig({ name, catalogId }));
    }
  } finally {
    await rm(secrets, { recursive: true, force: true });
  }
}

const Namespaces = z.array(z.object({ id: z.string(), title: z.string() }));

/** Finds the namespace that wrangler once created for a Worker of this name. */
async function findNamespace({ file, name }: WorkerConfig) {
  const title = `${name}-${CATALOG_BINDING.toLowerCase()}`;
  const { stdout } = await wranglerOnAccount(["kv", "namespace", "list", "--config", file]);
  const namespace = Namespaces.parse(JSON.parse(stdout)).find((each) => each.title === title);
  if (namespace === undefined) throw new Error(`The KV namespace ${title} cannot be found.`);
  console.log(`The KV namespace ${title} is there already, and is used.`);
  return namespace.id;
}

const Secrets = z.array(z.object({ name: z.string() }));

/** A deploy deletes no secret, so one that was taken out of the file is still in force. */
async function tellForgotten(varsFile: string, { file, name }: WorkerConfig, variables: Variables) {
  const { stdout } = await wranglerOnAccount(["secret", "list", "--config", file]);
  const names = Secrets.parse(JSON.parse(stdout)).map((each) => each.name);
  for (const secret of names.filter((each) => !(each in variables))) {
    console.log(
      `${secret} is still set, though ${varsFile} does not name it. ` +
        `To delete it: npx wrangler secret delete ${secret} --name ${name}`,
    );
  }
}

/** The first address among what leads to the Worker; null when there is none. */
function addressAmong(targets: readonly string[]) {
  const address = targets.find((each) => each.startsWith("https://"));
  return address === undefined ? null : new URL(address);
}

/** What a person has to do in the ticket system. */
async function stepsFor(name: string, variables: Variables, file: string, worker: URL) {
  const ping = await connect(name, variables).ping(new Date());
  const secrets = Object.keys(ping?.query ?? {}).map((key) => `${key}=…`);
  const query = secrets.length > 0 ? `?${secrets.join("&")}` : "";
  const address = `${worker.origin}/webhooks/${name}${query}`;
  const webhook = ping
    ? `let it send new tickets to ${address}`
    : "it needs no webhook, since the Worker looks for new tickets every minute";
  return `${name}: ${webhook}
  how: docs/connect/${name}.md
  then check it: npm run connect -- ${name} --vars ${file} --worker ${worker.origin}`;
}

function readUrl(text: string) {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new Error(`--url takes an address such as https://codes.example.com, not ${text}.`);
}

function readSeconds(text: string) {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new Error(`--wait takes a whole number of seconds, not ${JSON.stringify(text)}.`);
}

await runProgram(deploy);
