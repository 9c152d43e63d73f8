import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { readFolder } from "./folder.ts";
import { type Place, withLocalPlace, wranglerPlace } from "./place.ts";
import { type UploadOptions, upload } from "./upload.ts";

const USAGE = `npm run catalog -- check
npm run catalog -- upload [--local DIR | --remote] [--dry-run] [--allow-shrink]
  --local DIR      a state folder on this machine (.wrangler/state when nothing is said)
  --remote         the deployed Worker's namespace
  --dry-run        show what would change
  --allow-shrink   let the catalog lose more than half of its codes`;

async function main() {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      local: { type: "string" },
      remote: { type: "boolean", default: false },
      "dry-run": { type: "boolean", default: false },
      "allow-shrink": { type: "boolean", default: false },
    },
  });
  const [command, ...rest] = positionals;
  const bothPlaces = values.remote && values.local !== undefined;
  if (rest.length > 0 || bothPlaces || !["check", "upload"].includes(command ?? "")) {
    throw new Error(USAGE);
  }
  const folder = await readFolder();
  const topics = Object.keys(folder.topics).length;
  console.log(`${folder.entries.length} entries in ${topics} topic(s): no problems`);
  if (command !== "upload") return;

  const options = { dryRun: values["dry-run"], allowShrink: values["allow-shrink"] };
  const run = (place: Place) => uploadTo(place, folder, options);
  if (values.remote) await run(wranglerPlace());
  else await withLocalPlace(resolve(values.local ?? ".wrangler/state"), run);
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
