import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PROJECT_CATALOG } from "../../../scripts/catalog/folders.ts";
import { readCatalog } from "../../../scripts/catalog/read.ts";
import { testCatalog } from "../../catalog-fixture.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "catalog-read-"));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** A sound topic of the project's own folder. Its lines are counted below. */
const SOUND = `title: { en: File server, ja: ファイル サーバー }
signs:
  strong: { en: [file server, mapped drive] }
  weak: { en: [share] }
  facilities: ["0x8024"]
escalate: { en: the storage team, ja: ストレージ担当 }
sources:
  guide: { title: { en: Guide, ja: 手引き }, url: "https://learn.example/guide" }
first_steps: [check-name]
steps:
  check-name: { risk: none, who: user, en: [Check the name.], ja: [名前を確認してください。] }
  restart-server:
    risk: data
    who: admin
    caution: { en: Open files are lost., ja: 開いているファイルが失われます。 }
    en: [Restart the server.]
    ja: [サーバーを再起動してください。]
codes:
  "0x80070035":
    symbol: ERROR_BAD_NETPATH
    meaning: { en: The path was not found., ja: パスが見つかりません。 }
    cases:
      - cause: { en: The name is misspelt., ja: 名前が間違っています。 }
        steps: [check-name, restart-server]
    grade: S
    source: guide
`;
const SOUND_FILE = "catalog/file-server.yaml";

type Files = Readonly<Record<string, string | Uint8Array>>;

function write(files: Files) {
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

/** What is wrong with these folders, a line each. */
async function problemsOf(files: Files, ...folders: readonly string[]): Promise<string[]> {
  write(files);
  const reading = readCatalog(["catalog", ...folders].map((each) => join(root, each)));
  const told = await reading.then(
    () => "",
    (error: Error) => error.message,
  );
  const [count = "", ...problems] = told.split("\n  ");
  const noun = problems.length === 1 ? "problem" : "problems";
  expect(count).toBe(told === "" ? "" : `The catalog has ${problems.length} ${noun}:`);
  return problems.map((each) => each.replaceAll(`${root}/`, ""));
}

/** The sound topic with one change. */
function changed(from: string, to: string): string {
  expect(SOUND).toContain(from);
  return SOUND.replace(from, to);
}

test("a sound folder is read with its topics", async () => {
  write({ [SOUND_FILE]: SOUND });
  const { topics, folders, overrides } = await readCatalog([join(root, "catalog")]);
  expect(folders).toEqual([{ name: "catalog", topics: ["file-server"] }]);
  expect(overrides).toEqual([]);
  expect(topics).toMatchObject([
    {
      name: "file-server",
      content: {
        title: { en: "File server", ja: "ファイル サーバー" },
        signs: { strong: { en: ["file server", "mapped drive"] }, facilities: ["0x8024"] },
        first_steps: ["check-name"],
        steps: { "check-name": { risk: "none", who: "user", en: ["Check the name."] } },
        codes: { "0x80070035": { symbol: "ERROR_BAD_NETPATH", source: "guide" } },
      },
    },
  ]);
});

test("the project's own catalog is sound", async () => {
  const { topics, tables } = await readCatalog([PROJECT_CATALOG]);
  expect(topics.length).toBeGreaterThan(0);
  expect(tables.names.size).toBeGreaterThan(0);
});

test("the catalog of the tests is sound, and a test sees what this reader sees", async () => {
  const { topics, folders } = await readCatalog([
    join(import.meta.dirname, "../../fixtures/catalog"),
  ]);
  const contents = (all: typeof topics) => all.map(({ name, content }) => ({ name, content }));
  expect(contents(testCatalog().topics)).toEqual(contents(topics));
  expect(testCatalog().folders).toEqual(folders);
});

const harmless: [why: string, from: string, to: string][] = [
  ["a comma behind the last item", "[check-name]\n", "[check-name,]\n"],
  ["a code without quotes, which YAML would take for a number", '"0x80070035"', "0x80070035"],
  ["a note behind a value", "    grade: S\n", "    grade: S # the page lists it\n"],
  ["a text that looks like a number", "The name is misspelt.", "53"],
  ["three dots for the gap of a sign", "[share]", "[create ... share]"],
  ["a language besides the two", ", ja: パスが見つかりません。", ", ja: パス, de: Der Pfad"],
  ["texts that are told once", "    cases:\n      - cause", "    cases: &cases\n      - cause"],
];

test.each(harmless)("%s is no problem", async (_, from, to) => {
  expect(await problemsOf({ [SOUND_FILE]: changed(from, to) })).toEqual([]);
});

const CODE = "codes.0x80070035";
const [CAUSE, STEPS] = [`${CODE}.cases.0.cause`, `${CODE}.cases.0.steps`];
const CODES_KEYS =
  "symbol, meaning, also, cases, contact_microsoft, no_failure, escalate, grade, source, same_as";
const STEP_KEYS = "a step has risk, who, caution, and a list of sentences for each language";
const NO_CURLY_QUOTES = "the text holds curly quotes of a word processor; write \" or '";

/** Each is the sound topic with one change, and the whole of what is said of it. */
const slips: [why: string, from: string, to: string, problems: string | string[]][] = [
  // YAML itself.
  [
    "a comma too many in a list",
    "[file server, ",
    "[file server,, ",
    ":3: there is a comma too many",
  ],
  [
    "a comma within a sentence without quotes",
    "en: [Check the name.]",
    "en: [Check the name, then the path.]",
    ':11 steps.check-name.en.1: the sentence "then the path." begins with a small letter; a text with a comma in it needs quotes around it',
  ],
  ["a comma too many in a group", "en: Guide, ", "en: Guide,, ", ":8: there is a comma too many"],
  ["a comma behind a group", "担当 }", "担当 },", ":6: there is a comma too many"],
  ["a bracket too many", "[share]", "[share]]", ":4: there is a ] too many"],
  [
    "a missing comma in a group",
    "en: Guide, ",
    "en: Guide ",
    ":8: a comma is missing before the next key, or a text with a colon in it needs quotes around it",
  ],
  [
    "a missing comma between quoted items",
    "[check-name, restart-server]",
    '["check-name" "restart-server"]',
    ":24: a comma is missing before this",
  ],
  [
    "a missing comma between plain items",
    "[check-name, restart-server]",
    "[check-name restart-server]",
    `:24 ${STEPS}.0: a name is lower-case words joined by dashes, not "check-name restart-server"`,
  ],
  [
    "a missing bracket",
    "restart-server]",
    "restart-server",
    ":25: a ] is missing at the end of the line before",
  ],
  ["a missing brace", "手引き }, ", "手引き, ", ":9: a } is missing at the end of the line before"],
  ["a missing quote", 'guide" }', "guide }", ":8: the quote that ends this text is missing"],
  [
    "text behind a closing quote",
    "symbol: ERROR_BAD_NETPATH",
    'symbol: "ERROR" BAD',
    ":20: a text goes on behind its closing quote; a text with quotes in it needs quotes around it as a whole",
  ],
  [
    "a colon in a text of a group",
    "en: The path was",
    "en: The path: was",
    ":21: a comma is missing before the next key, or a text with a colon in it needs quotes around it",
  ],
  [
    "a colon in a text on a line of its own",
    "symbol: ERROR_BAD",
    "symbol: ERROR: BAD",
    ":20: a text with a colon in it needs quotes around it",
  ],
  [
    "no blank behind a colon",
    "risk: data",
    "risk:data",
    ":13: a blank is missing behind the colon",
  ],
  [
    "a full-width colon",
    "risk: data",
    "risk：data",
    ":13: the colon is full-width; write : and a blank behind it",
  ],
  [
    "no colon",
    "    risk: data",
    "    risk data",
    ":13: the colon behind this key is missing, or a text is not closed above",
  ],
  ["a tab", "    risk: data", "\trisk: data", ":13: the line is indented with a tab; use blanks"],
  [
    "full-width blanks",
    "    risk: data",
    "\u3000\u3000risk: data",
    ":13: the line begins with blanks of another kind, full-width or copied from a web page; type them anew",
  ],
  [
    "a line that is indented too little",
    "    who: admin",
    "   who: admin",
    ":14: the line is indented otherwise than its neighbours; give them the same number of blanks",
  ],
  [
    "a line that is indented too much",
    "    who: admin",
    "     who: admin",
    ":13: the next line is indented deeper than this one; give both the same number of blanks",
  ],
  [
    "a text that begins with a backtick",
    "[Restart the server.]",
    "[`net stop` it.]",
    ":16: a text that begins with a special character needs quotes around it",
  ],
  [
    "a text that begins with *",
    "[Restart the server.]",
    "[*.log is the file.]",
    ":16: a text that begins with * needs quotes around it",
  ],
  [
    "a text that begins with &",
    "[Restart the server.]",
    "[&Tools opens.]",
    ":16: a text that begins with & needs quotes around it",
  ],
  [
    "a text that begins with !",
    "[Restart the server.]",
    "[!important restart]",
    ":16: a text that begins with ! needs quotes around it",
  ],
  [
    "a text with # in it, the rest of which YAML would drop",
    "symbol: ERROR_BAD_NETPATH",
    "symbol: ERROR_BAD_NETPATH #53",
    ":20: a # behind a blank begins a comment; a text with # in it needs quotes around it",
  ],
  [
    "a # in a list",
    "[Restart the server.]",
    "[Restart server #2.]",
    ":16: a # behind a blank begins a comment; a text with # in it needs quotes around it",
  ],
  [
    "a backslash between double quotes",
    "[Restart the server.]",
    '["Open C:\\Windows."]',
    `:16: between "…" a backslash is written twice: "C:\\\\Windows"; or write it between '…'`,
  ],
  [
    "a key twice",
    "    grade: S",
    "    grade: S\n    grade: A",
    ":26: this key stands twice in its group; keep one of them",
  ],
  [
    "two topics in one file",
    "first_steps:",
    "---\nfirst_steps:",
    ":9: the line --- begins a second topic; each topic has a file of its own",
  ],

  // A value of another kind.
  [
    "a list for a text",
    "en: The name is misspelt.",
    "en: [x]",
    `:23 ${CAUSE}.en: write a text, not a list`,
  ],
  [
    "a truth for a text",
    "The name is misspelt.",
    "true",
    `:23 ${CAUSE}.en: write a text, not the value true, which is a text only between quotes`,
  ],
  [
    "nothing for a text",
    "The name is misspelt.",
    "",
    `:23 ${CAUSE}.en: nothing stands here: write a text`,
  ],
  [
    "a text without its language",
    "{ en: The name is misspelt., ja: 名前が間違っています。 }",
    "misspelt",
    `:23 ${CAUSE}: write the text under its language, as { en: …, ja: … }, not the text "misspelt"`,
  ],
  [
    "a text for a list of steps",
    "first_steps: [check-name]",
    "first_steps: check-name",
    ':9 first_steps: write a list of names of steps, as [a, b], not the text "check-name"',
  ],
  [
    "a text for a list of sentences",
    "en: [Restart the server.]",
    "en: Restart it.",
    ':16 steps.restart-server.en: write a list of sentences, as [a, b], not the text "Restart it."',
  ],
  [
    "signs without their language",
    "{ en: [share] }",
    "[share]",
    ":4 signs.weak: write the words under their language, as { en: [a, b] }, not a list",
  ],
  [
    "a case without its dash",
    "      - cause",
    "        cause",
    `:22 ${CODE}.cases: write a list of cases, as [a, b], not keys and values`,
  ],
  [
    "codes in a list",
    '  "0x80070035":',
    '  - "0x80070035":',
    ":18 codes: write each code with its keys below it, not a list",
  ],
  [
    "a code with nothing below it",
    "codes:",
    'codes:\n  "0x80070036":',
    `:19 codes.0x80070036: nothing stands here: write its keys here (${CODES_KEYS})`,
  ],

  // Codes.
  [
    "a Win32 error in decimal",
    '"0x80070035"',
    '"53"',
    ':19 codes.53: write the Win32 error 53 as "0x80070035"',
  ],
  [
    "one without quotes",
    '"0x80070035"',
    "53",
    ':19 codes.53: write the Win32 error 53 as "0x80070035"',
  ],
  [
    "a Win32 error in hex",
    '"0x80070035"',
    '"0x35"',
    ':19 codes.0x35: write the Win32 error 53 as "0x80070035"',
  ],
  [
    "a Win32 error in eight digits",
    '"0x80070035"',
    '"0x0000042b"',
    ':19 codes.0x0000042b: write the Win32 error 1067 as "0x8007042B"',
  ],
  [
    "digits in lower case",
    '"0x80070035"',
    '"0x801c03ed"',
    ':19 codes.0x801c03ed: write the code as "0x801C03ED"',
  ],
  ["no 0x", '"0x80070035"', '"80070035"', ':19 codes.80070035: write the code as "0x80070035"'],
  [
    "full-width digits",
    '"0x80070035"',
    '"0x８００７００３５"',
    ':19 codes.0x８００７００３５: write the code as "0x80070035"',
  ],
  [
    "a negative decimal",
    '"0x80070035"',
    "-2147024843",
    ':19 codes.-2147024843: write the number in hex: "0x80070035"',
  ],
  [
    "a decimal without a sign",
    '"0x80070035"',
    "2147942453",
    ':19 codes.2147942453: write the number in hex: "0x80070035"',
  ],
  [
    "curly quotes around a code",
    '"0x80070035"',
    "“0x80070035”",
    ':19 codes.“0x80070035”: the code stands between curly quotes of a word processor; write "0x80070035"',
  ],
  [
    "a success",
    '"0x80070035"',
    '"0x00070035"',
    ":19 codes.0x00070035: this number reports a success; the codes of errors begin with 0x8 to 0xF",
  ],
  [
    "a name for a code",
    '"0x80070035"',
    "ERROR_BAD_NETPATH",
    ':19 codes.ERROR_BAD_NETPATH: a code is 0x and eight digits from 0 to F: "0x80070035"; its name stands under symbol',
  ],
  [
    "nine digits",
    '"0x80070035"',
    '"0x800700355"',
    ':19 codes.0x800700355: a code is 0x and eight digits from 0 to F: "0x80070035"; its name stands under symbol',
  ],
  [
    "a pair with blanks",
    "codes:",
    'codes:\n  "0x80070035 - 0x2001a": { same_as: "0x80070035" }',
    ':19 codes.0x80070035 - 0x2001a: write the code as "0x80070035+0x2001A"',
  ],
  [
    "a pair without its first number",
    "codes:",
    'codes:\n  "0x80070036+0x20017": { same_as: "0x80070035" }',
    ':19 codes.0x80070036+0x20017: the pair needs an entry for its first number "0x80070036" in this topic',
  ],
  [
    "same_as that leads nowhere",
    "codes:",
    'codes:\n  "0x80070036": { same_as: "0x80070037" }',
    ':19 codes.0x80070036.same_as: there is no code "0x80070037" in this topic',
  ],
  [
    "same_as that leads to same_as",
    "codes:",
    'codes:\n  "0x80070036": { same_as: "0x80070035" }\n  "0x80070037": { same_as: "0x80070036" }',
    ':20 codes.0x80070037.same_as: "0x80070036" has a same_as, too; name a code that has texts of its own',
  ],

  // Keys.
  [
    "an unknown key of the topic",
    "first_steps:",
    "first-steps:",
    ":9 first-steps: this key is not known here; known are title, general, signs, escalate, unlisted, sources, first_steps, steps, codes",
  ],
  [
    "an unknown key of a code",
    "    grade: S",
    "    grade: S\n    remark: x",
    `:26 ${CODE}.remark: this key is not known here; known are ${CODES_KEYS}`,
  ],
  [
    "an unknown key of a case",
    "        steps: [",
    "        step: [",
    [
      `:23 ${STEPS}: this key is missing: write a list of names of steps, as [a, b]`,
      `:24 ${CODE}.cases.0.step: this key is not known here; known are cause, steps, when, escalate, source`,
    ],
  ],
  [
    "an unknown key of a step",
    "    risk: data",
    "    risk: data\n    remark: x",
    `:14 steps.restart-server.remark: this key is not known here; ${STEP_KEYS}`,
  ],
  [
    "an unknown key of a step that holds a list",
    "    risk: data",
    "    risk: data\n    EN: [x]",
    `:14 steps.restart-server.EN: this key is not known here; ${STEP_KEYS}`,
  ],
  [
    "a language that is none",
    "ja: 名前が間違っています。",
    "japanese: x",
    `:23 ${CAUSE}.japanese: "japanese" is no language (en, ja, pt-BR)`,
  ],
  [
    "a missing title",
    "title: { en: File server, ja: ファイル サーバー }\n",
    "",
    ':1: the key "title" is missing',
  ],
  [
    "a missing meaning",
    "    meaning: {",
    "    escalate: {",
    `:19 ${CODE}: the key "meaning" is missing`,
  ],
  [
    "a missing language of a text",
    ", ja: 名前が間違っています。",
    "",
    `:23 ${CAUSE}: the text in the language "ja" is missing`,
  ],
  [
    "a missing language of a step",
    "    ja: [サーバーを再起動してください。]\n",
    "",
    ':12 steps.restart-server: the text in the language "ja" is missing',
  ],

  // Texts.
  [
    "curly quotes",
    "en: [Restart the",
    "en: [“Restart” the",
    `:16 steps.restart-server.en.0: ${NO_CURLY_QUOTES}`,
  ],
  [
    "a curly apostrophe",
    "name is misspelt.",
    "name isn’t right.",
    `:23 ${CAUSE}.en: ${NO_CURLY_QUOTES}`,
  ],
  ["an empty text", "The name is misspelt.", '""', `:23 ${CAUSE}.en: the text is empty`],
  [
    "a blank before a text",
    "The name is misspelt.",
    '" x"',
    `:23 ${CAUSE}.en: remove the blanks at the ends of the text`,
  ],
  [
    "a text that is too long",
    "The name is misspelt.",
    "x".repeat(201),
    `:23 ${CAUSE}.en: the text has 201 characters; at most 200 fit into a comment`,
  ],
  [
    "an invisible letter",
    "The name is",
    "The\u200b name is",
    `:23 ${CAUSE}.en: the text holds line breaks or invisible characters; write it anew on one line`,
  ],
  [
    "a backtick without a partner",
    "The name is",
    "The name `fs01 is",
    `:23 ${CAUSE}.en: a backtick has no partner; write \`command\``,
  ],
  [
    "too many sentences",
    "[Restart the server.]",
    "[a, b, c, d]",
    ":16 steps.restart-server.en: write at most 3 sentences",
  ],
  [
    "an address that is not secure",
    "https://learn",
    "http://learn",
    ':8 sources.guide.url: write an address that begins with https://, not the text "http://learn.example/guide"',
  ],

  // Steps.
  [
    "a step that does not exist",
    "[check-name, restart-server]",
    "[check-name, restart-sever, restart-server]",
    `:24 ${STEPS}.1: there is no step "restart-sever" in this topic`,
  ],
  [
    "a first step that does not exist",
    "first_steps: [check-name]",
    "first_steps: [chek-name]",
    ':9 first_steps.0: there is no step "chek-name" in this topic',
  ],
  [
    "a step that nobody uses",
    "steps:\n  check-name:",
    "steps:\n  kick: { risk: none, who: user, en: [Kick it.], ja: [x] }\n  check-name:",
    ':11 steps.kick: no code and no first step uses "kick"; remove it, or name it under steps',
  ],
  [
    "a step twice",
    "[check-name, restart-server]",
    "[check-name, check-name, restart-server]",
    `:24 ${STEPS}.1: "check-name" stands twice in this case`,
  ],
  [
    "a risky step without a caution",
    "    caution: { en: Open files are lost., ja: 開いているファイルが失われます。 }\n",
    "",
    ':13 steps.restart-server.risk: a step with the risk "data" needs a caution: what may be lost, what must be at hand',
  ],
  [
    "a risky first step",
    "first_steps: [check-name]",
    "first_steps: [check-name, restart-server]",
    ':9 first_steps.1: "restart-server" is risky; first steps are shown for many codes, so they must be mild',
  ],
  [
    "a mild step behind a risky one",
    "[check-name, restart-server]",
    "[restart-server, check-name]",
    `:24 ${STEPS}.1: "check-name" stands behind the risky "restart-server"; mild steps come first`,
  ],
  [
    "a risk that nobody knows",
    "risk: data",
    "risk: high",
    ':13 steps.restart-server.risk: write one of none, restart, access, data, security, not the text "high"',
  ],
  [
    "a source that does not exist",
    "    source: guide",
    "    source: gide",
    `:26 ${CODE}.source: there is no source "gide" in this topic`,
  ],

  // Signs.
  [
    "a sign that is too short",
    "[file server, mapped drive]",
    "[file server, fs]",
    ':3 signs.strong.en.1: the sign "fs" is too short: it would stand in any ticket',
  ],
  [
    "a sign of one Japanese character",
    "{ en: [share] }",
    "{ ja: [印] }",
    ':4 signs.weak.ja.0: the sign "印" is too short: it would stand in any ticket',
  ],
  [
    "a strong sign that stands in any ticket",
    "[file server, mapped drive]",
    "[file server, error]",
    ':3 signs.strong.en.1: "error" stands in tickets of every kind; add a second word, or list it as weak',
  ],
  [
    "upper case in a sign",
    "[file server, mapped drive]",
    "[file server, Mapped Drive]",
    ':3 signs.strong.en.1: write the sign in lower case, "mapped drive": it finds "Mapped Drive", too',
  ],
  [
    "a gap without a word before it",
    "[file server, mapped drive]",
    "[file server, … drive]",
    ':3 signs.strong.en.1: in "… drive" a … stands once, between words, as in "create … pin"',
  ],
  ["curly quotes in a sign", "[share]", "[“share”]", `:4 signs.weak.en.0: ${NO_CURLY_QUOTES}`],
  [
    "no sign at all",
    "{ en: [share] }",
    "{ en: [] }",
    ":4 signs.weak.en: the list is empty; remove the language",
  ],
  [
    "a condition in upper case",
    "        steps: [check",
    "        when: [FS01]\n        steps: [check",
    `:24 ${CODE}.cases.0.when.0: write the sign in lower case, "fs01": it finds "FS01", too`,
  ],
  [
    "a facility without 0x",
    '["0x8024"]',
    '["8024"]',
    ':5 signs.facilities.0: write the beginning of a code, such as 0x8024, not the text "8024"',
  ],
  [
    "a topic that could never be shown",
    'signs:\n  strong: { en: [file server, mapped drive] }\n  weak: { en: [share] }\n  facilities: ["0x8024"]\n',
    "",
    ":1 signs: without a strong sign or a facility this topic would never be shown",
  ],
];

test.each(slips)(
  "%s is told with file, line, field and a sentence",
  async (_, from, to, expected) => {
    const problems = await problemsOf({ [SOUND_FILE]: changed(from, to) });
    const all = typeof expected === "string" ? [expected] : expected;
    expect(problems).toEqual(all.map((each) => `${SOUND_FILE}${each}`));
  },
);

const SAVE_AS = "save it as UTF-8 (in Notepad: Save as, Encoding UTF-8)";
const REPEATED = `a: &a [x, x, x, x, x, x, x, x, x, x, x, x]\n${["b", "c", "d"]
  .map((name, index) => {
    const alias = `*${"abc"[index]}`;
    return `${name}: &${name} [${Array(12).fill(alias).join(", ")}]\n`;
  })
  .join("")}`;

const contents: [why: string, content: string | Uint8Array, problem: string][] = [
  ["nothing", "", ":1: the file is empty; write at least one code under codes, or remove the file"],
  [
    "nothing but notes",
    "# later\n",
    ":1: the file is empty; write at least one code under codes, or remove the file",
  ],
  [
    "a list",
    "- a\n- b\n",
    ":1: the file holds a list; a topic file has keys such as title, steps and codes",
  ],
  [
    "a text",
    "hello\n",
    ":1: the file holds only a text; a topic file has keys such as title, steps and codes",
  ],
  ["UTF-16", Buffer.from(`\ufeff${SOUND}`, "utf16le"), `: the file is saved as UTF-16; ${SAVE_AS}`],
  [
    "UTF-16 of the other byte order",
    Buffer.from(`\ufeff${SOUND}`, "utf16le").swap16(),
    `: the file is saved as UTF-16; ${SAVE_AS}`,
  ],
  [
    "UTF-16 without a mark",
    Buffer.from("title: x", "utf16le"),
    `: the file is saved as UTF-16; ${SAVE_AS}`,
  ],
  [
    "UTF-8 with a byte order mark",
    `\ufeff${SOUND}`,
    `: the file begins with a byte order mark; ${SAVE_AS}, not "UTF-8 with BOM"`,
  ],
  [
    "Latin-1",
    Buffer.from("title: { en: Dépôt }", "latin1"),
    `: the file is not saved as UTF-8; ${SAVE_AS}`,
  ],
  [
    "50 MB",
    new Uint8Array(50 * 1024 * 1024),
    ": the file has 50 MB; a topic file has at most 2 MB",
  ],
  [
    "a few lines that stand for thousands",
    REPEATED,
    ":1: the file repeats itself too often by & and *; write the texts out",
  ],
];

test.each(contents)("a file that holds %s is told in one sentence", async (_, content, problem) => {
  expect(await problemsOf({ [SOUND_FILE]: content })).toEqual([`${SOUND_FILE}${problem}`]);
});

const LEFT_OUT = "this file would be left out:";
const NAME_YAML = `${LEFT_OUT} a topic is a file NAME.yaml; move this one elsewhere`;

const names: [name: string, problem: string | null, why: string][] = [
  ["share-2.yaml", null, "a topic"],
  ["README.md", null, "notes"],
  [".gitkeep", null, "a file of a tool"],
  ["desktop.ini", null, "a file of Windows"],
  [
    "53.yaml",
    `${LEFT_OUT} a file is named for its topic, such as file-server.yaml; the code stands in it`,
    "a Win32 error",
  ],
  [
    "0x80070035.yaml",
    `${LEFT_OUT} a file is named for its topic, such as file-server.yaml; the code stands in it`,
    "a code",
  ],
  [
    "share.yaml.txt",
    `${LEFT_OUT} its name ends in .txt (Windows hides that); rename it to share.yaml`,
    "as an editor of Windows saves it",
  ],
  ["share.yml", `${LEFT_OUT} rename it to share.yaml`, "the other ending of YAML"],
  ["share.YAML", `${LEFT_OUT} rename it to share.yaml`, "an ending in upper case"],
  ["Upper Case.yaml", `${LEFT_OUT} rename it to upper-case.yaml`, "upper case and a blank"],
  ["file_server (2).yaml", `${LEFT_OUT} rename it to file-server-2.yaml`, "a copy"],
  [
    "共有.yaml",
    `${LEFT_OUT} the name of a topic has a to z, 0 to 9 and dashes only, such as file-server.yaml`,
    "letters of another alphabet",
  ],
  ["share.json", NAME_YAML, "JSON"],
  ["share.yaml~", NAME_YAML, "a copy that an editor made"],
  ["codes.csv", NAME_YAML, "a table"],
];

test.each(names)("beside a topic, %s is told as %j: %s", async (name, problem) => {
  const another = changed('  facilities: ["0x8024"]\n', "");
  const problems = await problemsOf({ [SOUND_FILE]: SOUND, [`catalog/${name}`]: another });
  expect(problems).toEqual(problem === null ? [] : [`catalog/${name}: ${problem}`]);
});

test("topic files in a folder within the folder are told", async () => {
  const files = { [SOUND_FILE]: SOUND, "catalog/shares/more/fs01.yaml": SOUND };
  expect(await problemsOf(files)).toEqual([
    "catalog/shares: the files in this folder would be left out: topic files stand side by side; move them up",
  ]);
});

test("two topics that claim a beginning of codes are told", async () => {
  expect(await problemsOf({ [SOUND_FILE]: SOUND, "catalog/printing.yaml": SOUND })).toEqual([
    'catalog/printing.yaml:5 signs.facilities.0: the topic "file-server" claims "0x8024", too; codes that begin alike belong to one topic',
  ]);
});

const folders: [why: string, files: Files, further: string[], problems: string[]][] = [
  ["no such folder", {}, [], ["catalog: there is no such folder"]],
  [
    "a file for a folder",
    { [SOUND_FILE]: SOUND },
    ["catalog/file-server.yaml"],
    ["catalog/file-server.yaml: this is a file; name the folder in which it stands"],
  ],
  [
    "a first folder without a topic",
    { "catalog/README.md": "x" },
    [],
    ["catalog: there is no topic file in this folder"],
  ],
  [
    "two folders of one name, which an upload could not tell apart",
    { [SOUND_FILE]: SOUND, "mine/catalog/README.md": "x" },
    ["mine/catalog"],
    ['mine/catalog: another folder is called "catalog", too; give this one a name of its own'],
  ],
  ["a folder that is named twice", { [SOUND_FILE]: SOUND }, ["catalog"], []],
  [
    "an own folder without a topic yet",
    { [SOUND_FILE]: SOUND, "mine/README.md": "x" },
    ["mine"],
    [],
  ],
];

test.each(folders)("%s is told", async (_, files, further, problems) => {
  expect(await problemsOf(files, ...further)).toEqual(problems);
});

test("all problems of all files and folders are told at once", async () => {
  const problems = await problemsOf(
    {
      [SOUND_FILE]: changed("[check-name, restart-server]", "[restart-server, check-name]"),
      "catalog/printing.yaml": `${SOUND.replace("0x8024", "0x8030")}\nnote: x\n`.replace(
        "S\n",
        "X\n",
      ),
      "catalog/shares.yaml": "a: [b,, c]\nd: {,}\n",
      "catalog/53.yaml": "",
      "mine/file-server.yaml": "\ufeff",
    },
    "mine",
    "nowhere",
  );
  expect(problems.map((each) => each.replace(/:? .*/, ""))).toEqual([
    "catalog/53.yaml",
    "catalog/printing.yaml:25",
    "catalog/printing.yaml:28",
    "catalog/shares.yaml:1",
    "catalog/shares.yaml:2",
    "mine/file-server.yaml",
    "nowhere",
  ]);
});
