import { allWords, type Context } from "./languages/index.ts";
import { openWords } from "./words.ts";

const CONTEXTS: readonly Context[] = ["windows-hello"];

/** A word of Latin letters stands alone: "pin", but not "spinning". */
const SIGNS = CONTEXTS.map((context) => ({
  context,
  words: openWords(
    allWords((each) => each.signs[context]).map(
      ({ letters, isFree }) => [letters, isFree] as const,
    ),
    (isFree, text, start, end) => isFree || !(isLetter(text, start - 1) || isLetter(text, end)),
  ),
}));

function isLetter(text: string, at: number) {
  const code = text.charCodeAt(at);
  return code >= 0x61 && code <= 0x7a;
}

/** A ticket says at its beginning what it is about; a log behind it mentions everything. */
const BEGINNING = 20_000;

/** What a ticket tells of the situation in which its codes appeared. */
export function contextsOf(title: string, text: string): Context[] {
  const beginning = `${title}\n${text.slice(0, BEGINNING)}`.toLowerCase();
  return SIGNS.filter(({ words }) => words.firstIn(beginning)).map(({ context }) => context);
}
