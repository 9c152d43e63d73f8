import type { Decoded } from "../../hresult/decode.ts";
import { en } from "./en.ts";
import { ja } from "./ja.ts";

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
  readonly contactMicrosoft: (codes: string) => string;
  readonly handOver: string;
  readonly succeededOnly: string;
  readonly more: (count: number) => string;
  readonly cut: string;
  readonly shortened: string;
  readonly source: string;
  readonly catalogVersion: (version: string) => string;
  /** What the number of an unlisted code tells, in one sentence. */
  readonly decoded: (decoded: Decoded) => string;
  /** Between two codes, between two sentences, and behind a label. */
  readonly comma: string;
  readonly sentenceGap: string;
  readonly colon: string;
}

/** What a comment falls back to. */
export const FALLBACK = "en";

/** Every language, one line each. */
const MESSAGES: Readonly<Record<string, Messages>> = { en, ja };

export const LOCALES: readonly string[] = Object.keys(MESSAGES);

export function messagesFor(locale: string): Messages {
  return (Object.hasOwn(MESSAGES, locale) && MESSAGES[locale]) || en;
}

/**
 * The closest of the languages at hand: `ja-JP` and `JA_jp` lead to `ja`.
 *
 * @param requested Any text: it may come from a ticket.
 */
export function closestLocale(requested: string, available: readonly string[]): string {
  const parts = requested.replaceAll("_", "-").toLowerCase().split("-");
  for (let length = parts.length; length > 0; length--) {
    const tag = parts.slice(0, length).join("-");
    const found = available.find((each) => each.toLowerCase() === tag);
    if (found) return found;
  }
  return FALLBACK;
}

/** What the text tells of its language: Japanese by its kana, English by Latin letters, or null. */
export function guessLocale(text: string): string | null {
  if (/[\u3041-\u309f\u30a1-\u30ff\uff66-\uff9d]/.test(text)) return "ja";
  return /^(?:(?!\p{Script=Latin})\P{L})*\p{Script=Latin}/u.test(text) ? "en" : null;
}
