import { FACILITY_RANGES } from "../../src/scanner/facility-ranges.ts";
import { TABLES, type Tables } from "../../src/scanner/features.ts";
import { RULES, type RuleSet } from "../../src/scanner/rules/index.ts";
import { explain } from "../../src/scanner/scan.ts";
import { FACILITY_EXAMPLES, PRINTER_EXAMPLES, WIN32_EXAMPLES } from "./range-examples.ts";
import { RULE_EXAMPLES } from "./rule-examples.ts";

/** Checks a rule set and its tables against all examples. Yields one sentence for each failure. */
export function* exampleFailures(
  rules: RuleSet = RULES,
  tables: Tables = TABLES,
): Generator<string> {
  for (const { rule, decides, nearMisses } of RULE_EXAMPLES) {
    const rulesIn = (text: string) => explain(text, rules, tables).map((each) => each.rule);
    for (const text of decides) {
      if (!rulesIn(text).includes(rule)) yield `${rule} does not decide in ${JSON.stringify(text)}`;
    }
    for (const [text, instead] of nearMisses) {
      const found = rulesIn(text);
      if (found.includes(rule)) yield `${rule} decides in ${JSON.stringify(text)}`;
      if (instead !== null && !found.includes(instead)) {
        yield `${instead} does not decide in ${JSON.stringify(text)}, but ${found.join(", ")}`;
      }
    }
  }
  const isDistinctive = new Map(
    FACILITY_RANGES.map((each) => [each.name, each.isDistinctive ?? false]),
  );
  for (const [name, code] of FACILITY_EXAMPLES) {
    const { facilities } = tables;
    if (!facilities.has(code)) yield `${name} has no range`;
    if (facilities.isDistinctive(code) !== isDistinctive.get(name))
      yield `${name}: isDistinctive differs`;
  }
  for (const [name, code] of PRINTER_EXAMPLES) {
    if (!tables.printers.has(code)) yield `${name} has no range`;
  }
  for (const [name, text, code] of WIN32_EXAMPLES) {
    const codes = explain(text, rules, tables).map((each) => each.code);
    if (!codes.some((each) => each === code))
      yield `${name} finds no code in ${JSON.stringify(text)}`;
  }
}
