import type { Step } from "../catalog/stored.ts";

/**
 * All the words of a comment in one language, apart from those of the catalog. Backticks mark code.
 */
export interface Messages {
  /** Every comment begins with these words and a code. They are how a quoted comment is recognised. */
  readonly firstWords: string;
  /** The first line of a code that nobody explains, behind its name. */
  readonly unknownMeaning: (product: string | null) => string;
  readonly situation: (title: string) => string;
  readonly causes: (count: number) => string;
  /** Before further codes of one situation. */
  readonly sameSituation: string;
  readonly steps: string;
  /** In place of `steps`, where the steps are those of the topic and not of the code. */
  readonly generalSteps: string;
  /** Who does a step: before its text. */
  readonly who: Readonly<Record<Step["who"], string>>;
  /** What may be lost by a step: behind its text. */
  readonly caution: (text: string) => string;
  readonly escalate: (whom: string) => string;
  /** `codes` are spelt with their backticks. */
  readonly contactMicrosoft: (codes: string) => string;
  /** In its place, where there are steps to try before. */
  readonly contactMicrosoftThen: (codes: string) => string;
  /** A topic to look at, where the situation is not certain. */
  readonly possible: (title: string, hint: string) => string;
  readonly otherCodes: string;
  readonly more: (count: number) => string;
  readonly cut: (length: number) => string;
  readonly shortened: string;
  readonly source: string;
  readonly catalogVersion: (version: string) => string;
  /** Between two codes, between two sentences, and behind a label. */
  readonly comma: string;
  readonly sentenceGap: string;
  readonly colon: string;
  /** Behind a code of which the ticket has a digit too many or too few. */
  readonly misspelt: string;
  /** Behind a code: the file in which it stood. */
  readonly inFile: (name: string) => string;
  /** In its place, where the file is a picture: a misreading is possible. */
  readonly fromPicture: (name: string) => string;
}
