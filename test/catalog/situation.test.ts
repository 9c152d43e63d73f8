import { expect, test } from "vitest";
import type { Evidence, Place } from "../../src/catalog/signs.ts";
import { type Candidate, decideSituations } from "../../src/catalog/situation.ts";
import { Hresult } from "../../src/hresult/hresult.ts";

/** `strong updates`, `weak shares in subject`, `strong updates 3` for three words. */
function evidenceOf(...all: readonly string[]): Evidence[] {
  return all.map((each) => {
    const [strength = "", topic = "", ...rest] = each.split(" ");
    const count = Number(rest.find((part) => /^\d$/.test(part)) ?? 1);
    const place = (rest.includes("in") ? rest.at(-1) : "body") as Place;
    const words = Array.from({ length: count }, (_, index) => `word ${index}`);
    return { topic, strength: strength === "strong" ? "strong" : "weak", place, words };
  });
}

function candidate(code: string, topics: string[], owner: string | null = null): Candidate {
  return { code: Hresult.parse(code), topics, owner };
}

const COMMON = "0x80070005";
const OWN = "0x80240016";
const DISTINCT = "0x87D00692";

const one: [
  evidence: string[],
  topics: string[],
  owner: string | null,
  code: string,
  kind: string,
  why: string,
][] = [
  [["strong a"], ["a"], null, COMMON, "sure a", "the words show a topic that lists it"],
  [["strong a"], ["a", "b"], null, COMMON, "sure a", "another topic lists it, too"],
  [["strong a", "strong b"], ["b"], null, COMMON, "sure b", "only one of two topics lists it"],
  [["strong a", "strong b"], ["a", "b"], null, COMMON, "possible a b", "both topics fit equally"],
  [["strong b 2", "strong a"], ["a", "b"], null, COMMON, "sure b", "more words for one topic"],
  [
    ["strong a in subject", "strong b 3"],
    ["a", "b"],
    null,
    COMMON,
    "sure a",
    "the subject outweighs the body",
  ],
  [
    ["strong a", "strong b"],
    ["a", "b"],
    "b",
    OWN,
    "sure b",
    "the owner of the code wins between two equal topics",
  ],
  [["strong a"], ["a"], "b", OWN, "sure a", "strong words outweigh the owner of the code"],
  [["strong a"], [], "b", OWN, "sure b", "words for a topic that does not list the code"],
  [[], [], "b", OWN, "sure b", "the owner of the code"],
  [[], ["a", "b"], "b", OWN, "sure b", "the owner, even if another topic lists it, too"],
  [["weak a"], ["a", "b"], "b", OWN, "sure b", "weak words do not outweigh the owner"],
  [[], ["a"], "b", OWN, "sure a", "not the owner, because only another topic lists the code"],
  [["weak a"], ["a"], "b", OWN, "sure a", "the same with a weak word for that topic"],
  [
    ["weak a"],
    ["a"],
    "b",
    COMMON,
    "possible a b",
    "for a common code weak words make the owner doubtful",
  ],
  [["weak b"], ["a"], "b", COMMON, "sure b", "a weak word for the owner confirms it"],
  [[], ["a"], null, DISTINCT, "sure a", "only one topic lists a distinctive code"],
  [[], ["a"], null, COMMON, "unknown", "a common code that only one topic lists"],
  [["weak a"], ["a"], null, COMMON, "possible a", "a weak word makes it possible"],
  [["weak b"], ["a", "b", "c"], null, COMMON, "possible b", "only the topic with a word"],
  [[], ["a", "b"], null, DISTINCT, "possible a b", "two topics list a distinctive code"],
  [["weak b"], ["a", "b"], null, DISTINCT, "possible b a", "the topic with a word comes first"],
  [[], ["a", "b", "c"], null, DISTINCT, "possible a b", "at most two are named"],
  [
    ["weak c in subject", "weak a", "weak b"],
    ["a", "b", "c"],
    null,
    DISTINCT,
    "possible c a",
    "of the topics with a word, the best two are named",
  ],
  [
    ["weak b in subject", "weak a"],
    ["a", "b"],
    "o",
    COMMON,
    "possible b o",
    "the owner is named beside the best topic with a word",
  ],
  [[], ["a", "b", "c"], null, COMMON, "unknown", "nothing shows any of them"],
  [
    ["strong a"],
    ["b"],
    null,
    COMMON,
    "sure a",
    "the words are certain, although the topic does not list the code",
  ],
  [["strong a"], [], null, COMMON, "sure a", "no topic lists it"],
  [["strong a"], ["b"], null, DISTINCT, "possible b", "a distinctive code of another topic"],
  [
    ["strong a", "strong c"],
    [],
    null,
    COMMON,
    "unknown",
    "two equal topics that do not list the code",
  ],
  [["weak a"], [], null, COMMON, "unknown", "weak words are never enough"],
  [[], [], null, COMMON, "unknown", "no evidence at all"],
];

function describe(
  situation: ReturnType<typeof decideSituations> extends Map<unknown, infer S> ? S : never,
) {
  if (situation.kind === "unknown") return "unknown";
  return situation.kind === "sure"
    ? `sure ${situation.topic}`
    : `possible ${situation.topics.join(" ")}`;
}

test.each(one)(
  "with evidence %j, listed by %j, owned by %s, the situation of %s is %s: %s",
  (evidence, topics, owner, code, expected) => {
    const situations = decideSituations([candidate(code, topics, owner)], evidenceOf(...evidence));
    const [situation] = situations.values();
    expect(situation && describe(situation)).toBe(expected);
  },
);

const beside: [evidence: string[], others: Candidate[], expected: string, why: string][] = [
  [[], [candidate(OWN, ["a"], "a")], "sure a", "another code is owned by a topic"],
  [[], [candidate(DISTINCT, ["a"])], "sure a", "another, distinctive code is listed by one topic"],
  [[], [candidate("0x80070035", ["a"])], "unknown", "another, common code shows nothing"],
  [
    [],
    [candidate(OWN, ["a"], "a"), candidate(DISTINCT, ["b"])],
    "unknown",
    "two other codes show two topics",
  ],
  [["strong c"], [candidate(OWN, ["a"], "a")], "sure c", "the words show a third topic"],
];

test.each(beside)(
  "with evidence %j and the other codes %j, a common code is %s: %s",
  (evidence, others, expected) => {
    const asked = candidate(COMMON, ["a", "b", "d"]);
    const situations = decideSituations([...others, asked], evidenceOf(...evidence));
    const situation = situations.get(asked.code);
    expect(situation && describe(situation)).toBe(expected);
  },
);
