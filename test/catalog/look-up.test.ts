import { expect, test } from "vitest";
import { catalogOf } from "../../scripts/catalog/build.ts";
import { type Found, lookUp } from "../../src/catalog/look-up.ts";
import { Hresult } from "../../src/hresult/hresult.ts";
import { symbolKey } from "../../src/hresult/symbol-hash.ts";
import { testCatalog, withCodes } from "../catalog-fixture.ts";

const CATALOG = await catalogOf(testCatalog());

/** What a scan of a text with these words finds. */
function found(words: string, codes: Found["codes"], seconds: readonly string[] = []): Found {
  return { codes, seconds, signs: CATALOG.findSigns([{ place: "body", text: words }]) };
}

function firm(...codes: readonly string[]): Found["codes"] {
  return codes.map((code) => ({ code: Hresult.parse(code), tentative: false }));
}

async function adviceOn(words: string, code: string, seconds: readonly string[] = []) {
  const { advice } = await lookUp(found(words, firm(code), seconds), CATALOG);
  expect(advice).toHaveLength(1);
  const [only] = advice;
  if (only === undefined) throw new Error("no advice");
  return only;
}

const meanings: [
  words: string,
  code: string,
  topic: string | null,
  meaning: string | null,
  steps: number,
  why: string,
][] = [
  [
    "mapped drive",
    "0x80070005",
    "network-shares",
    "The share denied access.",
    1,
    "the meaning and steps of the topic",
  ],
  [
    "windows update",
    "0x80070005",
    "windows-update",
    "The update was denied access.",
    2,
    "the meaning and steps of another topic",
  ],
  ["", "0x80070005", null, "Access was denied.", 0, "unknown situation: the general meaning"],
  [
    "",
    "0x8024402C",
    "windows-update",
    "The update server was not found.",
    1,
    "the topic owns the facility",
  ],
  ["", "0x8024FFFF", "windows-update", null, 1, "not listed: the first steps of its topic"],
  [
    "mapped drive",
    "0xC0000022",
    "network-shares",
    "Access was denied.",
    1,
    "not listed in this topic: first steps",
  ],
  ["", "0xC0000022", null, "Access was denied.", 0, "named, but not listed"],
  ["", "0x80FF0001", null, null, 0, "nothing is known"],
  [
    "",
    "0x80070035",
    null,
    "The network path was not found.",
    0,
    "one topic lists it, but there is no sign",
  ],
];

test.each(meanings)(
  "with %j the code %s has the topic %s, the meaning %j and %i steps: %s",
  async (words, code, ...expected) => {
    const { topic, meaning, steps } = await adviceOn(words, code);
    const [ofTopic, means, count] = expected;
    expect(topic).toBe(ofTopic);
    expect(meaning?.en ?? null).toBe(means);
    expect(steps).toHaveLength(count);
  },
);

test("first steps of a topic are marked as general", async () => {
  expect((await adviceOn("mapped drive", "0xC0000022")).stepsAreGeneral).toBe(true);
  expect((await adviceOn("mapped drive", "0x80070035")).stepsAreGeneral).toBe(false);
});

test("risky steps come last", async () => {
  const { steps } = await adviceOn("windows hello", "0x801C03ED");
  expect(steps.map(({ risk }) => risk)).toEqual(["none", "access"]);
});

test("in a possible situation the topics are named with their likeliest cause", async () => {
  const { topic, possible, steps } = await adviceOn("a drive", "0x80070035");
  expect({ topic, steps }).toEqual({ topic: null, steps: [] });
  expect(possible).toEqual([
    {
      title: expect.objectContaining({ en: "Network shares" }),
      hint: expect.objectContaining({ en: "The name is misspelt." }),
    },
  ]);
});

const pairs: [seconds: string[], second: string | null, meaning: string, why: string][] = [
  [[], null, "The upgrade was rolled back.", "the code alone"],
  [["0x20017"], "0x20017", "A driver failed in the second phase.", "a listed pair"],
  [["0x30018"], "0x3????", "The third phase failed.", "a pattern"],
  [["0x3001"], null, "The upgrade was rolled back.", "a digit too few for the pattern"],
  [["0x40017"], null, "The upgrade was rolled back.", "no such pair"],
];

test.each(pairs)(
  "0xC1900101 with %j gives the second number %s and the meaning %j: %s",
  async (seconds, second, meaning) => {
    const advice = await adviceOn("windows update", "0xC1900101", seconds);
    expect(advice.second).toBe(second);
    expect(advice.meaning?.en).toBe(meaning);
  },
);

test("another code of the ticket can be the second of a pair", async () => {
  const pair = withCodes(testCatalog(), (codes, topic) => {
    const entry = codes["0x80070035"];
    if (topic !== "network-shares" || entry === undefined) return codes;
    return { ...codes, "0x80070035+0x80070005": { ...entry, meaning: { en: "Both." } } };
  });
  const catalog = await catalogOf(pair);
  const { advice } = await lookUp(found("mapped drive", firm("0x80070035", "0x80070005")), catalog);
  expect(advice.find(({ code }) => code === "0x80070035")?.meaning?.en).toBe("Both.");
});

const contacts: [words: string, code: string, contact: boolean, why: string][] = [
  ["windows hello", "0x80090010", true, "the entry says so"],
  ["", "0x80090010", false, "not in this situation"],
  ["windows hello", "0x80090016", true, "the topic says so for every unlisted code"],
  ["windows hello", "0x80090029", false, "it has steps"],
  ["windows update", "0x80090016", false, "another topic"],
];

test.each(contacts)("with %j %s leads to Microsoft: %s: %s", async (words, code, contact) => {
  expect((await adviceOn(words, code)).contactMicrosoft).toBe(contact);
});

const conditions: [text: string, cause: string, escalate: string, why: string][] = [
  [
    "mapped drive on FS01",
    "FS01 is being moved.",
    "the storage team",
    "the ticket contains the word",
  ],
  [
    "mapped drive on FS02",
    "The name is misspelt.",
    "whoever runs the file server",
    "the ticket does not contain it",
  ],
];

test.each(conditions)(
  "with a condition on one case, %j gives the cause %s and escalates to %s: %s",
  async (text, cause, escalate) => {
    const own = withCodes(testCatalog(), (codes, topic) => {
      const entry = codes["0x80070035"];
      if (topic !== "network-shares" || entry === undefined) return codes;
      const moved = {
        when: ["fs01"],
        cause: { en: "FS01 is being moved." },
        escalate: { en: "the storage team" },
        steps: ["check-name"],
      };
      return { ...codes, "0x80070035": { ...entry, cases: [moved, ...(entry.cases ?? [])] } };
    });
    const catalog = await catalogOf(own);
    const signs = catalog.findSigns([{ place: "body", text }]);
    const { advice } = await lookUp({ codes: firm("0x80070035"), seconds: [], signs }, catalog);
    expect(advice[0]?.causes[0]?.en).toBe(cause);
    expect(advice[0]?.escalate?.en).toBe(escalate);
  },
);

test("a symbol becomes its code, and an unknown symbol is left out", async () => {
  const codes = ["NTE_NOT_SUPPORTED", "NO_SUCH_NAME"].map((name) => ({ key: symbolKey(name) }));
  const { advice } = await lookUp(found("", codes), CATALOG);
  expect(advice.map(({ code }) => code)).toEqual(["0x80090029"]);
});

const tentative: [code: string, counts: boolean][] = [
  ["0x80070035", true],
  ["0x80240016", true],
  ["0x80FF0001", false],
];

test.each(tentative)("a tentative %s is kept: %s", async (code, counts) => {
  const codes = [{ code: Hresult.parse(code), tentative: true }];
  const { advice } = await lookUp(found("", codes), CATALOG);
  expect(advice.length > 0).toBe(counts);
});

const topics: [words: string, codes: string[], topic: string | null, why: string][] = [
  ["windows update", ["0x80FF0001"], "windows-update", "the signs show it"],
  ["", ["0x80FF0001", "0x8024402C"], "windows-update", "a code shows it"],
  [
    "windows update, mapped drive",
    ["0x80070035"],
    "network-shares",
    "two topics: the code decides",
  ],
  ["", ["0x80FF0001"], null, "nothing shows a topic"],
];

test.each(topics)(
  "a ticket with the words %j and the codes %j is about %s: %s",
  async (words, codes, topic) => {
    expect((await lookUp(found(words, firm(...codes)), CATALOG)).topic).toBe(topic);
  },
);

test("codes with steps come first, each group in the order of the ticket", async () => {
  const codes = firm("0x80FF0001", "0x8024402C", "0x80FF0002", "0x80070005");
  const { advice } = await lookUp(found("windows update", codes), CATALOG);
  expect(advice.map(({ code }) => code)).toEqual([
    "0x80FF0001",
    "0x8024402C",
    "0x80FF0002",
    "0x80070005",
  ]);
  const other = await lookUp(found("", firm("0x80070035", "0x8024402C")), CATALOG);
  expect(other.advice.map(({ code }) => code)).toEqual(["0x8024402C", "0x80070035"]);
});
