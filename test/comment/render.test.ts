import { expect, test } from "vitest";
import { catalogOf } from "../../scripts/catalog/build.ts";
import type { CatalogSource } from "../../scripts/catalog/read.ts";
import { lookUp } from "../../src/catalog/look-up.ts";
import { format } from "../../src/comment/format.ts";
import { type About, countShownSteps, render } from "../../src/comment/render.ts";
import { Hresult, toHresult } from "../../src/hresult/hresult.ts";
import { testCatalog, testCatalogWithSixSteps, withCodes } from "../catalog-fixture.ts";

interface Change extends Partial<About> {
  /** Words of the ticket besides its codes. */
  words?: string;
  seconds?: string[];
  source?: CatalogSource;
  file?: string;
}

async function commentOn(
  codes: readonly string[],
  { words = "", seconds = [], source = testCatalog(), file, ...about }: Change = {},
) {
  const catalog = await catalogOf(source);
  const signs = catalog.findSigns([{ place: "body", text: words }]);
  const found = codes.map((code) => ({ code: Hresult.parse(code), tentative: false, file }));
  const { advice } = await lookUp({ codes: found, seconds, signs }, catalog);
  return render(advice, {
    locale: "en",
    catalogVersion: "0123456789ab",
    more: 0,
    cutAt: null,
    ...about,
  });
}

async function textOf(codes: readonly string[], change: Change = {}) {
  return format(await commentOn(codes, change), "text");
}

test("a code in a certain situation has meaning, cause, steps, escalation and source", async () => {
  expect(await textOf(["0x80070035"], { words: "mapped drive" })).toBe(
    `Windows error 0x80070035 ERROR_BAD_NETPATH: The network path was not found.
Situation: Network shares
Likely cause:
- The name is misspelt.

What to do
1. User: Check the name of the server.
If this does not help, escalate to whoever runs the file server.
Source: Shares <https://learn.example/shares> · Catalog 0123456789ab`,
  );
});

test("the same comment in Japanese", async () => {
  expect(await textOf(["0x80070035"], { words: "mapped drive", locale: "ja" })).toBe(
    `Windows エラー 0x80070035 ERROR_BAD_NETPATH: ネットワーク パスが見つかりません。
状況: ネットワーク共有
考えられる原因:
- 名前が間違っています。

対処方法
1. ユーザー: サーバー名を確認してください。
解決しない場合は、ファイル サーバーの管理担当者にエスカレーションしてください。
出典: 共有 <https://learn.example/shares> · カタログ 0123456789ab`,
  );
});

test("with two languages everything is said twice, one language after the other", async () => {
  const text = await textOf(["0x80070035"], { words: "mapped drive", locale: "ja+en" });
  expect(text).toMatch(/^Windows エラー 0x80070035 /);
  expect(text).toContain("\nWindows error 0x80070035 ERROR_BAD_NETPATH: The network path");
  expect(text.match(/0123456789ab/g)).toHaveLength(1);
});

test("a risky step comes last, with its caution", async () => {
  const lines = (await textOf(["0x801C03ED"], { words: "windows hello" })).split("\n");
  expect(lines).toContain("1. User: Sign out and sign in again.");
  expect(lines).toContain(
    "2. Administrator: Disconnect the device and join it again. Caution: Have a local administrator account at hand.",
  );
});

test("a code without steps leads to Microsoft and has no other escalation", async () => {
  const comment = await commentOn(["0x80090010"], { words: "windows hello" });
  expect(comment.contactMicrosoft).toBe(true);
  expect(comment.tags).toContain("contact-microsoft");
  const text = format(comment, "text");
  expect(text).toContain(
    "If this does not help, contact Microsoft Support about 0x80090010. Say what was tried.",
  );
  expect(text).not.toContain("escalate");
  expect(text).toContain("General steps for this situation\n1. User: Try again.");
});

test("a code that reports a success has no escalation", async () => {
  const text = await textOf(["0x801C000F"], { words: "windows hello" });
  expect(text).toMatch(
    /^Windows error 0x801C000F .*: The operation succeeded; restart the device\./,
  );
  expect(text).not.toMatch(/escalate|Microsoft Support/);
});

const alone: [code: string, words: string, firstLine: string, lines: number, why: string][] = [
  [
    "0x80070005",
    "",
    "Windows error 0x80070005 E_ACCESSDENIED: Access was denied.",
    1,
    "an unknown situation: the meaning only",
  ],
  [
    "0x80240016",
    "",
    "Windows error 0x80240016 WU_E_INSTALL_NOT_ALLOWED: reported by Windows Update; its meaning is not in the catalog.",
    5,
    "a name, and the first steps of its topic",
  ],
  [
    "0x8018FFFF",
    "",
    "Windows error 0x8018FFFF: reported by enrolment; its meaning is not in the catalog.",
    1,
    "a product only",
  ],
  ["0x80FF0001", "", "Windows error 0x80FF0001: its meaning is not in the catalog.", 1, "nothing"],
];

test.each(alone)(
  "the comment on %s in a ticket with %j begins with %j: %s",
  async (code, words, firstLine, lines) => {
    const all = (await textOf([code], { words })).split("\n").filter(Boolean);
    expect(all[0]).toBe(firstLine);
    expect(all.slice(1, -1)).toHaveLength(lines - 1);
  },
);

test("a pair is named with both numbers", async () => {
  const text = await textOf(["0xC1900101"], { words: "windows update", seconds: ["0x20017"] });
  expect(text).toMatch(
    /^Windows error 0xC1900101 - 0x20017: A driver failed in the second phase\.\n/,
  );
});

test("a possible topic is named in one line, without its steps", async () => {
  const text = await textOf(["0x80070035"], { words: "a drive" });
  expect(text).toContain("\n- If this happened in Network shares: The name is misspelt.\n");
  expect(text).not.toMatch(/^\d\. /m);
});

test("codes of one situation share their steps, each once", async () => {
  const text = await textOf(["0x80070035", "0x80070005"], { words: "mapped drive" });
  expect(text.match(/Check the name of the server/g)).toHaveLength(1);
  expect(text).toContain(
    "Also in this ticket:\n- 0x80070005 E_ACCESSDENIED: The share denied access.",
  );
});

test("codes of two situations have a section each", async () => {
  const text = await textOf(["0x80070035", "0x8024402C"], { words: "mapped drive" });
  expect(text.match(/^Situation: /gm)).toHaveLength(2);
  expect(text.match(/escalate to/g)).toHaveLength(2);
});

test("codes without a certain situation come last, in one line each", async () => {
  const text = await textOf(["0x80FF0001", "0xC0000022", "0x8024402C"]);
  expect(text).toMatch(/^Windows error 0x8024402C /);
  expect(text).toContain(
    "Other codes in the ticket\n- 0x80FF0001: its meaning is not in the catalog.\n- 0xC0000022 STATUS_ACCESS_DENIED: Access was denied.\n",
  );
});

const many: [count: number, more: number, lines: string[], why: string][] = [
  [1, 0, [], "the first one is the headline"],
  [6, 0, Array.from({ length: 5 }, () => "- 0x80FF"), "five beside it"],
  [
    7,
    0,
    ["- Windows: 0x80FF0001, 0x80FF0002, 0x80FF0003, 0x80FF0004, 0x80FF0005, and 1 more code"],
    "more, by product",
  ],
  [2, 7, ["- 0x80FF0001", "- and 7 more codes"], "those that were not kept are counted"],
  [1, 1, ["- and 1 more code"], "one that was not kept"],
];

test.each(many)(
  "%i codes without advice and %i more make the lines %j: %s",
  async (count, more, lines) => {
    const codes = Array.from({ length: count }, (_, index) => toHresult(0x80ff0000 + index));
    const text = await textOf(codes, { more });
    const listed = text.split("\n").filter((line) => line.startsWith("- "));
    expect(listed).toHaveLength(lines.length);
    for (const [index, line] of lines.entries()) expect(listed[index]).toContain(line);
  },
);

test("a code that was only found in a file comes with its name", async () => {
  expect(await textOf(["0x80FF0001"], { file: "cbs.log" })).toContain("0x80FF0001 (in cbs.log): ");
});

test("at most five steps and two sources are shown", async () => {
  const text = await textOf(["0x80070035"], {
    words: "mapped drive",
    source: testCatalogWithSixSteps(),
  });
  expect(text.match(/^\d\. /gm)).toHaveLength(5);
  expect(text).not.toContain("Check the name");
});

const shown: [codes: string[], words: string, counts: number[], why: string][] = [
  [["0x80070035"], "mapped drive", [5], "five of its six"],
  [["0x80070035", "0x80070005"], "mapped drive", [5, 0], "another code's steps fill the places"],
  [["0x80070005"], "mapped drive", [1], "the only one"],
  [["0x80070035"], "", [], "nothing says what the ticket is about"],
];

test.each(shown)(
  "of %j in a ticket with %j, %j steps are shown: %s",
  async (codes, words, counts) => {
    const catalog = await catalogOf(testCatalogWithSixSteps());
    const signs = catalog.findSigns([{ place: "body", text: words }]);
    const found = codes.map((code) => ({ code: Hresult.parse(code), tentative: false }));
    const { advice } = await lookUp({ codes: found, seconds: [], signs }, catalog);
    expect([...countShownSteps(advice, "en").values()]).toEqual(counts);
  },
);

test("the comment says that only part of the ticket was scanned", async () => {
  expect(await textOf(["0x80070035"], { cutAt: 2_000_000 })).toContain(
    "only its first 2,000,000 characters were searched for codes.",
  );
});

/** The catalog in which one text is there in Japanese only. */
function onlyJapanese(): CatalogSource {
  return withCodes(testCatalog(), (codes, topic) => {
    const entry = codes["0x80070035"];
    if (topic !== "network-shares" || entry === undefined) return codes;
    return { ...codes, "0x80070035": { ...entry, meaning: { ja: "日本語のみ。" } } };
  });
}

test("a text that is missing in the language of the comment is shown in another", async () => {
  const text = await textOf(["0x80070035"], { words: "mapped drive", source: onlyJapanese() });
  expect(text).toContain("0x80070035 ERROR_BAD_NETPATH: 日本語のみ。");
  expect(text).toContain("What to do\n1. User: Check the name of the server.");
});
