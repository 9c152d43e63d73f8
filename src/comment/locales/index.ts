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

/** What texts tell of their language: Japanese by its kana, English by Latin letters, or null. */
export function guessLocale(...texts: readonly string[]): string | null {
  if (texts.some((each) => KANA.test(each))) return "ja";
  const first = texts.flatMap((each) => FIRST_LETTER.exec(each)?.[0] ?? [])[0];
  return first && LATIN.test(first) ? "en" : null;
}

const KANA = /[\u3041-\u309f\u30a1-\u30ff\uff66-\uff9d]/;
const FIRST_LETTER = /\p{L}/u;
const LATIN = /\p{Script=Latin}/u;

/**
 * Where a text quotes comments of ours, each from its first line to its version.
 *
 * @returns Whether a place in the text, in UTF-16 units, is within one.
 */
export function quotedComments(text: string): (at: number) => boolean {
  const versions = [...text.matchAll(VERSION)];
  if (versions.length === 0) return () => false;
  const firstLines = [...text.matchAll(FIRST_LINE)].map((match) => match.index);
  let next = 0;
  const quotes = versions.map((match) => {
    while ((firstLines[next] ?? match.index) < match.index) next++;
    return { start: firstLines[next - 1] ?? match.index, end: match.index + match[0].length };
  });
  return (at) => {
    let low = 0;
    for (let high = quotes.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if ((quotes[middle]?.end ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return (quotes[low]?.start ?? Number.POSITIVE_INFINITY) <= at;
  };
}

/** Whether other words stand before a comment of ours: then somebody quotes it, as a mail does. */
export function quotesComment(text: string): boolean {
  const words = text.replace(/<[^<>]*>/g, "\n").trimStart();
  // What it is about stands before it, in its line.
  return /[>\n]|.{100}/.test(words.slice(0, Math.max(0, words.search(FIRST_LINE))));
}

/** Whether a text says from which version of the catalog it was made, as every comment of ours does. */
export function bearsVersion(text: string): boolean {
  return text.search(VERSION) >= 0;
}

const TITLE = "\u0000";
const FIRST_LINE = new RegExp(
  Object.values(MESSAGES)
    .flatMap((each) => [each.failed(TITLE), each.succeeded(TITLE), each.onlyUnlisted])
    .map((line) => line.replace(TITLE, "").replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("|"),
  "g",
);
const VERSION = new RegExp(
  Object.values(MESSAGES)
    .map((each) => each.catalogVersion("[0-9a-f]{12}"))
    .join("|"),
  "g",
);
