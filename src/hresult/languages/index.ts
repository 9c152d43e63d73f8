import { de } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";
import { ja } from "./ja.ts";
import { ko } from "./ko.ts";
import { pt } from "./pt.ts";
import { zh } from "./zh.ts";

/**
 * What one language calls the things around a code. Words are matched whatever their case; a blank
 * in them stands for any white space or none.
 */
export interface Language {
  /** Before a number, they make it an error code: `error code`. */
  readonly cues: readonly string[];
  /** Before a Win32 number in decimal: `system error` in "system error 5". */
  readonly win32Cues: readonly string[];
  /** Before a number, they make it something else: `time stamp`, `phone`. */
  readonly otherNumbers: readonly string[];
  /** Anywhere in a ticket, they tell what the user was doing; by the context that a topic names. */
  readonly signs: Readonly<Record<Context, readonly string[]>>;
}

/** A situation in which codes have a meaning of their own. */
export type Context = "windows-hello";

/** Every language, one line each. */
export const LANGUAGES: readonly Language[] = [en, ja, de, fr, es, pt, zh, ko];

/**
 * A regular expression for a list of words: longest first, blanks loose.
 *
 * @param inner Whether a long word may end a longer one, as `error` ends `LastError`.
 */
export function anyOf(words: readonly string[], inner: boolean): string {
  const sorted = [...new Set(words)].sort((a, b) => b.length - a.length);
  const bounded = sorted.filter((word) => isLatin(word) && !(inner && word.length > 3));
  const free = sorted.filter((word) => !bounded.includes(word));
  const alone = `(?<![A-Za-z])(?:${bounded.map(loosen).join("|")})`;
  return [...free.map(loosen), ...(bounded.length > 0 ? [alone] : [])].join("|");
}

/** The same, where a word of Latin letters stands alone: "pin", but not "spinning". */
export function anyWordOf(words: readonly string[]): string {
  const alone = anyOf(words.filter(isLatin), false);
  const others = words.filter((word) => !isLatin(word)).map(loosen);
  return [`(?:${alone})(?![A-Za-z])`, ...others].join("|");
}

function isLatin(word: string) {
  return /^[a-z]/i.test(word);
}

function loosen(word: string) {
  return word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/[ -]/g, "[\\s_-]?");
}
