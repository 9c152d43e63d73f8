import {
  type Document,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  type Pair,
  parseDocument,
  type Tags,
} from "yaml";
import type * as z from "zod";
import { explainYaml } from "./explain-yaml.ts";
import { TopicFile } from "./topic-file.ts";

/** Something that keeps a catalog from being used, for the person who edits the file. */
export interface Problem {
  /** The file as it is shown: `catalog.local/network-shares.yaml`. */
  readonly file: string;
  /** From 1; 0 where no line is meant. */
  readonly line: number;
  /** The keys that lead to the place: `codes.0x80070035.meaning.ja`. */
  readonly field: string;
  readonly message: string;
}

/** A topic file that fits its form, with the lines of its fields. */
export interface ParsedTopicFile {
  readonly file: string;
  readonly name: string;
  readonly content: TopicFile;
  problem(path: readonly PropertyKey[], message: string): Problem;
}

/** A topic file is text that people write: a larger one is something else. */
const MAX_BYTES = 2 * 1024 * 1024;

/** Says that a file is too large to be a topic file; null when it is not. */
export function sizeProblem(bytes: number): string | null {
  if (bytes <= MAX_BYTES) return null;
  const toMegabytes = (size: number) => Math.round(size / 1024 / 1024);
  return `the file has ${toMegabytes(bytes)} MB; a topic file has at most ${toMegabytes(MAX_BYTES)} MB`;
}

/**
 * Reads one topic file.
 *
 * @param file How the file is named in problems.
 * @param name The topic: the file's name without its ending.
 * @returns The file, or all that is wrong with it.
 */
export function parseTopicFile(
  file: string,
  name: string,
  bytes: Uint8Array,
): ParsedTopicFile | readonly Problem[] {
  const unreadable = sizeProblem(bytes.length) ?? encodingProblem(bytes);
  if (unreadable !== null) return [{ file, line: 0, field: "", message: unreadable }];

  const text = new TextDecoder().decode(bytes);
  const lines = new LineCounter();
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const document = parseDocument(text, { lineCounter: lines, customTags: withoutNumbers });
  const slips = explainYaml(document, text);
  if (slips.length > 0) {
    return slips.map(({ offset, message }) => ({ file, line: lineAt(offset), field: "", message }));
  }
  const problem = (path: readonly PropertyKey[], message: string): Problem => ({
    file,
    line: lineAt(offsetOf(document.contents, path)),
    field: path.join("."),
    message,
  });
  const content = readContent(document);
  if (typeof content === "string") return [problem([], content)];
  const result = TopicFile.safeParse(content);
  if (result.success) return { file, name, content: result.data, problem };
  return onePerPlace(result.error.issues.flatMap((issue) => toProblems(issue, problem)));
}

/** A topic file holds no numbers: 0x80070035 without quotes is what was typed, not 2147942453. */
function withoutNumbers(tags: Tags): Tags {
  return tags.filter((tag) => typeof tag === "string" || !/:(?:int|float)$/.test(tag.tag));
}
/** The keys of a file, or what it holds instead. */
function readContent(document: Document.Parsed): object | string {
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null)) {
    return "the file is empty; write at least one code under codes, or remove the file";
  }
  if (!isMap(contents)) {
    const kind = isScalar(contents) ? "only a text" : "a list";
    return `the file holds ${kind}; a topic file has keys such as title, steps and codes`;
  }
  try {
    return Object(document.toJS());
  } catch {
    // A few lines of & and * can stand for more text than fits into memory.
    return "the file repeats itself too often by & and *; write the texts out";
  }
}

function encodingProblem(bytes: Uint8Array): string | null {
  const saveAs = "save it as UTF-8 (in Notepad: Save as, Encoding UTF-8)";
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) {
    return `the file begins with a byte order mark; ${saveAs}, not "UTF-8 with BOM"`;
  }
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (hasMark || bytes.includes(0)) return `the file is saved as UTF-16; ${saveAs}`;
  try {
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return `the file is not saved as UTF-8; ${saveAs}`;
  }
  return null;
}

/** An unknown key is shown on its own line, and each of them by itself. */
function toProblems(
  issue: z.core.$ZodIssue,
  problem: (path: readonly PropertyKey[], message: string) => Problem,
): Problem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => problem([...issue.path, key], issue.message));
  }
  // A key of a record that does not fit: its own message says why.
  if (issue.code === "invalid_key") {
    return issue.issues.map(({ message }) => problem(issue.path, message));
  }
  return [problem(issue.path, issue.message)];
}

/** Where a text stands in place of a list, its length does not matter. */
function onePerPlace(problems: readonly Problem[]): Problem[] {
  return problems.filter(
    ({ field }, index) => problems.findIndex((each) => each.field === field) === index,
  );
}

/** The place of a field, or of the nearest field around it that is there. */
function offsetOf(contents: unknown, path: readonly PropertyKey[]): number {
  let node = contents;
  let offset = 0;
  for (const key of path) {
    const pair: Pair | undefined = isMap(node)
      ? node.items.find((each) => keyOf(each) === String(key))
      : undefined;
    if (pair !== undefined) {
      offset = rangeOf(pair.key) ?? offset;
      node = pair.value;
      continue;
    }
    const item = Object(node).items?.[key];
    if (item === undefined || isPair(item)) break;
    offset = rangeOf(item) ?? offset;
    node = item;
  }
  return offset;
}

function keyOf({ key }: Pair): string {
  return String(isScalar(key) ? key.value : key);
}

function rangeOf(node: unknown): number | undefined {
  return (Object(node).range as [number] | undefined)?.[0];
}
