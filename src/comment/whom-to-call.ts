import type { Known } from "../catalog/look-up.ts";
import { quote } from "./comment.ts";
import type { Messages } from "./messages.ts";

/** What a comment tells of a code. */
export interface Told extends Known {
  /** The reader should contact Microsoft about it. */
  readonly contactMicrosoft: boolean;
}

/**
 * Says who takes the ticket when the steps do not help: Microsoft for the codes without a known
 * mitigation, an administrator for the other listed ones. Empty when there is nobody to name.
 */
export function whomToCall(told: readonly Told[], words: Messages): string[] {
  const open = told.filter((each) => each.contactMicrosoft);
  const codes = open.map((each) => quote(each.code));
  const listed = told.filter((each) => each.listed);
  const contact = listed.length > 0 ? words.contactMicrosoftThen : words.contactMicrosoft;
  const mended = listed.some((each) => !each.contactMicrosoft && !each.listed?.entry.succeeded);
  const onlySuccess = listed.length > 0 && listed.length === told.length && !mended;
  return [
    ...(open.length > 0 ? [contact(codes.join(words.comma))] : []),
    ...(mended ? [words.handOver] : []),
    ...(open.length === 0 && onlySuccess ? [words.succeededOnly] : []),
  ];
}
