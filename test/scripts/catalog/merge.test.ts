import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readCatalog } from "../../../scripts/catalog/read.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "catalog-merge-"));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** The topic `file-server` of the project. */
const PROJECT = `title: { en: File server, ja: ファイル サーバー }
signs: { strong: { en: [file server] }, facilities: ["0x8024"] }
escalate: { en: the file team, ja: ファイル担当 }
sources:
  guide: { title: { en: Guide, ja: 手引き }, url: "https://learn.example/guide" }
first_steps: [check-name]
steps:
  check-name: { risk: none, who: user, en: [Check the name.], ja: [名前を確認してください。] }
  check-cable: { risk: none, who: agent, en: [Check the cable.], ja: [ケーブルを確認してください。] }
codes:
  "0x80070035":
    symbol: ERROR_BAD_NETPATH
    meaning: { en: The path was not found., ja: パスが見つかりません。 }
    cases:
      - cause: { en: The cable is loose., ja: ケーブルが外れています。 }
        steps: [check-cable]
    grade: S
    source: guide
  "0x80070036": { same_as: "0x80070035" }
  "0x80070040":
    meaning: { en: The name was deleted., ja: 名前が削除されました。 }
    contact_microsoft: true
    cases: []
    grade: S
    source: guide
`;

const CALL_STORAGE = `steps:
  call-storage: { risk: none, who: agent, en: [Call the storage team.] }
`;

/** Reads the project's topic and folders of one's own, each a record of topic to text. */
async function read(...own: readonly Readonly<Record<string, string>>[]) {
  const folders = [{ "file-server": PROJECT }, ...own].map((files, index) => {
    const folder = join(root, index === 0 ? "catalog" : `own-${index}`);
    mkdirSync(folder, { recursive: true });
    for (const [topic, text] of Object.entries(files)) {
      writeFileSync(join(folder, `${topic}.yaml`), text);
    }
    return folder;
  });
  const { topics, overrides, ...rest } = await readCatalog(folders);
  const contentOf = (name: string) => topics.find((each) => each.name === name)?.content;
  return { ...rest, contentOf, overrides: overrides.map(({ what, file }) => `${file} ${what}`) };
}

const changes: [why: string, own: string, content: object, overrides: string[]][] = [
  [
    "a code is added, with a step of its own and one of the project",
    `${CALL_STORAGE}codes:
  "0x80070043":
    meaning: { en: The share was not found. }
    cases: [{ steps: [check-name, call-storage] }]
`,
    {
      codes: {
        "0x80070035": { symbol: "ERROR_BAD_NETPATH" },
        "0x80070043": { cases: [{ steps: ["check-name", "call-storage"] }] },
      },
      steps: { "check-cable": { who: "agent" }, "call-storage": { who: "agent" } },
    },
    [],
  ],
  [
    "the cases of a code are replaced, and the rest of it stays",
    `${CALL_STORAGE}codes:
  "0x80070035": { cases: [{ steps: [call-storage] }] }
`,
    {
      codes: {
        "0x80070035": {
          symbol: "ERROR_BAD_NETPATH",
          meaning: { en: "The path was not found.", ja: "パスが見つかりません。" },
          cases: [{ steps: ["call-storage"] }],
        },
      },
    },
    ["own-1/file-server.yaml code 0x80070035: cases"],
  ],
  [
    "a case with a condition comes before those of the project",
    `${CALL_STORAGE}codes:
  "0x80070035": { cases: [{ when: [fs01], steps: [call-storage], escalate: { en: storage } }] }
`,
    {
      codes: {
        "0x80070035": {
          cases: [
            { when: ["fs01"], steps: ["call-storage"], escalate: { en: "storage" } },
            { cause: { en: "The cable is loose." }, steps: ["check-cable"] },
          ],
        },
      },
    },
    [],
  ],
  [
    "a case with a condition comes before another one of the same file",
    `${CALL_STORAGE}codes:
  "0x80070035": { cases: [{ steps: [check-name] }, { when: [fs01], steps: [call-storage] }] }
`,
    {
      codes: {
        "0x80070035": {
          cases: [{ when: ["fs01"], steps: ["call-storage"] }, { steps: ["check-name"] }],
        },
      },
    },
    ["own-1/file-server.yaml code 0x80070035: cases"],
  ],
  [
    "a code that repeats another one keeps its texts behind a case with a condition",
    `${CALL_STORAGE}codes:
  "0x80070036": { cases: [{ when: [fs01], steps: [call-storage] }] }
`,
    {
      codes: {
        "0x80070036": {
          meaning: { en: "The path was not found." },
          cases: [{ when: ["fs01"] }, { steps: ["check-cable"] }],
        },
      },
    },
    [],
  ],
  [
    "who answers by steps of his own is no longer sent to Microsoft",
    `${CALL_STORAGE}codes:
  "0x80070040": { cases: [{ steps: [call-storage] }] }
`,
    { codes: { "0x80070040": { contact_microsoft: false } } },
    ["own-1/file-server.yaml code 0x80070040: cases"],
  ],
  [
    "a case with a condition alone takes nobody away from Microsoft",
    `${CALL_STORAGE}codes:
  "0x80070040": { cases: [{ when: [fs01], steps: [call-storage] }] }
`,
    { codes: { "0x80070040": { contact_microsoft: true } } },
    [],
  ],
  [
    "a code may be said to be the same as another one",
    'codes: { "0x80070040": { same_as: "0x80070035" } }\n',
    { codes: { "0x80070040": { same_as: "0x80070035" } } },
    ["own-1/file-server.yaml code 0x80070040"],
  ],
  [
    "a step is replaced as a whole: its Japanese text would contradict the new one",
    "steps: { check-cable: { risk: restart, who: admin, en: [Change the cable.] } }\n",
    { steps: { "check-cable": { risk: "restart", who: "admin", en: ["Change the cable."] } } },
    ["own-1/file-server.yaml step check-cable"],
  ],
  [
    "a text is replaced in its language, and stays in the others",
    `title: { en: Shares }
escalate: { en: storage@corp.example }
codes: { "0x80070035": { meaning: { en: FS01 is down. } } }
`,
    {
      title: { en: "Shares", ja: "ファイル サーバー" },
      escalate: { en: "storage@corp.example" },
      codes: { "0x80070035": { meaning: { en: "FS01 is down.", ja: "パスが見つかりません。" } } },
    },
    [
      "own-1/file-server.yaml title",
      "own-1/file-server.yaml escalate",
      "own-1/file-server.yaml code 0x80070035: meaning",
    ],
  ],
  [
    "signs are added to those of the project",
    'signs: { strong: { en: [fs01], de: [netzlaufwerk] }, facilities: ["0x8024", "0x80FF"] }\n',
    {
      signs: {
        strong: { en: ["file server", "fs01"], de: ["netzlaufwerk"] },
        facilities: expect.arrayContaining(["0x8024", "0x80FF"]),
      },
    },
    [],
  ],
  [
    "first steps and the advice on other codes are replaced",
    "first_steps: [check-cable]\nunlisted: contact-microsoft\n",
    { first_steps: ["check-cable"], unlisted: "contact-microsoft" },
    ["own-1/file-server.yaml first_steps"],
  ],
];

test.each(changes)("%s", async (_, own, content, overrides) => {
  const catalog = await read({ "file-server": own });
  expect(catalog.contentOf("file-server")).toMatchObject(content);
  expect(catalog.overrides).toEqual(overrides);
});

test("a replaced step says nothing of the languages of the earlier one", async () => {
  const own = "steps: { check-cable: { risk: none, who: user, en: [Change it.] } }\n";
  const { contentOf } = await read({ "file-server": own });
  expect(contentOf("file-server")?.steps?.["check-cable"]).not.toHaveProperty("ja");
});

test("an own topic needs one language, and neither sources nor grades", async () => {
  const own = `title: { en: The ERP client }
signs: { strong: { en: [erp client] } }
${CALL_STORAGE}codes:
  "0x80070035": { meaning: { en: The ERP server is not reached. }, cases: [{ steps: [call-storage] }] }
`;
  const catalog = await read({ erp: own });
  expect(catalog.contentOf("erp")).toMatchObject({ title: { en: "The ERP client" } });
  expect(catalog.folders).toEqual([
    { name: "catalog", topics: ["file-server"] },
    { name: "own-1", topics: ["erp"] },
  ]);
  expect(catalog.overrides).toEqual([]);
});

test("of several folders each later one has the last word", async () => {
  const escalate = (team: string) => ({ "file-server": `escalate: { en: ${team} }\n` });
  const catalog = await read(escalate("first"), escalate("second"));
  expect(catalog.contentOf("file-server")?.escalate).toEqual({ en: "second" });
  expect(catalog.overrides).toEqual([
    "own-1/file-server.yaml escalate",
    "own-2/file-server.yaml escalate",
  ]);
});

const problems: [why: string, topic: string, own: string, problem: string][] = [
  [
    "a new topic without a title",
    "file-sever",
    'codes: { "0x80070035": { meaning: { en: x }, cases: [] } }\n',
    'file-sever.yaml:1 title: this key is missing: no earlier folder has a topic "file-sever", so it needs a title, or the file another name',
  ],
  [
    "a new code without a meaning",
    "file-server",
    'codes:\n  "0x80070043": { cases: [{ steps: [check-name] }] }\n',
    'file-server.yaml:2 codes.0x80070043: the key "meaning" is missing',
  ],
  [
    "a step that no folder has",
    "file-server",
    'codes:\n  "0x80070035":\n    cases:\n      - steps: [check-name, call-storage]\n',
    'file-server.yaml:4 codes.0x80070035.cases.0.steps.1: there is no step "call-storage" in this topic',
  ],
  [
    "a step of its own that nobody uses",
    "file-server",
    CALL_STORAGE,
    'file-server.yaml:2 steps.call-storage: no code and no first step uses "call-storage"; remove it, or name it under steps',
  ],
  [
    "a first step that it makes risky",
    "file-server",
    `first_steps: [check-name]
steps: { check-name: { risk: data, who: user, caution: { en: x }, en: [Format the disk.] } }
`,
    'file-server.yaml:1 first_steps.0: "check-name" is risky; first steps are shown for many codes, so they must be mild',
  ],
  [
    "a beginning of codes that another topic claims",
    "erp",
    'title: { en: ERP }\nsigns: { facilities: ["0x8024"] }\n',
    'erp.yaml:2 signs.facilities.0: the topic "file-server" claims "0x8024", too; codes that begin alike belong to one topic',
  ],
];

test.each(problems)("an own file is told of %s", async (_, topic, own, problem) => {
  await expect(read({ [topic]: own })).rejects.toThrow(
    `The catalog has 1 problem:\n  own-1/${problem}`,
  );
});

test("a step of the project whose last use is replaced is no problem", async () => {
  const own = 'codes: { "0x80070035": { cases: [{ steps: [check-name] }] } }\n';
  expect((await read({ "file-server": own })).overrides).toHaveLength(1);
});
