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

/** A problem that makes a catalog unusable, for the person who edits the file. */
export interface Problem {
  /** The file name to show: `catalog.local/network-shares.yaml`. */
  readonly file: string;
  /** From 1; 0 when the problem has no line. */
  readonly line: number;
  /** The path of keys: `codes.0x80070035.meaning.ja`. */
  readonly field: string;
  readonly message: string;
}

/** A valid topic file, with the lines of its fields. */
export interface ParsedTopicFile {
  readonly file: string;
  readonly name: string;
  readonly content: TopicFile;
  problem(path: readonly PropertyKey[], message: string): Problem;
}

/** The largest topic file. People write them, so a larger file is something else. */
const MAX_BYTES = 2 * 1024 * 1024;

/** The problem of a file that is too large for a topic file; null when it is not. */
export function sizeProblem(bytes: number): string | null {
  if (bytes <= MAX_BYTES) return null;
  const toMegabytes = (size: number) => Math.round(size / 1024 / 1024);
  return `the file has ${toMegabytes(bytes)} MB; a topic file has at most ${toMegabytes(MAX_BYTES)} MB`;
}

/**
 * Reads one topic file.
 *
 * @param file The file name to show in problems.
 * @param name The topic: the file name without its extension.
 * @returns The parsed file, or all its problems.
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

/** Reads every scalar as text: 0x80070035 without quotes must not become 2147942453. */
function withoutNumbers(tags: Tags): Tags {
  return tags.filter((tag) => typeof tag === "string" || !/:(?:int|float)$/.test(tag.tag));
}
/** The content of a file; a message when it has no keys. */
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
    // Anchors and aliases could expand to more text than fits into memory.
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

/** Makes problems of a schema error. Each unknown key gets a problem on its own line. */
function toProblems(
  issue: z.core.$ZodIssue,
  problem: (path: readonly PropertyKey[], message: string) => Problem,
): Problem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => problem([...issue.path, key], issue.message));
  }
  // An invalid key of a record has a message of its own.
  if (issue.code === "invalid_key") {
    return issue.issues.map(({ message }) => problem(issue.path, message));
  }
  return [problem(issue.path, issue.message)];
}

/** Keeps the first problem of each field: a text in place of a list also has a wrong length. */
function onePerPlace(problems: readonly Problem[]): Problem[] {
  return problems.filter(
    ({ field }, index) => problems.findIndex((each) => each.field === field) === index,
  );
}

/** The place of a field, or of the nearest existing field around it. */
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
