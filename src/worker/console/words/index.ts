import { closestLocale } from "../../../comment/locales/index.ts";
import { en, type Words } from "./en.ts";
import { ja } from "./ja.ts";

/** The words of the console, by language. */
const WORDS = { en, ja } satisfies Record<string, Words>;

export type Language = keyof typeof WORDS;
export const LANGUAGES = ["en", "ja"] as const satisfies readonly Language[];

export function wordsIn(language: Language): Words {
  return WORDS[language];
}

/** Reads a language that a person chose; null when the console does not speak it. */
export function toLanguage(text: string | undefined): Language | null {
  return LANGUAGES.find((each) => each === text) ?? null;
}

/**
 * The first language of an `Accept-Language` header that the console speaks, by its weights.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4
 */
export function preferredLanguage(header: string | undefined): Language {
  const wanted = (header ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.trim().split(";");
      const weight = parameters.map((each) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(each)?.[1]);
      return { tag: tag.trim(), weight: Number(weight.find((each) => each !== undefined) ?? 1) };
    })
    .filter(({ tag, weight }) => weight > 0 && LANGUAGES.some((each) => speaks(each, tag)))
    .sort((a, b) => b.weight - a.weight);
  return toLanguage(closestLocale(wanted[0]?.tag ?? "", LANGUAGES)) ?? "en";
}

function speaks(language: Language, tag: string) {
  return tag.toLowerCase().split("-")[0] === language;
}

/** A sentence for a code that may be unknown here; else the code itself. */
export function wordFor(words: Readonly<Record<string, string>>, code: string): string {
  return (Object.hasOwn(words, code) ? words[code] : undefined) ?? code;
}

/** Why a number in a text is no code. @param rule The id of the rule that decided. */
export function reasonFor({ reasons, nothingKnown }: Words, rule: string): string {
  return (Object.hasOwn(reasons, rule) ? reasons[rule] : undefined) ?? nothingKnown;
}
