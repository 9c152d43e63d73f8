import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { benchAccept } from "./bench/accept.ts";
import { benchArrivals } from "./bench/arrivals.ts";
import { benchCost } from "./bench/cost.ts";
import { benchFaults } from "./bench/faults.ts";
import { benchScan } from "./bench/scan.ts";
import { benchScreenshots } from "./bench/screenshots.ts";
import { benchSize } from "./bench/size.ts";
import { type Section, table } from "./bench/table.ts";
import { bundle } from "./local-worker/runtime.ts";

const USAGE = `npm run bench -- [--only PART] [--rounds N] [--seconds N]
  --only     bundle, scan, accept, arrivals, cost, faults, size or screenshots; default: all but
             the last
  --seed     which screenshots are drawn and read (1); they need chromium
  --count    how many of them (300)
  --keep     a folder for those that are not read exactly
  --rounds   how often deliveries are measured; the result shows medians (3)
  --seconds  how many seconds one load takes (4)`;

/** Measures and prints figures as Markdown, all from one run on this machine. */
async function main() {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      seed: { type: "string", default: "1" },
      count: { type: "string", default: "300" },
      keep: { type: "string" },
      rounds: { type: "string", default: "3" },
      seconds: { type: "string", default: "4" },
      help: { type: "boolean", default: false },
    },
  });
  const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
  const [seed, count] = [Number(values.seed), Number(values.count)];
  const standing: Record<string, () => Promise<Section>> = {
    bundle: benchBundle,
    scan: benchScan,
    accept: () => benchAccept({ rounds, seconds }),
    arrivals: () => benchArrivals({ rounds, seconds }),
    cost: benchCost,
    faults: benchFaults,
    size: benchSize,
  };
  const keep = values.keep ?? null;
  const parts: Record<string, () => Promise<Section>> = {
    ...standing,
    screenshots: () => benchScreenshots({ seed, count, keep }),
  };
  const names = values.only === undefined ? Object.keys(standing) : [values.only];
  if (
    values.help ||
    !names.every((name) => Object.hasOwn(parts, name)) ||
    !(rounds * seconds > 0) ||
    !(Number.isInteger(seed) && count > 0)
  ) {
    console.log(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  for (const name of names) {
    const section = await parts[name]?.();
    if (section) console.log(`### ${section.title}\n\n${section.lines.join("\n")}\n`);
  }
}

async function benchBundle(): Promise<Section> {
  const code = await bundle();
  const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`;
  const rows = [
    ["minified", kib(Buffer.byteLength(code))],
    ["gzip", kib(gzipSync(code).length)],
  ];
  return { title: "The bundle", lines: table(["What", "Size"], rows) };
}

await main();
