import { expect, test } from "vitest";
import { FACILITY_RANGES, PRINTER_RANGES } from "../../src/scanner/facility-ranges.ts";
import { RULES } from "../../src/scanner/rules/index.ts";
import { explain } from "../../src/scanner/scan.ts";
import { WIN32_RANGES } from "../../src/scanner/win32-ranges.ts";
import { exampleFailures } from "./example-failures.ts";
import { FACILITY_EXAMPLES, PRINTER_EXAMPLES, WIN32_EXAMPLES } from "./range-examples.ts";
import { RULE_EXAMPLES } from "./rule-examples.ts";

const ALL = [...RULES.malformed, ...RULES.code, ...RULES.win32];

test("each rule has its own id, and examples in the order of the decision lists", () => {
  expect(RULE_EXAMPLES.map(({ rule }) => rule)).toEqual(ALL.map(({ id }) => id));
  expect(new Set(ALL.map(({ id }) => id)).size).toBe(ALL.length);
});

test("each range has an example, in the order of its table", () => {
  expect(FACILITY_EXAMPLES.map(([name]) => name)).toEqual(FACILITY_RANGES.map((each) => each.name));
  expect(PRINTER_EXAMPLES.map(([name]) => name)).toEqual(PRINTER_RANGES.map((each) => each.name));
  expect(WIN32_EXAMPLES.map(([name]) => name)).toEqual(WIN32_RANGES.map((each) => each.name));
});

test("each rule decides in its examples, and another rule in each near miss", () => {
  expect([...exampleFailures()]).toEqual([]);
});

test("a rule says why in one sentence, without a full stop", () => {
  for (const { id, because } of ALL) expect(because, id).toMatch(/^[^.]{5,120}$/);
});

test("the explanation of a text names the rule for each number in it", () => {
  const text = "Setup failed with 0x80070005 at 0x00007ff880090029.";
  expect(explain(text)).toEqual([
    {
      start: 18,
      end: 28,
      notation: "hex",
      code: "0x80070005",
      verdict: "firm",
      rule: "keyword/beside-error",
      because: "the word for error touches it",
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
