import type { Known } from "../catalog/look-up.ts";
import { quote } from "./comment.ts";
import type { Messages } from "./locales/index.ts";

/** A code without a known mitigation. */
export function isOpen({ listed }: Known): boolean {
  return listed?.entry.contactMicrosoft ?? true;
}

/** Microsoft for the codes without a known mitigation, an administrator for the others. */
export function whomToCall(known: readonly Known[], words: Messages): string[] {
  const open = known.filter(isOpen);
  const codes = open.map((each) => quote(each.code));
  const hasSteps = known.some(({ listed }) => listed);
  const contact = hasSteps ? words.contactMicrosoftThen : words.contactMicrosoft;
  const mended = known.some((each) => !isOpen(each) && !each.listed?.entry.succeeded);
  return [
    ...(open.length > 0 ? [contact(codes.join(words.comma))] : []),
    ...(mended ? [words.handOver] : []),
    ...(open.length === 0 && !mended ? [words.succeededOnly] : []),
  ];
}
