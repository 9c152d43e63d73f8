// Takes every rule, every condition of a rule and every range out of the scanner in turn, and looks
// whether an example notices. Run it weekly, and after a change of rules: npm run test:mutation
import {
  createRangeIndex,
  FACILITY_RANGES,
  PRINTER_RANGES,
} from "../../src/scanner/facility-ranges.ts";
import { TABLES, type Tables } from "../../src/scanner/features.ts";
import { RULES, type RuleSet } from "../../src/scanner/rules/index.ts";
import type { Rule } from "../../src/scanner/rules/rule.ts";
import { WIN32_RANGES } from "../../src/scanner/win32-ranges.ts";
import { exampleFailures } from "../scanner/example-failures.ts";

/** A scanner that lacks one thing. */
interface Mutant {
  readonly lacks: string;
  readonly rules: RuleSet;
  readonly tables: Tables;
}

const KINDS = ["malformed", "code", "win32"] as const;

function withoutRules(): Mutant[] {
  return KINDS.flatMap((kind) =>
    RULES[kind].map((rule) => ({
      lacks: rule.id,
      rules: { ...RULES, [kind]: RULES[kind].filter((each) => each !== rule) },
      tables: TABLES,
    })),
  );
}

function withoutConditions(): Mutant[] {
  return KINDS.flatMap((kind) =>
    RULES[kind].flatMap((rule) =>
      rule.when.map((condition, index) => ({
        lacks: `${rule.id}, condition ${index + 1}: ${condition}`,
        rules: {
          ...RULES,
          [kind]: RULES[kind].map((each) => (each === rule ? without(rule, index) : each)),
        },
        tables: TABLES,
      })),
    ),
  );
}

function without(rule: Rule, index: number): Rule {
  return { ...rule, when: rule.when.filter((_, at) => at !== index) };
}

function withoutRanges(): Mutant[] {
  const lacking = <T>(all: readonly T[], one: T) => all.filter((each) => each !== one);
  return [
    ...FACILITY_RANGES.map((range) => ({
      lacks: `range ${range.name}`,
      rules: RULES,
      tables: { ...TABLES, facilities: createRangeIndex(lacking(FACILITY_RANGES, range)) },
    })),
    ...PRINTER_RANGES.map((range) => ({
      lacks: `range ${range.name}`,
      rules: RULES,
      tables: { ...TABLES, printers: createRangeIndex(lacking(PRINTER_RANGES, range)) },
    })),
    ...WIN32_RANGES.map((range) => ({
      lacks: `range ${range.name}`,
      rules: RULES,
      tables: { ...TABLES, win32: lacking(WIN32_RANGES, range) },
    })),
  ];
}

const wrong = [...exampleFailures()];
if (wrong.length > 0) throw new Error(`the examples fail without a mutation:\n${wrong.join("\n")}`);

const mutants = [...withoutRules(), ...withoutConditions(), ...withoutRanges()];
const survivors = mutants.filter(({ rules, tables }) => exampleFailures(rules, tables).next().done);
for (const { lacks } of survivors) console.log(`survived: without ${lacks}`);
console.log(`${mutants.length} mutants, ${survivors.length} survivors`);
if (survivors.length > 0) process.exitCode = 1;
