import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod";
import { connect, connectedNames } from "../src/connectors/index.ts";
import { catalogFolders } from "./catalog/folders.ts";
import { readCatalog } from "./catalog/read.ts";
import { remotePlace } from "./catalog/remote-target.ts";
import { summarize, upload } from "./catalog/upload.ts";
import {
  CATALOG_BINDING,
  type ConfigChanges,
  type WorkerConfig,
  writeScreenshotsConfig,
  writeWorkerConfig,
} from "./cloudflare/worker-config.ts";
import { CloudflareError, runWranglerOnAccount } from "./cloudflare/wrangler.ts";
import { runScript, type ScriptContext } from "./local-worker/process.ts";
import { readVariables } from "./local-worker/variables.ts";
import { type FailedCheck, waitForCatalog, waitUntilReady } from "./set-up/readiness.ts";
import { findSettingsProblems } from "./set-up/settings-check.ts";

const USAGE = `npm run deploy -- [--vars FILE] [--catalog DIR]… [--name NAME] [--with-screenshots] [--url URL] [--wait SECONDS]
  --vars     a file of NAME=value lines; each becomes a secret of the Worker. Without it the Worker
             keeps the settings that it has
  --catalog  a further folder of the catalog; may be repeated
  --name     the name of the Worker, instead of the one in wrangler.toml
  --with-screenshots  also deploys the Worker that reads screenshots, and binds it (paid plan)
  --url      the address of the Worker, if it has a domain of its own
  --wait     how many seconds to wait until the Worker is ready (180)`;

async function deploy({ signal }: ScriptContext) {
  const { values } = parseArgs({
    options: {
      vars: { type: "string" },
      catalog: { type: "string", multiple: true, default: [] },
      // Cloudflare's own builds may give the Worker another name than wrangler.toml has.
      name: { type: "string", default: process.env.WRANGLER_CI_OVERRIDE_NAME },
      "with-screenshots": { type: "boolean", default: false },
      url: { type: "string" },
      wait: { type: "string", default: "180" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const givenUrl = values.url === undefined ? null : parseUrl(values.url);
  const waitMs = parseSeconds(values.wait) * 1000;

  const withScreenshots = values["with-screenshots"];
  const settings =
    values.vars === undefined ? null : await readCheckedSettings(values.vars, withScreenshots);
  const source = await readCatalog(catalogFolders(values.catalog));

  // First the Worker that is bound: the binding would be refused without it.
  const screenshots = withScreenshots ? await uploadScreenshots(values.name, signal) : undefined;
  const names = { name: values.name, screenshots };
  const { config, targets } = await uploadWorker(names, settings?.variables ?? null, signal);
  console.log(`catalog: ${summarize(await upload(source, remotePlace(config)))}`);
  if (settings !== null) await printOldSecrets(config, settings);
  const url = givenUrl ?? findAddress(targets);
  if (url === null) {
    throw new Error(
      "The Worker is deployed, but has no address at workers.dev. Run this command again with --url https://…",
    );
  }
  if (settings === null) return await printMissing(await waitForCatalog(url, waitMs, signal), url);
  await waitUntilReady(url, waitMs, signal);
  console.log(`\nready: ${url.origin}\n`);
  for (const name of connectedNames(settings.variables)) {
    console.log(await describeNextSteps(name, settings, url));
  }
}

/** The settings of a file, and its name. */
interface SettingsFile {
  readonly file: string;
  readonly variables: Variables;
}

/** @throws {Error} When a setting is missing or wrong. */
async function readCheckedSettings(file: string, withScreenshots: boolean): Promise<SettingsFile> {
  const variables = await readSetVariables(file);
  requireNoProblems(file, [
    ...findSettingsProblems(variables),
    ...findScreenshotsProblem(variables, withScreenshots),
  ]);
  return { file, variables };
}

/** Says which checks of a Worker fail whose settings are not known here. */
function printMissing(failed: readonly FailedCheck[], url: URL) {
  if (failed.length === 0) return console.log(`\nready: ${url.origin}`);
  const lines = failed.map(({ name, detail }) => `  ${name}: ${detail}`);
  console.log(`\ndeployed: ${url.origin}\nStill to do, before it answers tickets:`);
  console.log(`${lines.join("\n")}\nSet variables of the Worker as secrets: docs/settings.md`);
}

/** Reads the settings. An empty one counts as not set, so it is left out. */
async function readSetVariables(file: string) {
  const all = Object.entries(await readVariables(file));
  return Object.fromEntries(all.filter(([, value]) => value !== ""));
}

type Variables = Readonly<Record<string, string>>;

function requireNoProblems(file: string, problems: readonly string[]) {
  if (problems.length === 0) return;
  throw new Error(
    `Nothing was deployed, because ${file} is not complete:\n  ${problems.join("\n  ")}`,
  );
}

/** A deploy without the Worker that reads pictures takes its binding away. */
function findScreenshotsProblem(variables: Variables, isDeployed: boolean) {
  if (variables.SCREENSHOTS !== "on" || isDeployed) return [];
  return ["SCREENSHOTS: on needs --with-screenshots"];
}

/** Deploys the Worker that reads pictures. @returns Its name. */
async function uploadScreenshots(name: string | undefined, signal: AbortSignal) {
  const config = await writeScreenshotsConfig(name);
  await runWranglerOnAccount(["deploy", "--config", config.file], { shown: true, signal });
  return config.name;
}

/** Cloudflare's error code when a KV namespace of that title exists already. */
const NAMESPACE_EXISTS = 10_014;

/**
 * Deploys the Worker with its secrets. Wrangler creates the KV namespace with the first deploy.
 *
 * @param variables Null leaves the secrets as they are.
 * @returns The configuration used, and what wrangler calls targets: addresses and schedules.
 */
async function uploadWorker(
  names: Pick<ConfigChanges, "name" | "screenshots">,
  variables: Variables | null,
  signal: AbortSignal,
) {
  const secrets = await mkdtemp(join(tmpdir(), "hresult-comments-"));
  try {
    const secretsFile = join(secrets, "secrets.json");
    // JSON, because wrangler expands $NAME in files of NAME=value lines.
    await writeFile(secretsFile, JSON.stringify(variables), { mode: 0o600 });
    const ofSecrets = variables === null ? [] : ["--secrets-file", secretsFile];
    const run = async (config: WorkerConfig) => {
      const args = ["deploy", "--config", config.file, ...ofSecrets];
      const { targets } = await runWranglerOnAccount(args, { shown: true, signal });
      return { config, targets };
    };
    const config = await writeWorkerConfig(names);
    try {
      return await run(config);
    } catch (error) {
      if (!(error instanceof CloudflareError) || error.code !== NAMESPACE_EXISTS) throw error;
      // An earlier deploy failed after it created the namespace, or the Worker was deleted.
      const catalogId = await findNamespace(config);
      return await run(await writeWorkerConfig({ ...names, catalogId }));
    }
  } finally {
    await rm(secrets, { recursive: true, force: true });
  }
}

const Namespaces = z.array(z.object({ id: z.string(), title: z.string() }));

/** Finds the id of the KV namespace that wrangler created for a Worker of this name. */
async function findNamespace({ file, name }: WorkerConfig) {
  const title = `${name}-${CATALOG_BINDING.toLowerCase()}`;
  const { stdout } = await runWranglerOnAccount(["kv", "namespace", "list", "--config", file]);
  const namespace = Namespaces.parse(JSON.parse(stdout)).find((each) => each.title === title);
  if (namespace === undefined) throw new Error(`The KV namespace ${title} was not found.`);
  console.log(`The KV namespace ${title} exists already and is used.`);
  return namespace.id;
}

const Secrets = z.array(z.object({ name: z.string() }));

/** Prints the secrets of the Worker that the file no longer names: a deploy deletes none. */
async function printOldSecrets(config: WorkerConfig, { file, variables }: SettingsFile) {
  const list = ["secret", "list", "--config", config.file];
  const { stdout } = await runWranglerOnAccount(list);
  const names = Secrets.parse(JSON.parse(stdout)).map((each) => each.name);
  for (const secret of names.filter((each) => !(each in variables))) {
    console.log(
      `${secret} is still set, although ${file} does not name it. ` +
        `To delete it: npx wrangler secret delete ${secret} --name ${config.name}`,
    );
  }
}

/** The first https address among wrangler's targets; null when there is none. */
function findAddress(targets: readonly string[]) {
  const address = targets.find((each) => each.startsWith("https://"));
  return address === undefined ? null : new URL(address);
}

/** Says what a person still has to do in one ticket system. */
async function describeNextSteps(name: string, { file, variables }: SettingsFile, worker: URL) {
  const ping = await connect(name, variables).ping(new Date());
  const secrets = Object.keys(ping?.query ?? {}).map((key) => `${key}=…`);
  const query = secrets.length > 0 ? `?${secrets.join("&")}` : "";
  const address = `${worker.origin}/webhooks/${name}${query}`;
  const webhook = ping
    ? `let it send new tickets to ${address}`
    : "it needs no webhook, because the Worker polls for new tickets every minute";
  return `${name}: ${webhook}
  how: docs/connect/${name}.md
  then check it: npm run connect -- ${name} --vars ${file} --worker ${worker.origin}`;
}

function parseUrl(text: string) {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new Error(`--url takes an address such as https://codes.example.com, not ${text}.`);
}

function parseSeconds(text: string) {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new Error(`--wait takes a whole number of seconds, not ${JSON.stringify(text)}.`);
}

await runScript(deploy);
