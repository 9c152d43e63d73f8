import type { MergedTopic } from "./merge.ts";
import type { ParsedTopicFile, Problem } from "./parse-topic-file.ts";
import { RISKY, stepLocales } from "./topic-file.ts";

/** The languages that every text of the project's own folder must have. */
export interface Demands {
  readonly locales: readonly string[];
}

type Say = (path: readonly PropertyKey[], message: string) => void;

/**
 * Checks a file of the project's own folder for texts and keys that only other folders may omit.
 */
export function checkComplete(parsed: ParsedTopicFile, { locales }: Demands): Problem[] {
  const problems: Problem[] = [];
  const say: Say = (path, message) => problems.push(parsed.problem(path, message));
  const { content } = parsed;
  for (const key of ["title", "escalate", "sources", "codes"] as const) {
    if (content[key] === undefined) say([], missingKey(key));
  }
  eachText(content, [], (path, texts) => {
    for (const locale of locales.filter((each) => !Object.hasOwn(texts, each))) {
      say(path, `the text in the language "${locale}" is missing`);
    }
  });
  for (const [name, step] of Object.entries(content.steps ?? {})) {
    for (const locale of locales.filter((each) => !stepLocales(step).includes(each))) {
      say(["steps", name], `the text in the language "${locale}" is missing`);
    }
  }
  for (const [code, entry] of Object.entries(content.codes ?? {})) {
    if (entry.same_as !== undefined) continue;
    for (const key of ["meaning", "cases", "grade", "source"] as const) {
      if (entry[key] === undefined) say(["codes", code], missingKey(key));
    }
  }
  return problems;
}

/** The texts of a topic, without its steps, which are lists and are checked separately. */
function eachText(
  content: ParsedTopicFile["content"],
  path: readonly PropertyKey[],
  visit: (path: readonly PropertyKey[], texts: Readonly<Record<string, string>>) => void,
) {
  const look = (at: readonly PropertyKey[], texts: Record<string, string> | undefined) => {
    if (texts !== undefined) visit([...path, ...at], texts);
  };
  look(["title"], content.title);
  look(["escalate"], content.escalate);
  for (const [name, step] of Object.entries(content.steps ?? {})) {
    look(["steps", name, "caution"], step.caution);
  }
  for (const [code, entry] of Object.entries(content.codes ?? {})) {
    look(["codes", code, "meaning"], entry.meaning);
    look(["codes", code, "escalate"], entry.escalate);
    for (const [index, each] of (entry.cases ?? []).entries()) {
      look(["codes", code, "cases", index, "cause"], each.cause);
      look(["codes", code, "cases", index, "escalate"], each.escalate);
    }
  }
}

/** Checks a topic after merging all folders: names, pairs, order of steps, signs. */
export function checkTopic(topic: MergedTopic): Problem[] {
  return [...checkWhole(topic), ...checkFiles(topic), ...checkUnusedSteps(topic)];
}

/** Checks what a topic must have, in any of its files. */
function checkWhole({ name, content, files }: MergedTopic): Problem[] {
  const problems: Problem[] = [];
  const last = files.at(-1);
  if (last === undefined) return [];
  /** Shows a problem in the last file that has the field. */
  const say: Say = (path, message) => {
    const owner = files.findLast((each) => has(each.content, path)) ?? last;
    problems.push(owner.problem(path, message));
  };
  const { steps = {}, codes = {}, signs } = content;
  const hasStrong = Object.keys(signs?.strong ?? {}).length > 0;
  const hasFacility = (signs?.facilities ?? []).length > 0;
  if (content.title === undefined) {
    const message = `this key is missing: no earlier folder has a topic "${name}", so it needs a title, or the file another name`;
    say(["title"], message);
  } else if (!content.general && !hasStrong && !hasFacility) {
    say(["signs"], "without a strong sign or a facility this topic would never be shown");
  }
  for (const [index, step] of (content.first_steps ?? []).entries()) {
    const place = ["first_steps", index];
    if (!Object.hasOwn(steps, step)) say(place, noStep(step));
    else if (isRisky(steps, step)) {
      say(place, `"${step}" is risky; first steps are shown for many codes, so they must be mild`);
    }
  }
  for (const [code, entry] of Object.entries(codes)) {
    const [first = "", second] = code.split("+");
    if (second !== undefined && !Object.hasOwn(codes, first)) {
      const message = `the pair needs an entry for its first number "${first}" in this topic`;
      say(["codes", code], message);
    }
    if (entry.same_as === undefined) {
      if (entry.meaning === undefined) say(["codes", code], missingKey("meaning"));
      continue;
    }
    const target = codes[entry.same_as];
    const place = ["codes", code, "same_as"];
    if (target === undefined) say(place, `there is no code "${entry.same_as}" in this topic`);
    else if (target.same_as !== undefined) {
      say(place, `"${entry.same_as}" has a same_as, too; name a code that has texts of its own`);
    }
  }
  return problems;
}

/** Checks each file with the steps and sources of the files before it. */
function checkFiles({ files }: MergedTopic): Problem[] {
  let steps: Steps = {};
  let sources: object = {};
  return files.flatMap(({ content, problem }) => {
    steps = { ...steps, ...content.steps };
    sources = { ...sources, ...content.sources };
    const problems: Problem[] = [];
    const say: Say = (path, message) => problems.push(problem(path, message));
    const checkSource = (path: readonly PropertyKey[], source: string | undefined) => {
      if (source !== undefined && !Object.hasOwn(sources, source)) {
        say(path, `there is no source "${source}" in this topic`);
      }
    };
    for (const [code, entry] of Object.entries(content.codes ?? {})) {
      checkSource(["codes", code, "source"], entry.source);
      for (const [index, each] of (entry.cases ?? []).entries()) {
        const path = ["codes", code, "cases", index];
        checkSource([...path, "source"], each.source);
        checkSteps(each.steps, steps, (at, message) => say([...path, "steps", ...at], message));
      }
    }
    return problems;
  });
}

type Steps = Readonly<Record<string, { readonly risk: string }>>;

function checkSteps(names: readonly string[], steps: Steps, say: Say) {
  for (const [at, name] of names.entries()) {
    if (!Object.hasOwn(steps, name)) say([at], noStep(name));
    else if (names.indexOf(name) < at) say([at], `"${name}" stands twice in this case`);
  }
  const risky = names.findIndex((name) => isRisky(steps, name));
  const mild = names.findIndex((name, at) => at > risky && !isRisky(steps, name));
  if (risky >= 0 && mild >= 0) {
    const message = `"${names[mild]}" stands behind the risky "${names[risky]}"; mild steps come first`;
    say([mild], message);
  }
}

function isRisky(steps: Steps, name: string) {
  return Object.hasOwn(steps, name) && RISKY.includes(steps[name]?.risk ?? "");
}

function noStep(name: string) {
  return `there is no step "${name}" in this topic`;
}

function missingKey(key: string) {
  return `the key "${key}" is missing`;
}

/** Checks for steps that no file uses. A later folder may replace the last use of a step. */
function checkUnusedSteps({ files }: MergedTopic): Problem[] {
  const used = new Set(files.flatMap(({ content }) => usedSteps(content)));
  return files.flatMap(({ content, problem }) =>
    Object.keys(content.steps ?? {}).flatMap((step) => {
      const message = `no code and no first step uses "${step}"; remove it, or name it under steps`;
      return used.has(step) ? [] : [problem(["steps", step], message)];
    }),
  );
}

function usedSteps(content: MergedTopic["content"]): string[] {
  const cases = Object.values(content.codes ?? {}).flatMap((entry) => entry.cases ?? []);
  return [...(content.first_steps ?? []), ...cases.flatMap((each) => each.steps)];
}

function has(content: unknown, path: readonly PropertyKey[]): boolean {
  let value = content;
  for (const key of path) {
    if (!Object.hasOwn(Object(value), key)) return false;
    value = Object(value)[key];
  }
  return true;
}

/** Checks that no two topics own the same beginning of a code. */
export function checkFacilities(files: readonly ParsedTopicFile[]): Problem[] {
  const owners = new Map<string, string>();
  return files.flatMap(({ name, content, problem }) =>
    (content.signs?.facilities ?? []).flatMap((facility, index) => {
      const owner = owners.get(facility) ?? name;
      owners.set(facility, owner);
      if (owner === name) return [];
      const message = `the topic "${owner}" claims "${facility}", too; codes that begin alike belong to one topic`;
      return [problem(["signs", "facilities", index], message)];
    }),
  );
}
