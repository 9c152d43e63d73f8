import { cs } from "./cs.ts";
import { da } from "./da.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fi } from "./fi.ts";
import { fr } from "./fr.ts";
import { hu } from "./hu.ts";
import { it } from "./it.ts";
import { ja } from "./ja.ts";
import { ko } from "./ko.ts";
import { nl } from "./nl.ts";
import { no } from "./no.ts";
import { pl } from "./pl.ts";
import { pt } from "./pt.ts";
import { ru } from "./ru.ts";
import { sv } from "./sv.ts";
import { tr } from "./tr.ts";
import { zh } from "./zh.ts";
/**
 * What one language calls the things around a code. Words are matched whatever their case; a blank
 * in them stands for any white space or none. A dash before a word: it may also end a longer one,
 * as `error` ends `LastError`.
 */
export interface Language {
  /** Before a number, they make it an error code, whatever number it is: `error code`. */
  readonly codeCues: readonly string[];
  /** Before a number that can be one, they make it an error code: `error`, `failed`. */
  readonly cues: readonly string[];
  /** Near a number that can be one, they speak of a failure: `crash`, `cannot`. */
  readonly failures: readonly string[];
  /** Before a Win32 number in decimal: `system error` in "system error 5". */
  readonly win32Cues: readonly string[];
  /** What Windows says of a Win32 error where Linux says it in other words: `access is denied`. */
  readonly windowsSayings: readonly string[];
  /** Before a number, they make it something else: `time stamp`, `phone`. */
  readonly otherNumbers: readonly string[];
  /** Anywhere in a ticket, they tell what the user was doing; by the context that a topic names. */
  readonly signs: Readonly<Record<Context, readonly string[]>>;
}

/** A situation in which codes have a meaning of their own. */
export type Context = "windows-hello";

/** Every language, one line each. */
export const LANGUAGES: readonly Language[] = [
  en,
  ja,
  cs,
  da,
  de,
  es,
  fi,
  fr,
  hu,
  it,
  ko,
  nl,
  no,
  pl,
  pt,
  ru,
  sv,
  tr,
  zh,
];

/**
 * A regular expression for a list of words: longest first, blanks loose.
 *
 * @param outside What may not stand before a word, as a class: `_` keeps `X_STATUS` from `status`.
 */
export function anyOf(words: readonly string[], outside = "A-Za-z"): string {
  const sorted = [...new Set(words)].sort((a, b) => b.length - a.length);
  const free = sorted.filter(isFree);
  const bounded = sorted.filter((word) => !isFree(word));
  const alone = `(?<![${outside}])(?:${bounded.map(loosen).join("|")})`;
  return [...free.map(loosen), ...(bounded.length > 0 ? [alone] : [])].join("|");
}

/** The same, where a word of Latin letters stands alone: "pin", but not "spinning". */
export function anyWordOf(words: readonly string[]): string {
  const alone = anyOf(words.filter(isLatin));
  const others = words.filter((word) => !isLatin(word)).map(loosen);
  return [`(?:${alone})(?![A-Za-z])`, ...others].join("|");
}

/** Whether a word may stand within a longer one. Other scripts do not set words apart. */
function isFree(word: string) {
  return word.startsWith("-") || !isLatin(word);
}

function isLatin(word: string) {
  return /^[a-z]/i.test(word);
}

function loosen(word: string) {
  return word
    .replace(/^-/, "")
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replace(/[ -]/g, "[\\s_-]?");
}
