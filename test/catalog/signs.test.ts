import { expect, test } from "vitest";
import { createSignMatcher, type PlacedText } from "../../src/catalog/signs.ts";

const LONG = `${"very ".repeat(15)}kindly`;
const TOPICS = {
  updates: { strong: ["windows update", "wsus", "更新プログラムのインストール"], weak: ["patch"] },
  shares: { strong: ["file server", "mapped drive"], weak: ["drive", "fs01"] },
  pin: { strong: ["create … pin", "pin … 設定", "windows update pin"], weak: ["pin"] },
  keys: { strong: ["use … security key", `ask … ${LONG}`], weak: [] },
};
const findSigns = createSignMatcher({ topics: TOPICS, conditions: ["fs01", "room 7"] });

function inBody(text: string) {
  return findSigns([{ place: "body", text }]);
}

function evidenceIn(text: string) {
  return inBody(text).evidence.map(({ topic, strength }) => `${strength} ${topic}`);
}

const texts: [text: string, evidence: string[], why: string][] = [
  ["nothing here", [], "no sign"],
  ["Windows Update fails", ["strong updates"], "upper and lower case are the same"],
  [
    "windows-update, windows_update, windowsupdate",
    ["strong updates"],
    "a blank matches a dash, an underscore or nothing",
  ],
  ["windows\nupdate", ["strong updates"], "a blank matches a line break"],
  ["windows updates", [], "the word is longer"],
  ["newsus", [], "the sign ends another word"],
  ["wsus2", [], "a digit makes the word longer"],
  ["wsus.", ["strong updates"], "a full stop ends a word"],
  ["これはWSUSです", ["strong updates"], "kana do not make the word longer"],
  ["更新プログラムのインストールに失敗", ["strong updates"], "a script without blanks"],
  ["сwsus", [], "a Cyrillic letter makes the word longer"],
  ["create a new pin", ["strong pin", "weak pin"], "other words in between"],
  ["create a ticket. pin it", ["weak pin"], "a full stop in between"],
  ["create an account for the colleague who has lost his pin", ["weak pin"], "too far apart"],
  ["create spinning", [], "the second part begins within a word"],
  ["pin を新しく設定", ["strong pin", "weak pin"], "kana in between"],
  ["pin設定", ["strong pin", "weak pin"], "nothing in between"],
  [`create ${"x".repeat(28)} pinning`, [], "the second part begins a longer word"],
  [`create ${"x".repeat(28)} pin.`, ["strong pin", "weak pin"], "just near enough"],
  ["use a security-key", ["strong keys"], "a blank of the second part matches a dash"],
  [`ask him ${LONG}`, ["strong keys"], "a long second part"],
  ["my drive", ["weak shares"], "a weak sign"],
  ["windows update pin", ["strong updates", "strong pin", "weak pin"], "signs that overlap"],
];

test.each(texts)("%j shows %j: %s", (text, evidence) => {
  expect(evidenceIn(text).sort()).toEqual([...evidence].sort());
});

test("the words of a condition are reported in their own list", () => {
  expect(inBody("FS01 in Room 7")).toEqual({
    evidence: [{ topic: "shares", strength: "weak", place: "body", words: ["fs01"] }],
    conditions: ["fs01", "room 7"],
  });
});

const ranks: [texts: PlacedText[], first: string, why: string][] = [
  [
    [
      { place: "subject", text: "file server" },
      { place: "body", text: "windows update, wsus" },
    ],
    "shares",
    "the subject comes before the body",
  ],
  [
    [
      { place: "body", text: "file server" },
      { place: "file", text: "windows update, wsus" },
    ],
    "shares",
    "the body comes before files",
  ],
  [[{ place: "body", text: "file server, windows update, wsus" }], "updates", "more words"],
  [
    [
      { place: "subject", text: "patch" },
      { place: "file", text: "file server" },
    ],
    "shares",
    "a strong sign comes before any weak one",
  ],
];

test.each(ranks)("the best evidence in %j is for %s: %s", (all, first) => {
  expect(findSigns(all).evidence[0]?.topic).toBe(first);
});

test("only the beginning of a text is searched", () => {
  expect(evidenceIn(`${"x ".repeat(9_990)}wsus`)).toEqual(["strong updates"]);
  expect(evidenceIn(`${"x ".repeat(10_000)}wsus`)).toEqual([]);
});

test("at most five words of one topic are kept", () => {
  const many = createSignMatcher({
    topics: { all: { strong: ["aaa", "bbb", "ccc", "ddd", "eee", "fff"], weak: [] } },
    conditions: [],
  });
  const [evidence] = many([{ place: "body", text: "aaa bbb ccc ddd eee fff" }]).evidence;
  expect(evidence?.words).toEqual(["aaa", "bbb", "ccc", "ddd", "eee"]);
});
