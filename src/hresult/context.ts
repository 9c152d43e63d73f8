import { anyWordOf, type Context, LANGUAGES } from "./languages/index.ts";

const CONTEXTS: readonly Context[] = ["windows-hello"];

const SIGNS = CONTEXTS.map((context) => {
  const words = LANGUAGES.flatMap((each) => each.signs[context]);
  return { context, pattern: new RegExp(anyWordOf(words), "i") };
});

/** A ticket says at its beginning what it is about; a log behind it mentions everything. */
const BEGINNING = 20_000;

/** What a text tells of the situation in which its codes appeared. */
export function contextsOf(text: string): Context[] {
  const beginning = text.slice(0, BEGINNING);
  return SIGNS.filter(({ pattern }) => pattern.test(beginning)).map(({ context }) => context);
}
