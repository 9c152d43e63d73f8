import type { Rule } from "./rule.ts";

/** Rules that use keywords and neighbouring numbers. */
export const KEYWORD_RULES: readonly Rule[] = [
  {
    id: "number/count",
    verdict: "rejected",
    because: "it may be a size or a count, and nothing names an error",
    when: [(f) => f.mayBeCount, (f) => !f.isNamedAsError],
  },
  {
    id: "number/round",
    verdict: "tentative",
    because: "it ends in four zeros, and codes hardly ever do",
    when: [(f) => f.endsInZeros],
  },
  {
    id: "keyword/misspelt",
    verdict: "firm",
    because: "it is misspelt, and a keyword names an error",
    when: [(f) => f.isMisspelt, (f) => f.isNamedAsError, (f) => f.hasKnownFacility],
  },
  {
    id: "keyword/sign-extended-bare",
    verdict: "tentative",
    because: "a keyword names an error, but it may be a kernel address",
    when: [(f) => f.isSignExtendedBare],
  },
  {
    id: "pair/second-spelling",
    verdict: "firm",
    because: "the same number stands next to it in another notation",
    when: [(f) => f.isSecondSpelling, (f) => f.hasKnownFacility],
  },
  {
    id: "keyword/code",
    verdict: "firm",
    because: 'a keyword such as "error code" names it',
    when: [(f) => f.hasCodeKeyword, (f) => !f.isBare || f.hasKnownFacility],
  },
  {
    id: "keyword/beside-error",
    verdict: "firm",
    because: "the word for error stands directly before it",
    when: [(f) => f.touchesErrorKeyword, (f) => f.isPrefixed, (f) => f.isHresult],
  },
  {
    id: "keyword/error",
    verdict: "firm",
    because: "the word for error stands before it",
    when: [(f) => f.hasErrorKeyword, (f) => f.hasKnownFacility],
  },
  {
    id: "keyword/behind",
    verdict: "firm",
    because: "the word for error follows it",
    when: [(f) => f.hasKeywordAfter, (f) => f.isInFacilityRange],
  },
  {
    id: "keyword/column",
    verdict: "firm",
    because: "the header of its column names an error",
    when: [(f) => f.isNamedInColumn, (f) => f.isInFacilityRange],
  },
  {
    id: "list/behind-code",
    verdict: "firm",
    because: "it continues a list of codes",
    when: [(f) => f.continuesCodeList, (f) => f.hasKnownFacility],
  },
  {
    id: "pair/com-scode",
    verdict: "firm",
    because: "it is the innermost number of a COM error as Python prints it",
    when: [(f) => f.isComScode],
  },
  {
    id: "keyword/unknown-facility",
    verdict: "tentative",
    because: "a keyword names an error, but no component of Windows is known to report it",
    when: [(f) => f.isNamedAsError],
  },
];

/** Rules for a number that no keyword and no neighbour names: they use the surrounding text. */
export const CONTEXT_RULES: readonly Rule[] = [
  {
    id: "context/alone",
    verdict: "firm",
    because: "it is written like a code, and stands almost alone",
    when: [(f) => f.isPrefixed, (f) => f.isAlone, (f) => f.hasKnownFacility],
  },
  {
    id: "context/failure",
    verdict: "firm",
    because: "the text near it mentions a failure, and programs report such numbers",
    when: [(f) => f.isPrefixed, (f) => f.isInFacilityRange, (f) => f.mentionsFailure],
  },
  {
    id: "context/distinctive",
    verdict: "firm",
    because: "it is very likely a code, and the text near it mentions a failure or Windows",
    when: [(f) => f.isBare || f.isSigned, (f) => f.isDistinctive, (f) => f.mentionsFailure],
  },
  {
    id: "context/entra-decimal",
    verdict: "firm",
    because:
      "a decimal number of Microsoft Entra ID, and the text near it mentions a failure or Windows",
    when: [(f) => f.isDecimal, (f) => f.isEntraCode, (f) => f.mentionsFailure],
  },
  {
    id: "context/distinctive-letters",
    verdict: "firm",
    because: "it is very likely a code, has letters among its digits, and stands almost alone",
    when: [(f) => f.isBare, (f) => !f.isAllDecimal, (f) => f.isDistinctive, (f) => f.isAlone],
  },
  {
    id: "exclusion/goods-nearby",
    verdict: "rejected",
    because: "the text near it mentions goods, and no failure",
    when: [(f) => f.isAllDecimal, (f) => f.mentionsGoods, (f) => !f.mentionsFailure],
  },
  {
    id: "context/unnamed",
    verdict: "tentative",
    because: "nothing near it names an error",
    when: [],
  },
];
