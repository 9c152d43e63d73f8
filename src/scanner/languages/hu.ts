import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const hu: Language = {
  codeCues: list("hibakód, hibakóddal, kilépési kód, kilépési kóddal, kivételkód, állapotkód"),
  cues: list("hiba, hibával, kód, kóddal, sikertelen, kivétel, eredmény, állapot"),
  failures: list(
    "hiba, hibá, sikertelen, nem sikerül, nem lehet, nem működik, megtagad, probléma, kivétel",
    "összeoml",
  ),
  win32Cues: list("rendszerhiba, windows-hiba"),
  windowsSayings: list("a hozzáférés megtagadva, a rendszer nem találja a megadott fájlt"),
  otherNumbers: list(
    "telefon, rendelés, cím, időbélyeg, sorozatszám, rendelésszám, számla, irányítószám, szín",
  ),
};
