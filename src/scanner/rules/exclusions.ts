import { followedBy, precededBy } from "../pattern.ts";
import type { Condition, Rule } from "./rule.ts";

/**
 * A report of Windows Error Reporting lists the version of a program (P2) or module (P5), and then
 * the time stamp of the same file (P3, P6).
 */
const REPORT_VERSION = precededBy(/\bP[25]: ?\d{1,6}(?:\.\d{1,6}){3}\s{1,4}P[36]: ?/);

/** Exclusions by a label, a notation or a neighbour. Most apply even if a keyword names an error. */
const STRICT: readonly Rule[] = [
  {
    id: "exclusion/other-system",
    verdict: "rejected",
    because: "an error number of another system, named next to it",
    when: [(f) => f.isOtherSystemError],
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
    because: "part of Base64",
    when: [(f) => f.isBare || f.isMisspelt, (f) => f.isInBase64],
  },
  {
    id: "exclusion/machine-number",
    verdict: "rejected",
    because: "labelled as a technical number, such as an offset or a mask",
    when: [(f) => f.hasMachineKeyword],
    appliesToAllOccurrences: true,
  },
  {
    id: "exclusion/report-time",
    verdict: "rejected",
    because: "the time stamp of a program or module in a crash report, after its version",
    when: [(f) => f.isBare, (f) => f.matchesBefore(REPORT_VERSION)],
  },
  {
    id: "exclusion/everyday-number",
    verdict: "rejected",
    because: "labelled as a number of goods, people or counts",
    when: [(f) => f.hasEverydayKeyword, (f) => !f.isPrefixed],
  },
  {
    id: "exclusion/longer-name",
    verdict: "rejected",
    because: "part of a longer name or number",
    when: [(f) => f.isAttached, (f) => !f.isNamedAsError],
  },
  {
    id: "exclusion/sign-extended-bare",
    verdict: "rejected",
    because: "16 hex digits, and nothing names an error",
    when: [(f) => f.isSignExtendedBare, (f) => f.keyword === null],
  },
];

/** An exclusion by the text directly before or after a number, unless something names an error. */
function around(
  id: `exclusion/${string}`,
  because: string,
  text: { readonly before?: RegExp; readonly after?: RegExp },
): Rule {
  const { before, after } = text;
  const when: Condition[] = [(f) => !f.isNamedAsError];
  if (before) when.push((f) => f.matchesBefore(before));
  if (after) when.push((f) => f.matchesAfter(after));
  return { id, verdict: "rejected", because, when, appliesToAllOccurrences: true };
}

/** Places in logs and dumps where a hex number is not an error code. */
const BY_SURROUNDINGS: readonly Rule[] = [
  around("exclusion/address", "an address", {
    before: precededBy(/\b(?:at|by)\s{1,4}[`'"(]?/),
  }),
  around("exclusion/stack-frame", "an address in a stack", {
    before: precededBy(/#\d{1,3}\s{1,4}/),
  }),
  around("exclusion/stack-function", "an address in a stack, before its function", {
    after: followedBy(/\s{1,4}in\s{1,2}(?:\?\?|[\w:.~<>]{2,60}(?:\s?\(|\+0x))/),
  }),
  around("exclusion/stack-offset", "an address in a stack, before a function and an offset", {
    after: followedBy(/[\s-]{1,4}(?:<unknown>|[\w:.~]{3,60} \+ \d)/),
  }),
  around("exclusion/stack-brackets", "an address in a stack, in brackets", {
    before: precededBy(/\)\[/),
    after: followedBy(/\]/),
  }),
  around("exclusion/range-start", "the start of a range of addresses", {
    after: followedBy(/`?(?:\s?->|\.\.)\s?`?0x[0-9a-f]{4,16}\b/),
  }),
  around("exclusion/range-dash", "the start of a range of addresses", {
    after: followedBy(/\s?-\s?0x(?!0000)[0-9a-f]{8}\b/),
  }),
  around("exclusion/range-end", "the end of a range of addresses", {
    before: precededBy(/0x[0-9a-f]{4,16}`?(?:\s?\(?->|\.\.)\s?`?/),
  }),
  around("exclusion/range-dash-end", "the end of a range of addresses", {
    before: precededBy(/0x[0-9a-f]{7,8}\s?-\s?/),
  }),
  around("exclusion/first-argument", "an argument of a function", {
    before: precededBy(/\w\((?:[\w.]{1,40}, ?){0,6}/),
    after: followedBy(/, ?\w/),
  }),
  around("exclusion/last-argument", "an argument of a function", {
    before: precededBy(/\w\((?:[\w.]{1,40}, ?){0,6}0x[0-9a-f]{1,16}, ?/),
  }),
  around("exclusion/stop-parameter", "a parameter of a stop code", {
    before: precededBy(/(?:stop|bug ?check)[^\n(]{0,30}\((?:0x[0-9a-f]{8,16}, ?){0,3}/),
  }),
  around("exclusion/pointer", "a pointer after a count", {
    before: precededBy(/\(\d{1,6}, ?/),
    after: followedBy(/\)/),
  }),
  around("exclusion/cast", "a typed pointer", {
    after: followedBy(/\s{1,2}as \*/),
  }),
  around("exclusion/size", "a size in bytes", {
    after: followedBy(/\s?bytes?\b/),
  }),
  around("exclusion/value-of-name", "a value assigned to a name", {
    before: precededBy(/[A-Za-z_@][\w.@]{0,40} ?= ?[*&]?-?/),
  }),
  around("exclusion/register", "the value of a processor register", {
    before: precededBy(
      /\b(?:[arxvst]\d{1,2}|e[a-d]x|e[sd]i|e[sb]p|eip|[fimls][pr]|msp|pc|ps|ra|cpsr|scr)[:=\s]{1,12}/,
    ),
  }),
  around("exclusion/memory-address", "the address of a row of memory", {
    after: followedBy(/:(?:\s{1,3}[0-9a-f]{4,16}\b){2}/),
  }),
  around("exclusion/memory-row", "in a row of memory", {
    before: precededBy(/(?:^|\n)\s{0,8}[0-9a-f]{8,16}:(?:\s{1,3}[0-9a-f]{2,16}){0,8}\s{1,3}/),
  }),
  around("exclusion/module-time", "the time stamp of a module, after its version", {
    before: precededBy(/\d\.\d{1,6}\.\d{1,6}\.\d{1,6}, [^,:\n]{3,30}: ?/),
  }),
];

/** A country code or an area code, then up to two groups of digits: `0151 `, `+49 30 `. */
const DIALLING_CODE = precededBy(/(?<![\w.,:/-])(?:\+\d{1,4}|0\d{1,5})(?: \d{1,5}){0,2}[ /-]/);

const PHONE: Rule = {
  id: "exclusion/phone",
  verdict: "rejected",
  because: "a phone number: a dialling code stands before it",
  when: [
    (f) => f.isBare,
    (f) => f.isAllDecimal,
    (f) => f.matchesBefore(DIALLING_CODE),
    (f) => !f.isNamedAsError,
  ],
};

export const EXCLUSIONS: readonly Rule[] = [...STRICT, ...BY_SURROUNDINGS, PHONE];
