import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const cs: Language = {
  codeKeywords: list("kód chyby, chybový kód, kód výjimky, ukončovací kód, návratový kód"),
  errorKeywords: list("chyba, chybou, chyby, kód, kódem, selhal, selhání, výjimka, výsledek, stav"),
  failureWords: list(
    "chyb, selhal, selhán, nelze, nepodařilo, odepřen, nefunguje, problém, výjimk",
  ),
  win32Keywords: list("systémová chyba, chyba systému, chyba windows"),
  windowsMessages: list(
    "přístup byl odepřen, systém nemůže nalézt uvedený soubor, systém nemůže, přístup",
    "zadaný, zadaná, zadané, parametr není, síťová cesta, služba, proces nemá",
    "požadavek není, uživatelské jméno, server rpc, popisovač je",
  ),
  machineNumbers: list("časové razítko, posun chyby, ofset chyby, posunutí chyby, příznaky, maska"),
  fieldNames: list("adresa"),
  everydayNumbers: list(
    "telefon, objednávka, sériové číslo, číslo objednávky, faktura, psč, barva",
    "číslo zákazníka",
  ),
  attributeNumbers: [],
  determiners: list("tento, tato, této, tomto, můj, moje, žádný, nový"),
  vpnWords: list("vzdálený přístup"),
  stopWords: list("modrá obrazovka, kód zastavení"),
  installerWords: list("instalace, instalac, instalátor"),
};
