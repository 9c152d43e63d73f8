import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { catalogFolders } from "./catalog/folders.ts";
import type { KvTarget } from "./catalog/kv-target.ts";
import { type CatalogSource, readCatalog } from "./catalog/read.ts";
import { countRechecks } from "./catalog/recheck-count.ts";
import { remotePlace } from "./catalog/remote-target.ts";
import { type UploadOptions, upload } from "./catalog/upload.ts";
import { writeWorkerConfig } from "./cloudflare/worker-config.ts";
import { readVariables } from "./local-worker/variables.ts";

const USAGE = `npm run catalog -- check [--catalog DIR]…
npm run catalog -- upload [--local DIR | --remote [--name NAME]] [--catalog DIR]… [--dry-run [--worker URL [--vars FILE]]] [--allow-shrink]
  --catalog DIR    a folder of your own, read after catalog/ and catalog.local/; may be repeated
  --local DIR      a state folder on this machine (.wrangler/state when nothing is said)
  --remote         the namespace of the deployed Worker
  --name NAME      a Worker with another name than wrangler.toml has
  --dry-run        show what would change
  --worker URL     the Worker: the dry run says how many of its tickets hold the new codes
  --vars FILE      the file with its API_TOKENS (.dev.vars)
  --allow-shrink   let the catalog lose more than half of its entries, or those of a folder`;

/** How many entries of a kind are named; the rest is counted. */
const MAX_NAMED = 20;

async function main() {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      catalog: { type: "string", multiple: true, default: [] },
      local: { type: "string" },
      remote: { type: "boolean", default: false },
      name: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      worker: { type: "string" },
      vars: { type: "string" },
      "allow-shrink": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const [command, ...rest] = positionals;
  const bothTargets = values.remote && values.local !== undefined;
  const nameAlone = values.name !== undefined && !values.remote;
  const workerAlone = values.worker !== undefined && !values["dry-run"];
  const isKnown = ["check", "upload"].includes(command ?? "");
  if (rest.length > 0 || bothTargets || nameAlone || workerAlone || !isKnown) {
    throw new Error(USAGE);
  }
  const source = await readCatalog(catalogFolders(values.catalog));
  reportSource(source);
  if (command !== "upload") return;

  const options = {
    dryRun: values["dry-run"],
    allowShrink: values["allow-shrink"],
    allowMissingFolders: values["allow-shrink"],
  };
  const run = async (target: KvTarget) => {
    const { added } = await uploadTo(target, source, options);
    if (values.worker !== undefined) await reportRechecks(values.worker, values.vars, added);
  };
  if (values.remote) return run(remotePlace(await writeWorkerConfig({ name: values.name })));
  // The local runtime takes a second to load, and the other commands do not need it.
  const { withLocalPlace } = await import("./catalog/local-target.ts");
  await withLocalPlace(resolve(values.local ?? ".wrangler/state"), run);
}

/** Says how much there is, and what a folder of one's own replaces. */
function reportSource({ topics, folders, overrides }: CatalogSource) {
  const entries = topics.flatMap(({ content }) => Object.keys(content.codes ?? {}));
  console.log(`${entries.length} entries in ${topics.length} topics: no problems`);
  for (const { name, topics } of folders.slice(1)) {
    console.log(`${name}/ adds to or replaces: ${topics.join(", ") || "nothing"}`);
  }
  for (const { topic, what, file } of overrides) {
    console.log(`${file} replaces in the topic ${topic}: ${what}`);
  }
}

async function uploadTo(target: KvTarget, source: CatalogSource, options: UploadOptions) {
  console.log(`to ${target.name}`);
  const report = await upload(source, target, options);
  const { version, added, changed, removed, missingFolders, writes } = report;
  for (const [word, entries] of Object.entries({ added, changed, removed })) {
    const named = entries.slice(0, MAX_NAMED).join(", ");
    const more = entries.length > MAX_NAMED ? `, and ${entries.length - MAX_NAMED} more` : "";
    console.log(`${word}: ${entries.length}${entries.length > 0 ? ` (${named}${more})` : ""}`);
  }
  if (missingFolders.length > 0 && !options.allowMissingFolders) {
    const names = missingFolders.join(", ");
    console.log(`not read now: the folder ${names}; without --catalog DIR this upload would stop`);
  }
  const done = options.dryRun ? "nothing written: a dry run" : `${writes} keys written or deleted`;
  console.log(`version ${version}: ${done}`);
  return report;
}

/** Says how many tickets would be enriched again. */
async function reportRechecks(worker: string, file: string | undefined, added: readonly string[]) {
  const [token] = (await readVariables(file)).API_TOKENS?.split(",") ?? [];
  if (token === undefined) throw new Error("--worker needs API_TOKENS in the file of --vars");
  const { codes, tickets } = await countRechecks(worker, token.trim(), added);
  console.log(
    `to enrich again: ${tickets} tickets of the last 90 days (${codes.length} new codes)`,
  );
  if (tickets > 0) console.log("those within RECHECK_DAYS get their comment edited, oldest first");
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
