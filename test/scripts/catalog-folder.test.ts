import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readFolder } from "../../scripts/catalog/read.ts";
import { testCatalog } from "../catalog-fixture.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "catalog-folder-"));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const TOPIC = {
  title: { en: "Printing" },
  context: "printing",
  source: { en: { title: "Errors", url: "https://learn.example/errors", checked: "2026-11-23" } },
  firstSteps: ["restart"],
};

const STEPS = {
  restart: { en: ["Restart the device."] },
  "load-paper": { en: ["Load paper."] },
};

const ENTRY = {
  code: "0x80090029",
  symbol: "NTE_NOT_SUPPORTED",
  contactMicrosoft: false,
  cases: [{ causes: [{ en: "No paper." }], steps: ["load-paper"] }],
  samples: { match: ["error 0x80090029"], noMatch: ["asset 0x800900291"] },
};

type Files = Readonly<Record<string, unknown>>;

const SOUND: Files = {
  "printing/topic.json": TOPIC,
  "printing/steps.json": STEPS,
  "printing/0x80090029.json": ENTRY,
};

/** Writes a folder: texts as they are, other values as JSON; what is null is left out. */
function write(files: Files) {
  for (const [name, content] of Object.entries({ ...SOUND, ...files })) {
    if (content === null) continue;
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    const text = typeof content === "string" ? content : JSON.stringify(content, null, 2);
    writeFileSync(path, text);
  }
}

async function problemsOf(files: Files): Promise<string[]> {
  write(files);
  const told = await readFolder(root).then(
    () => "",
    (error: Error) => error.message,
  );
  const [count = "", ...problems] = told.split("\n  ");
  if (told !== "") expect(count).toBe(`the catalog has ${problems.length} problem(s):`);
  return problems.map((each) => each.replaceAll(root, ""));
}

test("the catalog of the tests is sound, and a test sees what this reader sees", async () => {
  const { tables: _, ...folder } = await readFolder(
    join(import.meta.dirname, "../fixtures/catalog"),
  );
  expect(testCatalog()).toMatchObject(folder);
});

test("a folder is read with its topics, steps and entries", async () => {
  write({});
  const { tables: _, ...folder } = await readFolder(root);
  expect(folder).toEqual({
    topics: { printing: { ...TOPIC, lastSteps: [] } },
    steps: { printing: STEPS },
    entries: [{ ...ENTRY, succeeded: false, topic: "printing" }],
  });
});

const entry = "printing/0x80090029.json";

const broken: [why: string, files: Files, problem: string | RegExp][] = [
  [
    "a text that is missing",
    { [entry]: { ...ENTRY, symbol: undefined } },
    /:1: symbol: Invalid input/,
  ],
  [
    "a field of the wrong type",
    { [entry]: { ...ENTRY, contactMicrosoft: "no" } },
    /:4: contactMicrosoft: /,
  ],
  [
    "a field that nobody knows",
    { [entry]: { ...ENTRY, note: "x" } },
    /:1: the file: Unrecognized key: "note"/,
  ],
  [
    "a symbol in small letters",
    { [entry]: { ...ENTRY, symbol: "nte_x" } },
    /:3: symbol: a name in capitals/,
  ],
  [
    "a code in small letters",
    { [entry]: { ...ENTRY, code: "0x801c03ed" } },
    /:2: code: a code is 0x and eight upper-case hex digits/,
  ],
  ["a success code", { [entry]: { ...ENTRY, code: "0x00090029" } }, /:2: code: /],
  [
    "a name of the file in small letters",
    { [entry]: null, "printing/0x801c03ed.json": { ...ENTRY, code: "0x801C03ED" } },
    "printing/0x801c03ed.json: code: the file is named otherwise",
  ],
  [
    "a file named for another code",
    { [entry]: { ...ENTRY, code: "0x80090030", samples: { match: ["0x80090030"], noMatch: [] } } },
    "printing/0x80090029.json: code: the file is named otherwise",
  ],
  [
    "a byte order mark",
    { [entry]: `\ufeff${JSON.stringify(ENTRY)}` },
    /0029\.json:1: begins with a byte order mark/,
  ],
  [
    "JSON that is cut",
    { [entry]: '{\n  "code": "0x80090029",' },
    /:2: (?:PropertyNameExpected|CloseBraceExpected)/,
  ],
  [
    "a comma too many",
    { [entry]: '{\n  "code": "0x80090029",\n}' },
    /:3: (?:PropertyNameExpected|ValueExpected)/,
  ],
  ["a comment", { [entry]: '{\n  // why\n  "code": "0x80090029"\n}' }, /:2: InvalidCommentToken/],
  ["an empty file", { [entry]: "" }, /:1: ValueExpected/],
  [
    "a key that stands twice",
    { [entry]: JSON.stringify(ENTRY, null, 2).replace("{", '{\n  "symbol": null,') },
    /:4: "symbol" stands twice/,
  ],
  [
    "a key that stands twice, further in",
    { [entry]: JSON.stringify(ENTRY).replace('"en":', '"en": "x",\n"en":') },
    /:2: "en" stands twice/,
  ],
  [
    "one code in two topics",
    { "a/topic.json": TOPIC, "a/steps.json": STEPS, "a/0x80090029.json": ENTRY },
    `${entry}: code: 0x80090029 has an entry already, in a/0x80090029.json`,
  ],
  [
    "a step which is not there",
    { [entry]: { ...ENTRY, cases: [{ causes: [{ en: "x" }], steps: ["load-paper", "kick"] }] } },
    `${entry}: steps: "kick" is not in steps.json`,
  ],
  [
    "a first step which is not there",
    { "printing/topic.json": { ...TOPIC, firstSteps: ["restart", "kick"] } },
    'printing/topic.json: "kick" is not in steps.json',
  ],
  [
    "a step which nobody takes",
    { "printing/steps.json": { ...STEPS, kick: { en: ["Kick it."] } } },
    "printing/steps.json: kick: used by no entry",
  ],
  [
    "a sample which is not found",
    { [entry]: { ...ENTRY, samples: { match: ["error 0x8009002"], noMatch: [] } } },
    `${entry}: samples.match: the scan does not find the code in "error 0x8009002"`,
  ],
  [
    "a sample which is found",
    { [entry]: { ...ENTRY, samples: { match: ["0x80090029"], noMatch: ["x 0x80090029"] } } },
    `${entry}: samples.noMatch: the scan finds the code in "x 0x80090029"`,
  ],
  [
    "no sample",
    { [entry]: { ...ENTRY, samples: { match: [], noMatch: [] } } },
    /: samples\.match: Too small/,
  ],
  [
    "steps, and the advice to contact Microsoft",
    { [entry]: { ...ENTRY, contactMicrosoft: true } },
    /:1: the file: steps, or else contactMicrosoft/,
  ],
  [
    "neither steps nor that advice",
    { [entry]: { ...ENTRY, cases: [{ causes: [{ en: "x" }], steps: [] }] } },
    /: the file: steps, or else contactMicrosoft/,
  ],
  [
    "a cause without English",
    { [entry]: { ...ENTRY, cases: [{ causes: [{ ja: "x" }], steps: ["load-paper"] }] } },
    /: cases\.0\.causes\.0: the English text is missing/,
  ],
  [
    "a language that is none",
    { [entry]: { ...ENTRY, cases: [{ causes: [{ en: "x", EN: "x" }], steps: ["load-paper"] }] } },
    /: cases\.0\.causes\.0\.EN: /,
  ],
  [
    "a backtick without its pair",
    { [entry]: { ...ENTRY, cases: [{ causes: [{ en: "run `x" }], steps: ["load-paper"] }] } },
    /: cases\.0\.causes\.0\.en: a backtick without its pair/,
  ],
  [
    "an invisible letter",
    { "printing/steps.json": { ...STEPS, restart: { en: ["a\u200bb"] } } },
    /steps\.json:4: restart\.en\.0: control or invisible letters/,
  ],
  [
    "a source without https",
    {
      "printing/topic.json": { ...TOPIC, source: { en: { ...TOPIC.source.en, url: "http://x" } } },
    },
    /topic\.json:9: source\.en\.url: /,
  ],
  [
    "a cause with a blank before it",
    { [entry]: { ...ENTRY, cases: [{ causes: [{ en: " x" }], steps: ["load-paper"] }] } },
    `${entry}:9: cases.0.causes.0.en: empty, or blanks at an end`,
  ],
  ["no topic", { "printing/topic.json": null }, "printing/topic.json: missing"],
  ["no steps", { "printing/steps.json": null }, "printing/steps.json: missing"],
];

test.each(broken)("%s is told with file, line, field and reason", async (_, files, problem) => {
  const problems = await problemsOf(files);
  expect(problems).toContainEqual(
    typeof problem === "string" ? problem : expect.stringMatching(problem),
  );
  expect(problems.every((each) => /^[\w/.-]+\.json(?::\d+)?: /.test(each))).toBe(true);
});

test("a folder without entries is no catalog", async () => {
  expect(
    await problemsOf({ [entry]: null, "printing/steps.json": { restart: STEPS.restart } }),
  ).toEqual([": no entries"]);
});

test("all problems are told at once, and none that only follows from another", async () => {
  const problems = await problemsOf({
    [entry]: { ...ENTRY, symbol: "x", contactMicrosoft: 1 },
    "printing/0x80090030.json": "{",
    "printing/0x80090031.json": "\ufeff{}",
    "printing/topic.json": { ...TOPIC, firstSteps: ["kick"] },
  });
  expect(problems.map((each) => each.replace(/: .*/, ""))).toEqual([
    "printing/0x80090029.json:3",
    "printing/0x80090029.json:4",
    "printing/0x80090030.json:1",
    "printing/0x80090031.json:1",
    "printing/topic.json",
  ]);
});

test("one slip among many entries is the only problem", async () => {
  const others = [1, 2, 3].map((digit) => {
    const code = `0x8009003${digit}`;
    return [`printing/${code}.json`, { ...ENTRY, code, samples: { match: [code], noMatch: [] } }];
  });
  const slip = { [entry]: { ...ENTRY, symbol: "nte_x" } };
  expect(await problemsOf({ ...Object.fromEntries(others), ...slip })).toEqual([
    `${entry}:3: symbol: a name in capitals, digits and underscores`,
  ]);
});
