import { allWords, type Context } from "./languages/index.ts";
import { openWords } from "./words.ts";

const CONTEXTS: readonly Context[] = ["windows-hello"];

/** A word of Latin letters stands alone: "pin", but not "spinning". */
const SIGNS = openWords(
  CONTEXTS.flatMap((context) =>
    allWords((each) => each.signs[context]).map(
      ({ letters, isFree }) => [letters, { context, isFree }] as const,
    ),
  ),
  ({ isFree }, text, start, end) =>
    isFree || !/[a-z]/.test(text.charAt(start - 1) + text.charAt(end)),
);

/** A ticket says at its beginning what it is about; a log behind it mentions everything. */
const BEGINNING = 20_000;

/** What a ticket tells of the situation in which its codes appeared. */
export function contextsOf(title: string, text: string): Context[] {
  const beginning = `${title}\n${text.slice(0, BEGINNING)}`.toLowerCase();
  const found = new Set<Context>();
  for (let at = 0; at < beginning.length && found.size < CONTEXTS.length; at++) {
    const sign = SIGNS.beginningAt(beginning, at);
    if (sign) found.add(sign.value.context);
  }
  return [...found];
}
