import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const cs: Language = {
  codeCues: list("kód chyby, chybový kód, kód výjimky, ukončovací kód, návratový kód"),
  cues: list("chyba, chybou, chyby, kód, kódem, selhal, selhání, výjimka, výsledek, stav"),
  failures: list("chyb, selhal, selhán, nelze, nepodařilo, odepřen, nefunguje, problém, výjimk"),
  win32Cues: list("systémová chyba, chyba systému, chyba windows"),
  windowsSayings: list("přístup byl odepřen, systém nemůže nalézt uvedený soubor"),
  otherNumbers: list(
    "telefon, objednávka, adresa, časové razítko, sériové číslo, číslo objednávky, faktura",
    "psč, barva",
  ),
};
