import type { Messages } from "../messages.ts";
import { en } from "./en.ts";
import { ja } from "./ja.ts";

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
