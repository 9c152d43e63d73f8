import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { checkComplete, checkFacilities, checkTopic } from "./check.ts";
import { type MergedTopic, mergeTopic, type Override } from "./merge.ts";
import {
  type ParsedTopicFile,
  type Problem,
  parseTopicFile,
  sizeProblem,
} from "./parse-topic-file.ts";
import { readSymbolTables, type SymbolTables } from "./symbol-tables.ts";

/** The catalog of all folders, checked and merged. */
export interface CatalogSource {
  readonly topics: readonly MergedTopic[];
  /** The folders in reading order, with the topics of each. */
  readonly folders: readonly Folder[];
  /** The parts of earlier folders that later ones replace. */
  readonly overrides: readonly Override[];
  readonly tables: SymbolTables;
}

export interface Folder {
  readonly name: string;
  readonly topics: readonly string[];
}

/** The languages of the first folder: it has every text in each of them. */
const LOCALES = ["en", "ja"];
const TOPIC_FILE = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*\.yaml$/;
/** The folder of the symbol tables, in the first folder. */
const SYMBOLS = "symbols";

/**
 * Reads the folders of the catalog, checks every file, and merges the topics.
 *
 * @param folders The project's own first. Each later one adds or replaces.
 * @throws {Error} Lists all problems, each with file, line, field and a sentence.
 */
export async function readCatalog(folders: readonly string[]): Promise<CatalogSource> {
  const problems: Problem[] = [];
  const read: ReadFolder[] = [];
  for (const [index, folder] of [...new Set(folders.map((each) => resolve(each)))].entries()) {
    const found = await readFolder(folder, index === 0);
    if (read.some(({ name }) => name === found.name)) {
      const message = `another folder is called "${found.name}", too; give this one a name of its own`;
      problems.push(problemOf(folder, message));
    }
    problems.push(...found.problems);
    read.push(found);
  }
  const files = read.flatMap((each) => each.files);
  const merged = [...Map.groupBy(files, ({ name }) => name)].map(([name, own]) =>
    mergeTopic(name, own),
  );
  const topics = merged.map(({ topic }) => topic).sort((a, b) => (a.name < b.name ? -1 : 1));
  // The problems of a file would show again in its topic, without their place in the file.
  const broken = new Set(read.flatMap((each) => each.brokenTopics));
  problems.push(...topics.filter(({ name }) => !broken.has(name)).flatMap(checkTopic));
  problems.push(...checkFacilities(files));
  if (problems.length > 0) throw new Error(listProblems(problems));
  return {
    topics,
    folders: read.map(({ name, files }) => ({ name, topics: files.map((each) => each.name) })),
    overrides: merged.flatMap(({ overrides }) => overrides),
    tables: await readSymbolTables(join(folders[0] ?? "", SYMBOLS)),
  };
}

function listProblems(problems: readonly Problem[]): string {
  const lines = new Set(
    problems.map(({ file, line, field, message }) => {
      const place = line > 0 ? `${file}:${line}` : file;
      return `  ${place}${field === "" ? "" : ` ${field}`}: ${message}`;
    }),
  );
  const count = lines.size === 1 ? "1 problem" : `${lines.size} problems`;
  return [`The catalog has ${count}:`, ...lines].join("\n");
}

/** A problem of a whole file or folder. */
function problemOf(file: string, message: string): Problem {
  return { file, line: 0, field: "", message };
}

interface ReadFolder {
  readonly name: string;
  readonly files: readonly ParsedTopicFile[];
  readonly problems: readonly Problem[];
  /** Topics with a problem in one of their files. */
  readonly brokenTopics: readonly string[];
}

/** @param isFirst The project's own folder: it must have all languages and the symbol tables. */
async function readFolder(folder: string, isFirst: boolean): Promise<ReadFolder> {
  const name = basename(folder);
  const files: ParsedTopicFile[] = [];
  const problems: Problem[] = [];
  const brokenTopics: string[] = [];
  const found = await readdir(folder, { withFileTypes: true }).catch((error) => {
    problems.push(problemOf(folder, whyNoFolder(error)));
    return [];
  });
  for (const each of found.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (isNoTopic(each.name) || (isFirst && each.name === SYMBOLS)) continue;
    const path = join(folder, each.name);
    const message = each.isDirectory() ? await folderProblem(path) : nameProblem(each.name);
    if (message !== null) problems.push(problemOf(`${name}/${each.name}`, message));
    if (message !== null || each.isDirectory()) continue;
    const topic = each.name.replace(/\.yaml$/, "");
    const parsed = await readTopicFile(path, `${name}/${each.name}`, topic);
    const own = "content" in parsed ? completenessOf(parsed, isFirst) : parsed;
    if ("content" in parsed) files.push(parsed);
    if (own.length > 0) brokenTopics.push(topic);
    problems.push(...own);
  }
  if (isFirst && files.length === 0 && problems.length === 0) {
    problems.push(problemOf(folder, "there is no topic file in this folder"));
  }
  return { name, files, problems, brokenTopics };
}

function completenessOf(parsed: ParsedTopicFile, isFirst: boolean) {
  return isFirst ? checkComplete(parsed, { locales: LOCALES }) : [];
}

function whyNoFolder(error: unknown) {
  const { code } = Object(error);
  if (code === "ENOENT") return "there is no such folder";
  if (code === "ENOTDIR") return "this is a file; name the folder in which it stands";
  return `this folder cannot be read (${code})`;
}

/** Reads one topic file, unless it is much too large. */
async function readTopicFile(path: string, file: string, topic: string) {
  try {
    const tooLarge = sizeProblem((await stat(path)).size);
    if (tooLarge !== null) return [problemOf(file, tooLarge)];
    return parseTopicFile(file, topic, await readFile(path));
  } catch (error) {
    return [problemOf(file, `this file cannot be read (${Object(error).code})`)];
  }
}

/** Files next to the topics that are ignored: notes, and files of the operating system. */
function isNoTopic(name: string) {
  return /^\.|\.md$|^(?:thumbs\.db|desktop\.ini)$/i.test(name);
}

const LEFT_OUT = "would be left out:";

/** The problem of topic files in subfolders, which are not read; null when there are none. */
async function folderProblem(path: string): Promise<string | null> {
  const names = await readdir(path, { recursive: true });
  if (!names.some((each) => /\.ya?ml$/i.test(each))) return null;
  return `the files in this folder ${LEFT_OUT} topic files stand side by side; move them up`;
}

/** The problem of a file that is not read; null for a topic file. */
function nameProblem(name: string): string | null {
  if (TOPIC_FILE.test(name)) return null;
  const left = `this file ${LEFT_OUT}`;
  if (/\.ya?ml\.txt$/i.test(name)) {
    return `${left} its name ends in .txt (Windows hides that); rename it to ${name.slice(0, -4)}`;
  }
  const [, stem] = /^(.*)\.ya?ml$/i.exec(name) ?? [];
  if (stem === undefined) return `${left} a topic is a file NAME.yaml; move this one elsewhere`;
  if (/^(?:0x)?[0-9a-f]*\d[0-9a-f]*$/i.test(stem)) {
    return `${left} a file is named for its topic, such as file-server.yaml; the code stands in it`;
  }
  const suggested = `${stem
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")}.yaml`;
  if (TOPIC_FILE.test(suggested)) return `${left} rename it to ${suggested}`;
  return `${left} the name of a topic has a to z, 0 to 9 and dashes only, such as file-server.yaml`;
}
