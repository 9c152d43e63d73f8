import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { arrayBuffer } from "node:stream/consumers";
import { parseArgs } from "node:util";
import * as z from "zod";
import { type DryRun, dryRun } from "../src/enrichment/dry-run.ts";
import { scanPicture } from "../src/enrichment/scan-picture.ts";
import { readCommentSettings } from "../src/env.ts";
import { pictureKind } from "../src/picture.ts";
import { Format } from "../src/ticket.ts";
import { catalogOf } from "./catalog/build.ts";
import { catalogFolders } from "./catalog/folders.ts";
import { readCatalog } from "./catalog/read.ts";
import { cannotRead } from "./read-error.ts";
import { openNodeReader } from "./screenshots/node-reader.ts";

const USAGE = `npm run scan -- [FILE…]          scans texts and screenshots, or standard input
  --format text|html|markdown   how the text is marked up (text)
  --ignored                     also what only looks like a code, and why
  --explain                     the rule that decided, also for what only looks like a code
  --comment                     also the comment that the Worker would post
  --locale TAG                  the language of the comment, such as ja
  --catalog DIR                 a further folder of the catalog; may be repeated
  --jsonl                       each line {"id","text"} gives a line {"id","codes"}
  --json                        each line {"id","text","locale"?} gives a line with the whole dry run`;

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      format: { type: "string", default: "text" },
      ignored: { type: "boolean", default: false },
      explain: { type: "boolean", default: false },
      comment: { type: "boolean", default: false },
      locale: { type: "string" },
      catalog: { type: "string", multiple: true, default: [] },
      jsonl: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const format = Format.safeParse(values.format).data;
  if (format) return { ...values, format, files: positionals };
  throw new Error(`--format takes ${Format.options.join(", ")}, not ${values.format}.`);
}
type Arguments = ReturnType<typeof readArguments>;

async function main() {
  const asked = readArguments();
  if (asked.help) return console.log(USAGE);
  const catalog = await catalogOf(await readCatalog(catalogFolders(asked.catalog)));
  const settings = readCommentSettings({});
  const run = (body: string, locale = asked.locale) => {
    const request = { subject: null, body, format: asked.format, locale };
    return dryRun(request, catalog, settings, Number.POSITIVE_INFINITY);
  };
  const files = asked.files.length > 0 ? await readFiles(asked.files) : [await readInput()];
  const reader = openNodeReader();
  let count = 0;
  for (const { name, bytes } of files) {
    if (pictureKind(bytes) !== null) {
      const picture = { name: basename(name), bytes, locale: asked.locale };
      const found = await scanPicture(picture, reader, catalog, settings);
      count += found.codes.length;
      reportPicture(name, found, asked);
      continue;
    }
    const content = decode(bytes);
    if (asked.json || asked.jsonl) {
      await scanLines({ name, content }, run, asked.json);
      continue;
    }
    const found = await run(content);
    count += found.codes.length;
    report(name, content, found, asked);
  }
  if (count === 0 && !asked.json && !asked.jsonl) console.error("no codes found");
}

function readFiles(names: readonly string[]) {
  return Promise.all(names.map(async (name) => ({ name, bytes: await readBytes(name) })));
}

async function readBytes(name: string) {
  try {
    return new Uint8Array(await readFile(name));
  } catch (error) {
    throw new Error(`${cannotRead(name, error)} Nothing was scanned.`);
  }
}

const STANDARD_INPUT = "-";

async function readInput() {
  return { name: STANDARD_INPUT, bytes: new Uint8Array(await arrayBuffer(process.stdin)) };
}

/** A place in a picture has no line and column. */
function reportPicture(
  name: string,
  { codes, comment, picture }: Awaited<ReturnType<typeof scanPicture>>,
  asked: Arguments,
) {
  if (picture.unread !== null) console.error(`${name}: not read (${picture.unread})`);
  for (const { code, status } of codes) console.log(`${name}\t${code}\tscreenshot\t${status}`);
  if (asked.comment && comment) console.log(`\n${comment.text}\n`);
}

/** Reads UTF-8, and UTF-16 with or without a byte order mark, as Windows writes many logs. */
function decode(bytes: Uint8Array) {
  const [first, second] = bytes;
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  const isWide = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
  return new TextDecoder(isWide ? "utf-16le" : "utf-8").decode(bytes);
}

const JsonLine = z.object({
  id: z.union([z.string(), z.number()]),
  text: z.string(),
  locale: z.string().nullish(),
});

type Run = (text: string, locale?: string) => Promise<DryRun>;

/** Scans each line, and prints its answer. A line of another form is named, and the exit code is 1. */
async function scanLines(
  { name, content }: { name: string; content: string },
  run: Run,
  isWhole: boolean,
) {
  const file = name === STANDARD_INPUT ? "" : `${name}: `;
  for (const [index, line] of content.split("\n").entries()) {
    if (line.trim() === "") continue;
    const read = JsonLine.safeParse(tryParse(line));
    if (!read.success) {
      console.error(`${file}line ${index + 1}: ${describeProblem(read.error)}`);
      process.exitCode = 1;
      continue;
    }
    const { id, text, locale } = read.data;
    const found = await run(text, locale ?? undefined);
    const codes = found.codes.map((each) => each.code);
    console.log(JSON.stringify(isWhole ? { id, ...found } : { id, codes }));
  }
}

/** Undefined when the line is not JSON. */
function tryParse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function describeProblem({ issues }: z.ZodError) {
  const [{ path, message } = { path: [], message: "" }] = issues;
  const problem = path.length === 0 ? "no JSON object" : `${path.join(".")}: ${message}`;
  return `not of the form {"id": …, "text": "…"}: ${problem}`;
}

function report(name: string, content: string, found: DryRun, asked: Arguments) {
  const { codes, ignored, comment } = found;
  const at = lineFinder(content);
  const by = (rule: string) => (asked.explain ? `\t${rule}` : "");
  for (const { code, notation, start, status, rule } of codes) {
    console.log(`${name}:${at(start)}\t${code}\t${notation}\t${status}${by(rule)}`);
  }
  const rejected = asked.ignored || asked.explain ? ignored : [];
  for (const { notation, start, end, reason, rule, ...rest } of rejected) {
    const hint = "suggestion" in rest ? `; perhaps ${rest.suggestion}` : "";
    const literal = content.slice(start, end);
    console.log(`${name}:${at(start)}\t${literal}\t${notation}\t${reason}${hint}${by(rule)}`);
  }
  if (asked.comment && comment) console.log(`\n${comment.text}\n`);
}

/** Gives line and column of places which come in any order. */
function lineFinder(content: string) {
  const starts = [0];
  for (let at = content.indexOf("\n"); at >= 0; at = content.indexOf("\n", at + 1)) {
    starts.push(at + 1);
  }
  return (place: number) => {
    const line = starts.findLastIndex((start) => start <= place);
    return `${line + 1}:${place - (starts[line] ?? 0) + 1}`;
  };
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
