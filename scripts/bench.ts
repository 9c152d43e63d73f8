import { gzipSync } from "node:zlib";
import { benchAccept } from "./bench/accept.ts";
import { benchScan, type Row } from "./bench/scan.ts";
import { bundle } from "./runtime.ts";

/** Prints the figures of the README as a table, all from this one run on this one machine. */
async function main() {
  const code = await bundle();
  const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`;
  print([
    ["bundle, minified", kib(Buffer.byteLength(code)), ""],
    ["bundle, gzip", kib(gzipSync(code).length), ""],
    ...(await benchScan()),
    ...(await benchAccept()),
  ]);
}

function print(rows: readonly Row[]) {
  const lines = [["What", "Figure", "Ratio"], ["---", "---", "---"], ...rows];
  console.log(lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n"));
}

await main();
