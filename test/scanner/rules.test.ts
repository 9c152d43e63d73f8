import { expect, test } from "vitest";
import { RULES } from "../../src/scanner/rules/index.ts";
import { explain } from "../../src/scanner/scan.ts";
import { RULE_EXAMPLES } from "./rule-examples.ts";

const ALL = [...RULES.malformed, ...RULES.code, ...RULES.win32];

function rulesIn(text: string) {
  return explain(text).map(({ rule }) => rule);
}

test("each rule has its own id, and examples in the order of the lists", () => {
  expect(RULE_EXAMPLES.map(({ rule }) => rule)).toEqual([...new Set(ALL.map(({ id }) => id))]);
});

const decided = RULE_EXAMPLES.flatMap(({ rule, decides }) => decides.map((text) => [rule, text]));

test.each(decided)("%s decides in %j", (rule, text) => {
  expect(rulesIn(text ?? "")).toContain(rule);
});

const missed = RULE_EXAMPLES.flatMap(({ rule, nearMisses }) =>
  nearMisses.map(([text, instead]) => ({ rule, text, instead })),
);

test.each(missed)("$rule does not decide in $text, but $instead", ({ rule, text, instead }) => {
  const rules = rulesIn(text);
  if (instead !== null) expect(rules).toContain(instead);
  if (instead !== null && instead !== rule)
    expect(rules.filter((each) => each === rule)).toEqual([]);
});
