import { after, before } from "../pattern.ts";
import type { Condition, Rule } from "./rule.ts";

/** Exclusions that no keyword overrules. */
const STRICT: readonly Rule[] = [
  {
    id: "exclusion/other-system",
    verdict: "rejected",
    because: "a number of another system, which names it beside it",
    when: [(f) => f.isNamedByOtherSystem],
  },
  {
    id: "exclusion/operand",
    verdict: "rejected",
    because: "an operand of an instruction",
    when: [(f) => f.isOperand],
  },
  {
    id: "exclusion/base64",
    verdict: "rejected",
    because: "a part of Base64",
    when: [(f) => f.isBare, (f) => f.isInBase64],
  },
  {
    id: "exclusion/machine-number",
    verdict: "rejected",
    because: "labelled as a number of a machine, such as an offset or a mask",
    when: [(f) => f.isLabelledMachine],
    speaksForNumber: true,
  },
  {
    id: "exclusion/everyday-number",
    verdict: "rejected",
    because: "labelled as a number of goods, people or counts",
    when: [(f) => f.isLabelledEveryday, (f) => !f.isPrefixed],
  },
  {
    id: "exclusion/longer-name",
    verdict: "rejected",
    because: "part of a longer name or number",
    when: [(f) => f.isTied, (f) => !f.isNamedError],
  },
  {
    id: "exclusion/sign-extended-bare",
    verdict: "rejected",
    because: "16 hex digits, and nothing names an error",
    when: [(f) => f.isSignExtendedBare, (f) => f.keyword === null],
  },
];

/** An exclusion by what stands around a number, unless a keyword or a neighbour names an error. */
function around(
  id: `exclusion/${string}`,
  because: string,
  sides: { readonly before?: RegExp; readonly behind?: RegExp },
): Rule {
  const { before: left, behind: right } = sides;
  const when: Condition[] = [(f) => !f.isNamedError];
  if (left) when.push((f) => f.holdsBefore(left));
  if (right) when.push((f) => f.holdsBehind(right));
  return { id, verdict: "rejected", because, when, speaksForNumber: true };
}

/** Where numbers in hex are something else, although no keyword names them. */
const BY_SURROUNDINGS: readonly Rule[] = [
  around("exclusion/address", "an address", {
    before: before(/\b(?:at|by)\s{1,4}[`'"(]?/),
  }),
  around("exclusion/stack-frame", "an address in a stack", {
    before: before(/#\d{1,3}\s{1,4}/),
  }),
  around("exclusion/stack-function", "an address in a stack, before its function", {
    behind: after(/\s{1,4}in\s{1,2}(?:\?\?|[\w:.~<>]{2,60}(?:\s?\(|\+0x))/),
  }),
  around("exclusion/stack-offset", "an address in a stack, before a function and an offset", {
    behind: after(/[\s-]{1,4}(?:<unknown>|[\w:.~]{3,60} \+ \d)/),
  }),
  around("exclusion/stack-brackets", "an address in a stack, in brackets", {
    before: before(/\)\[/),
    behind: after(/\]/),
  }),
  around("exclusion/range-start", "the start of a range of addresses", {
    behind: after(/`?(?:\s?->|\.\.)\s?`?0x[0-9a-f]{4,16}\b/),
  }),
  around("exclusion/range-dash", "the start of a range of addresses", {
    behind: after(/\s?-\s?0x(?!0000)[0-9a-f]{8}\b/),
  }),
  around("exclusion/range-end", "the end of a range of addresses", {
    before: before(/0x[0-9a-f]{4,16}`?(?:\s?\(?->|\.\.)\s?`?/),
  }),
  around("exclusion/range-dash-end", "the end of a range of addresses", {
    before: before(/0x[0-9a-f]{7,8}\s?-\s?/),
  }),
  around("exclusion/first-argument", "an argument of a function", {
    before: before(/\w\((?:[\w.]{1,40}, ?){0,6}/),
    behind: after(/, ?\w/),
  }),
  around("exclusion/last-argument", "an argument of a function", {
    before: before(/\w\((?:[\w.]{1,40}, ?){0,6}0x[0-9a-f]{1,16}, ?/),
  }),
  around("exclusion/stop-parameter", "a parameter of a stop code", {
    before: before(/(?:stop|bug ?check)[^\n(]{0,30}\((?:0x[0-9a-f]{8,16}, ?){0,3}/),
  }),
  around("exclusion/pointer", "a pointer behind a count", {
    before: before(/\(\d{1,6}, ?/),
    behind: after(/\)/),
  }),
  around("exclusion/cast", "a pointer of a type", {
    behind: after(/\s{1,2}as \*/),
  }),
  around("exclusion/value-of-name", "the value of a name", {
    before: before(/[A-Za-z_@][\w.@]{0,40} ?= ?[*&]?-?/),
  }),
  around("exclusion/register", "a register of the processor", {
    before: before(
      /\b(?:[arxvst]\d{1,2}|e[a-d]x|e[sd]i|e[sb]p|eip|[fimls][pr]|msp|pc|ps|ra|cpsr|scr)[:=\s]{1,12}/,
    ),
  }),
  around("exclusion/memory-address", "the address of a row of memory", {
    behind: after(/:(?:\s{1,3}[0-9a-f]{4,16}\b){2}/),
  }),
  around("exclusion/memory-row", "in a row of memory", {
    before: before(/(?:^|\n)\s{0,8}[0-9a-f]{8,16}:(?:\s{1,3}[0-9a-f]{2,16}){0,8}\s{1,3}/),
  }),
  around("exclusion/module-time", "the time stamp of a module, behind its version", {
    before: before(/\d\.\d{1,6}\.\d{1,6}\.\d{1,6}, [^,:\n]{3,30}: ?/),
  }),
];

export const EXCLUSIONS: readonly Rule[] = [...STRICT, ...BY_SURROUNDINGS];
