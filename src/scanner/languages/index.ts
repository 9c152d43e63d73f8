import type { Language } from "../language.ts";
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

/** A word of a list, and whether it may stand within a longer one. */
export interface Word {
  readonly letters: string;
  readonly isFree: boolean;
}

/** The words of all languages of one kind. Scripts without blanks do not set words apart. */
export function allWords(words: (language: Language) => readonly string[]): Word[] {
  return LANGUAGES.flatMap(words).map((word) => ({
    letters: word.toLowerCase().replace(/^-/, ""),
    isFree: !/^[a-z]/i.test(word),
  }));
}

/** A regular expression for one of these words. */
export function anyOf(words: readonly Word[]): string {
  const patterns = words.map(({ letters, isFree }) => {
    const literal = letters.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/[ -]/g, "[\\s_-]?");
    return isFree ? literal : `(?<![A-Za-z])${literal}`;
  });
  return patterns.join("|");
}
