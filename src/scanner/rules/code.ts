import type { Rule } from "./rule.ts";

/** What keywords and neighbours say of a number that no exclusion rejected. */
export const KEYWORD_RULES: readonly Rule[] = [
  {
    id: "number/count",
    verdict: "rejected",
    because: "sizes and counts are written in the same way, and nothing names an error",
    when: [(f) => f.isAnyNumber, (f) => !f.isNamedError],
  },
  {
    id: "number/round",
    verdict: "tentative",
    because: "it ends in four zeros, as codes hardly ever do",
    when: [(f) => f.isRound],
  },
  {
    id: "keyword/misspelt",
    verdict: "firm",
    because: "misspelt, and a keyword names an error",
    when: [(f) => f.isMisspelt, (f) => f.isNamedError, (f) => f.hasKnownFacility],
  },
  {
    id: "keyword/sign-extended-bare",
    verdict: "tentative",
    because: "a keyword names an error, but a kernel address is written in the same way",
    when: [(f) => f.isSignExtendedBare],
  },
  {
    id: "pair/second-spelling",
    verdict: "firm",
    because: "the same number stands beside it in another notation",
    when: [(f) => f.isSecondSpelling, (f) => f.hasKnownFacility],
  },
  {
    id: "keyword/code",
    verdict: "firm",
    because: 'a keyword such as "error code" names it',
    when: [(f) => f.isLabelledCode, (f) => !f.isBare || f.hasKnownFacility],
  },
  {
    id: "keyword/beside-error",
    verdict: "firm",
    because: "the word for error touches it",
    when: [(f) => f.isBesideError, (f) => f.isPrefixed, (f) => f.isHresult],
  },
  {
    id: "keyword/error",
    verdict: "firm",
    because: "the word for error stands before it",
    when: [(f) => f.isLabelledError, (f) => f.hasKnownFacility],
  },
  {
    id: "keyword/behind",
    verdict: "firm",
    because: "the word for error stands behind it",
    when: [(f) => f.hasKeywordBehind, (f) => f.isInFacilityRange],
  },
  {
    id: "keyword/column",
    verdict: "firm",
    because: "the head of its column names an error",
    when: [(f) => f.isNamedInColumn, (f) => f.isInFacilityRange],
  },
  {
    id: "list/behind-code",
    verdict: "firm",
    because: "it goes on a list of codes",
    when: [(f) => f.followsCode, (f) => f.hasKnownFacility],
  },
  {
    id: "pair/com-scode",
    verdict: "firm",
    because: "the innermost number of what Python shows of an error of COM",
    when: [(f) => f.isComScode],
  },
  {
    id: "keyword/unknown-facility",
    verdict: "tentative",
    because: "a keyword names an error, but no component of Windows is known to report it",
    when: [(f) => f.isNamedError],
  },
];

/** What the text says of a number that nothing names. */
export const CONTEXT_RULES: readonly Rule[] = [
  {
    id: "context/alone",
    verdict: "firm",
    because: "written as only codes are, and hardly anything else stands there",
    when: [(f) => f.isPrefixed, (f) => f.isAlone, (f) => f.hasKnownFacility],
  },
  {
    id: "context/failure",
    verdict: "firm",
    because: "the text near it speaks of a failure, and programs report such numbers",
    when: [(f) => f.isPrefixed, (f) => f.isInFacilityRange, (f) => f.speaksOfFailure],
  },
  {
    id: "context/distinctive",
    verdict: "firm",
    because:
      "hardly anything but a code is written so in a text that speaks of a failure or of Windows",
    when: [(f) => f.isBare || f.isSigned, (f) => f.isDistinctive, (f) => f.speaksOfFailure],
  },
  {
    id: "context/entra-decimal",
    verdict: "firm",
    because:
      "a number of Microsoft Entra ID in decimal, in a text that speaks of a failure or of Windows",
    when: [(f) => f.isDecimal, (f) => f.isOfEntra, (f) => f.speaksOfFailure],
  },
  {
    id: "context/distinctive-letters",
    verdict: "firm",
    because: "hardly anything but a code is written so, with letters among its digits",
    when: [(f) => f.isBare, (f) => !f.isAllDecimal, (f) => f.isDistinctive, (f) => f.isAlone],
  },
  {
    id: "exclusion/goods-nearby",
    verdict: "rejected",
    because: "the text near it speaks of goods, and of no failure",
    when: [(f) => f.isAllDecimal, (f) => f.speaksOfGoods, (f) => !f.speaksOfFailure],
  },
  {
    id: "context/unnamed",
    verdict: "tentative",
    because: "nothing near it names an error",
    when: [],
  },
];
