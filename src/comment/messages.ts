import type { Step } from "../catalog/stored.ts";

/**
 * The words of a comment in one language, apart from texts of the catalog. Backticks mark code.
 */
export interface Messages {
  /** Every comment begins with these words and a code. A quoted comment is recognised by them. */
  readonly firstWords: string;
  /** After the name of a code without a known meaning. */
  readonly unknownMeaning: (product: string | null) => string;
  readonly situation: (title: string) => string;
  readonly causes: (count: number) => string;
  /** Before further codes of the same situation. */
  readonly sameSituation: string;
  readonly steps: string;
  /** Instead of `steps`, for first steps of a topic. */
  readonly generalSteps: string;
  /** Before the text of a step: who does it. */
  readonly who: Readonly<Record<Step["who"], string>>;
  /** After the text of a step: its caution. */
  readonly caution: (text: string) => string;
  readonly escalate: (whom: string) => string;
  /** `codes` come with their backticks. */
  readonly contactMicrosoft: (codes: string) => string;
  /** Instead of `contactMicrosoft`, if there are steps to try first. */
  readonly contactMicrosoftThen: (codes: string) => string;
  /** A topic that may apply, when the situation is not certain. */
  readonly possible: (title: string, hint: string) => string;
  readonly otherCodes: string;
  readonly more: (count: number) => string;
  readonly cut: (length: number) => string;
  readonly shortened: string;
  readonly source: string;
  readonly catalogVersion: (version: string) => string;
  /** Between two codes. `sentenceGap`: between two sentences. `colon`: after a label. */
  readonly comma: string;
  readonly sentenceGap: string;
  readonly colon: string;
  /** After a code that the ticket spells with a digit too many or too few. */
  readonly misspelt: string;
  /** After a code: the file in which it was found. */
  readonly inFile: (name: string) => string;
  /** In its place, where the file is a picture: a misreading is possible. */
  readonly fromPicture: (name: string) => string;
}
