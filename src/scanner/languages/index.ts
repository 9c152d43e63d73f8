import type { Language } from "../language.ts";
import { ar } from "./ar.ts";
import { cs } from "./cs.ts";
import { da } from "./da.ts";
import { de } from "./de.ts";
import { el } from "./el.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { fi } from "./fi.ts";
import { fr } from "./fr.ts";
import { he } from "./he.ts";
import { hu } from "./hu.ts";
import { id } from "./id.ts";
import { it } from "./it.ts";
import { ja } from "./ja.ts";
import { ko } from "./ko.ts";
import { nl } from "./nl.ts";
import { no } from "./no.ts";
import { pl } from "./pl.ts";
import { pt } from "./pt.ts";
import { ro } from "./ro.ts";
import { ru } from "./ru.ts";
import { sv } from "./sv.ts";
import { th } from "./th.ts";
import { tr } from "./tr.ts";
import { uk } from "./uk.ts";
import { vi } from "./vi.ts";
import { zh } from "./zh.ts";

export const LANGUAGES: readonly Language[] = [
  en,
  ja,
  ar,
  cs,
  da,
  de,
  el,
  es,
  fi,
  fr,
  he,
  hu,
  id,
  it,
  ko,
  nl,
  no,
  pl,
  pt,
  ro,
  ru,
  sv,
  th,
  tr,
  uk,
  vi,
  zh,
];

/** A keyword in lower case. */
export interface Keyword {
  readonly letters: string;
  /** It also matches as the end of a longer word, or where the script does not separate words. */
  readonly matchesInsideWord: boolean;
}

/** The keywords of one kind in all languages. */
export function keywordsOf(kind: keyof Language): Keyword[] {
  return LANGUAGES.flatMap((each) => each[kind]).map((keyword) => ({
    letters: keyword.toLowerCase().replace(/^-/, ""),
    matchesInsideWord: !/^[a-z]/i.test(keyword),
  }));
}
