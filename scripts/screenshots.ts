import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { scanPicture } from "../src/enrichment/scan-picture.ts";
import { readCommentSettings } from "../src/env.ts";
import { catalogOf } from "./catalog/build.ts";
import { catalogFolders } from "./catalog/folders.ts";
import { readCatalog } from "./catalog/read.ts";
import { openNodeReader } from "./screenshots/node-reader.ts";
import { judge, tally, type Verdict } from "./screenshots/score.ts";

const USAGE = `npm run screenshots -- FOLDER [--truth FILE] [--catalog DIR]…
  FOLDER     its PNG and JPEG files are read, on this machine
  --truth    a file of lines NAME,CODE,CODE…: the codes that are in each picture; may be none
  --catalog  a further folder of the catalog; may be repeated`;

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      truth: { type: "string" },
      catalog: { type: "string", multiple: true, default: [] },
      help: { type: "boolean", default: false },
    },
  });
  const [folder] = positionals;
  if (values.help || folder === undefined) return console.log(USAGE);
  const truth = values.truth === undefined ? null : await readTruth(values.truth);
  const catalog = await catalogOf(await readCatalog(catalogFolders(values.catalog)));
  const settings = readCommentSettings({});
  const reader = openNodeReader();
  const verdicts: Verdict[] = [];
  let pictures = 0;
  for (const name of await picturesIn(folder)) {
    const bytes = await readFile(join(folder, name));
    const { codes, picture } = await scanPicture({ name, bytes }, reader, catalog, settings);
    const found = codes.map(({ code }) => code);
    const read = found.join(" ") || (picture.unread ?? "no code");
    const expected = truth?.get(name);
    const verdict = expected && judge(found, expected);
    if (verdict) verdicts.push(verdict);
    pictures++;
    console.log([name, read, ...verdictColumns(verdict, expected)].join("\t"));
  }
  console.log(`\n${pictures} pictures`);
  if (truth === null) return;
  const { exact, silent, wrong } = tally(verdicts);
  console.log(`${verdicts.length} with a truth: ${exact} exact, ${silent} silent, ${wrong} wrong`);
}

function verdictColumns(verdict: Verdict | undefined, expected: readonly string[] | undefined) {
  if (verdict === undefined) return [];
  return verdict === "exact" ? [verdict] : [verdict, `in it: ${expected?.join(" ") || "no code"}`];
}

async function picturesIn(folder: string) {
  const names = await readdir(folder);
  return names.filter((name) => /\.(?:png|jpe?g)$/i.test(name)).sort();
}

const CODE = /^(?:0x)?([89a-f][0-9a-f]{7})$/i;

/** Reads lines such as `picture.png,0x80070005`. Spreadsheets write them as CSV. */
async function readTruth(file: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const lines = (await readFile(file, "utf8")).split(/\r?\n/);
  const entries = lines.flatMap((line, index) => {
    if (line.trim() === "") return [];
    const [name = "", ...codes] = line.split(",").map((field) => field.trim());
    return [
      [basename(name), codes.filter(Boolean).map((code) => toCode(code, index + 1))] as const,
    ];
  });
  return new Map(entries);
}

function toCode(text: string, line: number) {
  const [, digits] = CODE.exec(text) ?? [];
  if (digits === undefined) throw new Error(`line ${line}: ${text} is no code such as 0x80070005.`);
  return `0x${digits.toUpperCase()}`;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
