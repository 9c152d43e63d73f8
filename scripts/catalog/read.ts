import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import * as z from "zod";
import { Entry, Steps, Topic } from "../../src/catalog/entry.ts";
import { scan } from "../../src/scanner/scan.ts";
import { readSymbolTables, type SymbolTables } from "./symbol-tables.ts";

/** Everything under `catalog/`, checked. */
export interface Folder {
  readonly topics: Readonly<Record<string, Topic>>;
  readonly steps: Readonly<Record<string, Steps>>;
  readonly entries: readonly (Entry & { readonly topic: string })[];
  readonly tables: SymbolTables;
}

const ENTRY_FILE = /^0x[0-9A-Fa-f]*\.json$/;

/**
 * Reads and checks every topic, step and entry.
 *
 * @throws {Error} With file, line, field and reason of every problem.
 */
export async function readFolder(
  root = join(import.meta.dirname, "../../catalog"),
): Promise<Folder> {
  const problems: string[] = [];
  const topics: Record<string, Topic> = {};
  const steps: Record<string, Steps> = {};
  const entries: (Entry & { topic: string })[] = [];
  const sources = new Map<string, string>();

  for (const topic of await topicNames(root)) {
    const folder = join(root, topic);
    const read = <T>(name: string, schema: z.core.$ZodType<T>) =>
      readJson(root, join(folder, name), schema, problems);
    const [aboutTopic, itsSteps] = await Promise.all([
      read("topic.json", Topic),
      read("steps.json", Steps),
    ]);
    const files = (await readdir(folder)).filter((name) => ENTRY_FILE.test(name)).sort();
    const own = await Promise.all(
      files.map(async (name) => ({ name, entry: await read(name, Entry) })),
    );
    for (const { name, entry } of own) {
      if (!entry) continue;
      const file = relative(root, join(folder, name));
      problems.push(...checkEntry(file, name, entry, itsSteps, sources.get(entry.code)));
      sources.set(entry.code, file);
      entries.push({ ...entry, topic });
    }
    if (aboutTopic) topics[topic] = aboutTopic;
    if (itsSteps) steps[topic] = itsSteps;
    if (aboutTopic && itsSteps) problems.push(...checkSteps(topic, aboutTopic, itsSteps, own));
  }
  if (entries.length === 0 && problems.length === 0) problems.push(`${root}: no entries`);
  if (problems.length > 0) {
    const lines = problems.sort().join("\n  ");
    throw new Error(`the catalog has ${problems.length} problem(s):\n  ${lines}`);
  }
  const tables = await readSymbolTables(join(root, "symbols"));
  return { topics, steps, entries, tables };
}

async function topicNames(root: string) {
  const found = await readdir(root, { withFileTypes: true });
  return found
    .filter((each) => each.isDirectory() && each.name !== "symbols")
    .map((each) => each.name)
    .sort();
}

/** Reads one file; null when it cannot be used, and then the reasons are among the problems. */
async function readJson<T>(
  root: string,
  path: string,
  schema: z.core.$ZodType<T>,
  problems: string[],
) {
  const file = relative(root, path);
  const text = await readFile(path, "utf8").catch(() => null);
  if (text === null) {
    problems.push(`${file}: missing`);
    return null;
  }
  const at = (offset: number) => `${file}:${text.slice(0, offset).split("\n").length}`;
  if (text.startsWith("\ufeff")) {
    problems.push(`${at(0)}: begins with a byte order mark; save it as UTF-8 without one`);
    return null;
  }
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const twice = tree ? repeatedKeys(tree) : [];
  problems.push(
    ...errors.map(({ error, offset }) => `${at(offset)}: ${printParseErrorCode(error)}`),
    ...twice.map(({ value, offset }) => `${at(offset)}: "${value}" stands twice`),
  );
  if (!tree || errors.length > 0 || twice.length > 0) return null;

  const result = z.safeParse(schema, getNodeValue(tree));
  if (result.success) return result.data;
  for (const { path: field, message } of result.error.issues) {
    const node = nearestNode(tree, field);
    problems.push(`${at(node.offset)}: ${field.join(".") || "the file"}: ${message}`);
  }
  return null;
}

/** The place of a field, or of what should hold it. */
function nearestNode(tree: Node, path: readonly PropertyKey[]): Node {
  const known = path.map((part) => (typeof part === "symbol" ? String(part) : part));
  for (let length = known.length; length > 0; length--) {
    const node = findNodeAtLocation(tree, known.slice(0, length));
    if (node) return node;
  }
  return tree;
}

/** Of a key that stands twice, JSON keeps the last; a person meant both. */
function repeatedKeys(node: Node): Node[] {
  const keys =
    node.type === "object" ? (node.children ?? []).flatMap((each) => each.children?.[0] ?? []) : [];
  const own = keys.filter(
    (key, index) => keys.findIndex((each) => each.value === key.value) < index,
  );
  return [...own, ...(node.children ?? []).flatMap(repeatedKeys)];
}

function checkEntry(
  file: string,
  name: string,
  entry: Entry,
  steps: Steps | null,
  earlier: string | undefined,
): string[] {
  const named = entry.cases.flatMap((each) => each.steps);
  return [
    ...(name === `${entry.code}.json` ? [] : [`${file}: code: the file is named otherwise`]),
    ...(earlier ? [`${file}: code: ${entry.code} has an entry already, in ${earlier}`] : []),
    ...named
      .filter((step) => steps && !Object.hasOwn(steps, step))
      .map((step) => `${file}: steps: "${step}" is not in steps.json`),
    ...entry.samples.match
      .filter((text) => !finds(text, entry.code))
      .map((text) => `${file}: samples.match: the scan does not find the code in "${text}"`),
    ...entry.samples.noMatch
      .filter((text) => finds(text, entry.code))
      .map((text) => `${file}: samples.noMatch: the scan finds the code in "${text}"`),
  ];
}

function finds(text: string, code: string) {
  return scan(text).findings.some((each) => each.code === code);
}

function checkSteps(
  topic: string,
  { firstSteps, lastSteps }: Topic,
  steps: Steps,
  entries: readonly { entry: Entry | null }[],
): string[] {
  const general = [...firstSteps, ...lastSteps];
  const used = new Set([
    ...general,
    ...entries.flatMap(({ entry }) => entry?.cases.flatMap((each) => each.steps) ?? []),
  ]);
  const allRead = entries.every(({ entry }) => entry !== null);
  return [
    ...general
      .filter((step) => !Object.hasOwn(steps, step))
      .map((step) => `${topic}/topic.json: "${step}" is not in steps.json`),
    ...Object.keys(steps)
      .filter((step) => allRead && !used.has(step))
      .map((step) => `${topic}/steps.json: ${step}: used by no entry`),
  ];
}
