import type { Rule } from "./rule.ts";

/** Rules for tokens that look like codes and cannot be codes. */
export const MALFORMED_RULES: readonly Rule[] = [
  {
    id: "near-miss/beside-keyword",
    verdict: "rejected",
    because: "it has a digit too few or too many",
    when: [
      (f) => f.hasCorrections,
      (f) => f.isLabelled || f.hasKeywordAfter,
      (f) => !f.mentionsStopCode,
    ],
  },
  {
    id: "near-miss/program-start",
    verdict: "rejected",
    because: "a digit is missing in a Windows message about a program that does not start",
    when: [
      (f) => f.hasCorrections,
      (f) => PROGRAM_START.test(f.textBefore(80)),
      (f) => !f.mentionsStopCode,
    ],
    // The message shows an NTSTATUS.
    minCorrection: 0xc0000000,
  },
  {
    id: "notation/length",
    verdict: "rejected",
    because: "a code has eight hex digits",
    when: [(f) => f.flaw === "length"],
  },
  {
    id: "notation/guid",
    verdict: "rejected",
    because: "part of a GUID",
    when: [(f) => f.flaw === "guid"],
  },
  {
    id: "notation/longer",
    verdict: "rejected",
    because: "part of a longer name or number",
    when: [(f) => f.flaw === "longer"],
  },
  {
    id: "notation/range",
    verdict: "rejected",
    because: "outside the range of codes",
    when: [],
  },
];

/** "The application was unable to start correctly (0xc000007b)", in the larger languages. */
const PROGRAM_START =
  /(?:unable to start|(?:not|n't|cannot) (?:be )?(?:start|open)|nicht (?:korrekt )?gestartet|démarrer|iniciar|avviare|gestart|起動でき|无法(?:正常)?启动|無法(?:正常)?啟動|запус)[^\d\n]{0,40}\($/i;
