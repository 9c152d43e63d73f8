import type { Rule } from "./rule.ts";

/** Rules that use the number alone. */
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
    when: [(f) => f.isFillPattern],
  },
  {
    id: "number/iokit",
    verdict: "rejected",
    because: "an error number of macOS drivers",
    when: [(f) => f.isIoKitError],
  },
  {
    id: "number/printer",
    verdict: "rejected",
    because: "a code of HP printers, not of Windows",
    when: [(f) => f.isPrinterCode],
  },
];
