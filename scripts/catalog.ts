import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Place } from "./catalog/kv-target.ts";
import { readFolder } from "./catalog/read.ts";
import { remotePlace } from "./catalog/remote-target.ts";
import { type UploadOptions, upload } from "./catalog/upload.ts";
import { writeWorkerConfig } from "./cloudflare/worker-config.ts";

const USAGE = `npm run catalog -- check
npm run catalog -- upload [--local DIR | --remote [--name NAME]] [--dry-run] [--allow-shrink]
  --local DIR      a state folder on this machine (.wrangler/state when nothing is said)
  --remote         the namespace of the deployed Worker
  --name NAME      a Worker with another name than wrangler.toml has
  --dry-run        show what would change
  --allow-shrink   let the catalog lose more than half of its codes`;

async function main() {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      local: { type: "string" },
      remote: { type: "boolean", default: false },
      name: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      "allow-shrink": { type: "boolean", default: false },
    },
  });
  const [command, ...rest] = positionals;
  const bothPlaces = values.remote && values.local !== undefined;
  const nameAlone = values.name !== undefined && !values.remote;
  if (rest.length > 0 || bothPlaces || nameAlone || !["check", "upload"].includes(command ?? "")) {
    throw new Error(USAGE);
  }
  const folder = await readFolder();
  const topics = Object.keys(folder.topics).length;
  console.log(`${folder.entries.length} entries in ${topics} topic(s): no problems`);
  if (command !== "upload") return;

  const options = { dryRun: values["dry-run"], allowShrink: values["allow-shrink"] };
  const run = (place: Place) => uploadTo(place, folder, options);
  if (values.remote) return run(remotePlace(await writeWorkerConfig({ name: values.name })));
  // The local runtime takes a second to load, and the other commands do not need it.
  const { withLocalPlace } = await import("./catalog/local-target.ts");
  await withLocalPlace(resolve(values.local ?? ".wrangler/state"), run);
}

async function uploadTo(
  place: Place,
  folder: Awaited<ReturnType<typeof readFolder>>,
  options: UploadOptions,
) {
  console.log(`to ${place.name}`);
  const { version, added, changed, removed, writes } = await upload(folder, place, options);
  for (const [word, codes] of Object.entries({ added, changed, removed })) {
    console.log(`${word}: ${codes.length}${codes.length > 0 ? ` (${codes.join(" ")})` : ""}`);
  }
  const done = options.dryRun ? "nothing written: a dry run" : `${writes} keys written or deleted`;
  console.log(`version ${version}: ${done}`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
