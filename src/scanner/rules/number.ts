import type { Rule } from "./rule.ts";

/** What a number is by itself. */
export const NUMBER_RULES: readonly Rule[] = [
  {
    id: "number/success",
    verdict: "rejected",
    because: "a success or information value",
    when: [(f) => f.isSuccess],
  },
  {
    id: "number/filling",
    verdict: "rejected",
    because: "a pattern that fills memory or marks the end of a range",
    when: [(f) => f.isFilling],
  },
  {
    id: "number/iokit",
    verdict: "rejected",
    because: "a number of macOS drivers",
    when: [(f) => f.isOfIoKit],
  },
  {
    id: "number/printer",
    verdict: "rejected",
    because: "a code that printers show, and not Windows",
    when: [(f) => f.isOfPrinter],
  },
];
