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
  [["strong a"], ["a"], null, COMMON, "sure a", "the words name a topic that lists it"],
  [["strong a"], ["a", "b"], null, COMMON, "sure a", "another topic lists it, too"],
  [["strong a", "strong b"], ["b"], null, COMMON, "sure b", "only one of two topics lists it"],
  [["strong a", "strong b"], ["a", "b"], null, COMMON, "possible a b", "both fit equally"],
  [["strong b 2", "strong a"], ["a", "b"], null, COMMON, "sure b", "more words of one"],
  [
    ["strong a in subject", "strong b 3"],
    ["a", "b"],
    null,
    COMMON,
    "sure a",
    "the subject outweighs the body",
  ],
  [["strong a", "strong b"], ["a", "b"], "b", OWN, "sure b", "the number decides between two"],
  [["strong a"], ["a"], "b", OWN, "sure a", "words outweigh the number's own topic"],
  [["strong a"], [], "b", OWN, "sure b", "words for a topic that does not know the number"],
  [[], [], "b", OWN, "sure b", "the number alone belongs to a topic"],
  [[], ["a", "b"], "b", OWN, "sure b", "also where another one lists it"],
  [["weak a"], ["a", "b"], "b", OWN, "sure b", "weak words do not outweigh a distinctive number"],
  [[], ["a"], "b", OWN, "sure a", "unless only another one lists it: theirs is the meaning"],
  [["weak a"], ["a"], "b", OWN, "sure a", "all the more when words say so"],
  [["weak a"], ["a"], "b", COMMON, "possible a b", "but they do a common one"],
  [["weak b"], ["a"], "b", COMMON, "sure b", "unless they agree with it"],
  [[], ["a"], null, DISTINCT, "sure a", "only one topic lists a distinctive number"],
  [[], ["a"], null, COMMON, "unknown", "that only one lists a common number says nothing"],
  [["weak a"], ["a"], null, COMMON, "possible a", "a weak word makes it possible"],
  [["weak b"], ["a", "b", "c"], null, COMMON, "possible b", "only the one with a word"],
  [[], ["a", "b"], null, DISTINCT, "possible a b", "two list a distinctive number"],
  [["weak b"], ["a", "b"], null, DISTINCT, "possible b a", "the one with a word first"],
  [[], ["a", "b", "c"], null, DISTINCT, "possible a b", "at most two are named"],
  [[], ["a", "b", "c"], null, COMMON, "unknown", "nothing speaks for any of them"],
  [["strong a"], ["b"], null, COMMON, "sure a", "the situation is certain, the number unlisted"],
  [["strong a"], [], null, COMMON, "sure a", "no topic lists it"],
  [["strong a"], ["b"], null, DISTINCT, "possible b", "a distinctive number of another topic"],
  [["strong a", "strong c"], [], null, COMMON, "unknown", "two topics, and none lists it"],
  [["weak a"], [], null, COMMON, "unknown", "weak words are never enough"],
  [[], [], null, COMMON, "unknown", "nothing at all"],
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
  "evidence %j, listed by %j, owned by %s: %s is %s: %s",
  (evidence, topics, owner, code, expected) => {
    const situations = decideSituations([candidate(code, topics, owner)], evidenceOf(...evidence));
    const [situation] = situations.values();
    expect(situation && describe(situation)).toBe(expected);
  },
);

const beside: [evidence: string[], others: Candidate[], expected: string, why: string][] = [
  [[], [candidate(OWN, ["a"], "a")], "sure a", "a number beside it belongs to a topic"],
  [[], [candidate(DISTINCT, ["a"])], "sure a", "only one topic lists a number beside it"],
  [[], [candidate("0x80070035", ["a"])], "unknown", "a common number beside it says nothing"],
  [
    [],
    [candidate(OWN, ["a"], "a"), candidate(DISTINCT, ["b"])],
    "unknown",
    "two numbers tell of two topics",
  ],
  [["strong c"], [candidate(OWN, ["a"], "a")], "sure c", "the words tell of a third one"],
];

test.each(beside)(
  "with evidence %j, beside %j, a common number is %s: %s",
  (evidence, others, expected) => {
    const asked = candidate(COMMON, ["a", "b", "d"]);
    const situations = decideSituations([...others, asked], evidenceOf(...evidence));
    const situation = situations.get(asked.code);
    expect(situation && describe(situation)).toBe(expected);
  },
);
