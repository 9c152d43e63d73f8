import { expect, test } from "vitest";
import { FACILITY_RANGES, PRINTER_RANGES } from "../../src/scanner/facility-ranges.ts";
import { RULES } from "../../src/scanner/rules/index.ts";
import { explain } from "../../src/scanner/scan.ts";
import { WIN32_RANGES } from "../../src/scanner/win32-ranges.ts";
import { exampleFailures } from "./example-failures.ts";
import { FACILITY_EXAMPLES, PRINTER_EXAMPLES, WIN32_EXAMPLES } from "./range-examples.ts";
import { RULE_EXAMPLES } from "./rule-examples.ts";

const ALL = [...RULES.malformed, ...RULES.code, ...RULES.win32];

test("rule ids are unique, and the examples cover the rules in their order", () => {
  expect(RULE_EXAMPLES.map(({ rule }) => rule)).toEqual(ALL.map(({ id }) => id));
  expect(new Set(ALL.map(({ id }) => id)).size).toBe(ALL.length);
});

test("the examples cover the ranges in the order of their tables", () => {
  expect(FACILITY_EXAMPLES.map(([name]) => name)).toEqual(FACILITY_RANGES.map((each) => each.name));
  expect(PRINTER_EXAMPLES.map(([name]) => name)).toEqual(PRINTER_RANGES.map((each) => each.name));
  expect(WIN32_EXAMPLES.map(([name]) => name)).toEqual(WIN32_RANGES.map((each) => each.name));
});

test("each rule decides in its examples, and not in its near misses", () => {
  expect([...exampleFailures()]).toEqual([]);
});

test("each rule gives its reason in one sentence without a full stop", () => {
  for (const { id, because } of ALL) expect(because, id).toMatch(/^[^.]{5,120}$/);
});

test("the explanation of a text names a rule for each number", () => {
  const text = "Setup failed with 0x80070005 at 0x00007ff880090029.";
  expect(explain(text)).toEqual([
    {
      start: 18,
      end: 28,
      notation: "hex",
      code: "0x80070005",
      verdict: "firm",
      rule: "keyword/beside-error",
      because: "the word for error stands directly before it",
    },
    {
      start: 32,
      end: 50,
      notation: "hex",
      code: null,
      verdict: "rejected",
      rule: "notation/length",
      because: "a code has eight hex digits",
    },
  ]);
});
