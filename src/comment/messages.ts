import type { Decoded } from "../hresult/decode.ts";

/**
 * All the words of a comment in one language, apart from those of the catalog. Backticks mark code.
 * `codes` are spelt with their backticks, ready to stand in a sentence.
 */
export interface Messages {
  /** The first line, when a user's attempt failed: `title` says at what. */
  readonly failed: (title: string) => string;
  /** The first line, when the code only reports that a restart is due. */
  readonly succeeded: (title: string) => string;
  /** The first line, when no code is in the catalog. */
  readonly onlyUnlisted: string;
  readonly why: string;
  /** In its place, when no listed code failed. */
  readonly meaning: string;
  readonly doFirst: string;
  readonly doThen: string;
  readonly doThis: string;
  readonly whomToCall: string;
  /** Behind a code with several causes. */
  readonly oneOf: string;
  /** Behind a step which the catalog names for these codes. */
  readonly namedFor: (codes: string) => string;
  /** Before a step which helps with these codes only. */
  readonly onlyFor: (codes: string) => string;
  readonly unlisted: string;
  /** When there is nothing else to do. */
  readonly contactMicrosoft: (codes: string) => string;
  /** When there are first steps to try before. */
  readonly contactMicrosoftThen: (codes: string) => string;
  readonly handOver: string;
  readonly succeededOnly: string;
  readonly more: (count: number) => string;
  readonly cut: (length: number) => string;
  readonly shortened: string;
  readonly source: string;
  readonly catalogVersion: (version: string) => string;
  /** What the number of an unlisted code tells, in one sentence; the facility by name, if it has one. */
  readonly decoded: (decoded: Decoded, facilityName: string | null) => string;
  /** Between two codes, between two sentences, and behind a label. */
  readonly comma: string;
  readonly sentenceGap: string;
  readonly colon: string;
  /** Behind a code: the file in which it stood. */
  readonly inFile: (name: string) => string;
}
