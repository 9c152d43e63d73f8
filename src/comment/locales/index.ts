import type { LocalText } from "../../catalog/stored.ts";
import type { Messages } from "../messages.ts";
import { en } from "./en.ts";
import { ja } from "./ja.ts";

/** What a comment falls back to. */
export const FALLBACK = "en";

/** Every language, one line each. */
export const MESSAGES: Readonly<Record<string, Messages>> = { en, ja };

export const LOCALES: readonly string[] = Object.keys(MESSAGES);

export function messagesFor(locale: string): Messages {
  return (Object.hasOwn(MESSAGES, locale) && MESSAGES[locale]) || en;
}

/**
 * The closest of the languages at hand: `ja-JP` and `JA_jp` lead to `ja`.
 *
 * @param requested Any text: it may come from a ticket.
 */
export function closestLocale(requested: string, available: readonly string[] = LOCALES): string {
  const parts = requested.replaceAll("_", "-").toLowerCase().split("-");
  for (let length = parts.length; length > 0; length--) {
    const tag = parts.slice(0, length).join("-");
    const found = available.find((each) => each.toLowerCase() === tag);
    if (found) return found;
  }
  return FALLBACK;
}

/** The text in a language; if that is missing, in English, else in any language. */
export function textIn(texts: LocalText, locale: string): string {
  return texts[locale] ?? texts[FALLBACK] ?? Object.values(texts)[0] ?? "";
}

const KANA = /[\u3041-\u309f\u30a1-\u30ff\uff66-\uff9d]/;
const LATIN_WORD = /\p{Script=Latin}{2}/u;
/** Found in codes, symbols, addresses, paths and file names, which do not show a language. */
const NO_WORD = /[\d_@\\/]/;
/** How much of a text is searched for words, in UTF-16 units. */
const MAX_GUESSED_LENGTH = 20_000;

/**
 * Guesses the language of texts: Japanese by its kana, else English by words in Latin letters.
 *
 * @returns Null when they hold nothing but codes, names and addresses.
 */
export function guessLocale(...texts: readonly string[]): string | null {
  if (texts.some((each) => KANA.test(each))) return "ja";
  return texts.some((each) => hasLatinWord(each.slice(0, MAX_GUESSED_LENGTH))) ? "en" : null;
}

function hasLatinWord(text: string) {
  for (const [word] of text.matchAll(/\S+/g)) {
    if (!NO_WORD.test(word) && LATIN_WORD.test(word)) return true;
  }
  return false;
}
