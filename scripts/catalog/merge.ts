import type { ParsedTopicFile } from "./parse-topic-file.ts";
import type { EntryFile, TopicFile } from "./topic-file.ts";

/** A topic merged from all folders. */
export interface MergedTopic {
  readonly name: string;
  readonly content: TopicFile;
  /** The files of the topic, in reading order. */
  readonly files: readonly ParsedTopicFile[];
}

/** A part of an earlier file that a later file replaces. */
export interface Override {
  readonly topic: string;
  /** What is replaced: `code 0x80070035: cases`. */
  readonly what: string;
  /** The file that replaces it. */
  readonly file: string;
}

/**
 * Merges the files of one topic. A later file adds to the earlier ones or replaces parts of them.
 */
export function mergeTopic(
  name: string,
  files: readonly ParsedTopicFile[],
): { topic: MergedTopic; overrides: Override[] } {
  const overrides: Override[] = [];
  const content = files
    .map((each) => each.content)
    .reduce((earlier, later, index) => {
      const file = files[index]?.file ?? "";
      const note = (what: string) => overrides.push({ topic: name, what, file });
      return mergeContent(earlier, later, note);
    });
  return { topic: { name, content, files }, overrides };
}

type Note = (what: string) => void;

/** Replaces `escalate` in all languages, so that no language still names the old team. */
function mergeContent(earlier: TopicFile, later: TopicFile, note: Note): TopicFile {
  for (const key of ["title", "escalate", "unlisted", "first_steps"] as const) {
    if (earlier[key] !== undefined && later[key] !== undefined) note(key);
  }
  for (const step of shared(earlier.steps, later.steps)) note(`step ${step}`);
  for (const source of shared(earlier.sources, later.sources)) note(`source ${source}`);
  return {
    ...earlier,
    ...later,
    ...given("title", { ...earlier.title, ...later.title }),
    signs: {
      strong: mergeSigns(earlier.signs?.strong, later.signs?.strong),
      weak: mergeSigns(earlier.signs?.weak, later.signs?.weak),
      facilities: [...(earlier.signs?.facilities ?? []), ...(later.signs?.facilities ?? [])],
    },
    sources: { ...earlier.sources, ...later.sources },
    steps: { ...earlier.steps, ...later.steps },
    codes: mergeCodes(earlier.codes ?? {}, later.codes ?? {}, note),
  };
}

function shared(earlier: object | undefined, later: object | undefined) {
  return Object.keys(later ?? {}).filter((key) => Object.hasOwn(earlier ?? {}, key));
}

/** An object with one key and its texts; empty when there are no texts. */
function given<K extends string>(key: K, texts: Record<string, string>) {
  return Object.keys(texts).length > 0 ? ({ [key]: texts } as Record<K, typeof texts>) : {};
}

type Words = Record<string, string[]>;

function mergeSigns(earlier: Words = {}, later: Words = {}): Words {
  const locales = [...new Set([...Object.keys(earlier), ...Object.keys(later)])];
  return Object.fromEntries(
    locales.map((locale) => [
      locale,
      [...new Set([...(earlier[locale] ?? []), ...(later[locale] ?? [])])],
    ]),
  );
}

function mergeCodes(
  earlier: Record<string, EntryFile>,
  later: Record<string, EntryFile>,
  note: Note,
): Record<string, EntryFile> {
  const merged = { ...earlier };
  for (const [code, entry] of Object.entries(later)) {
    const before = writtenOut(earlier, code);
    merged[code] = before === undefined ? entry : mergeEntry(code, before, entry, note);
  }
  return merged;
}

/** Resolves `same_as`: an entry with the texts of the other code. */
function writtenOut(codes: Record<string, EntryFile>, code: string): EntryFile | undefined {
  const entry = codes[code];
  if (entry?.same_as === undefined) return entry;
  const { same_as, ...own } = entry;
  return { ...codes[same_as], ...own };
}

/** Cases with a condition are added before the earlier cases. Cases without one replace them. */
function mergeEntry(code: string, earlier: EntryFile, later: EntryFile, note: Note): EntryFile {
  if (later.same_as !== undefined) {
    note(`code ${code}`);
    return later;
  }
  const added = later.cases?.filter((each) => each.when !== undefined) ?? [];
  const replacing = later.cases?.filter((each) => each.when === undefined) ?? [];
  const changed = Object.keys(later).filter(
    (key) => key !== "cases" && Object.hasOwn(earlier, key),
  );
  if (replacing.length > 0) changed.push("cases");
  if (changed.length > 0) note(`code ${code}: ${changed.join(", ")}`);
  const cases = [...added, ...(replacing.length > 0 ? replacing : (earlier.cases ?? []))];
  return {
    ...earlier,
    ...later,
    ...given("meaning", { ...earlier.meaning, ...later.meaning }),
    cases,
    // A code with steps of its own needs no advice to contact Microsoft.
    ...(replacing.length > 0 && later.contact_microsoft === undefined
      ? { contact_microsoft: false }
      : {}),
  };
}
