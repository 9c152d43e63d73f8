import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const hu: Language = {
  codeKeywords: list("hibakód, hibakóddal, kilépési kód, kilépési kóddal, kivételkód, állapotkód"),
  errorKeywords: list("hiba, hibával, kód, kóddal, sikertelen, kivétel, eredmény, állapot"),
  failureWords: list(
    "hiba, hibá, sikertelen, nem sikerül, nem lehet, nem működik, megtagad, probléma",
    "kivétel, összeoml",
  ),
  win32Keywords: list("rendszerhiba, windows-hiba"),
  windowsMessages: list(
    "a hozzáférés megtagadva, a rendszer nem találja a megadott fájlt, a hozzáférés",
    "a rendszer nem, a megadott, a paraméter, a hálózati, a szolgáltatás, a folyamat nem",
    "a kérés, az rpc-kiszolgáló, a felhasználónév",
  ),
  machineNumbers: list("időbélyeg, hibaeltolás, hiba eltolása, eltolás, eltolási hiba"),
  fieldNames: list("cím"),
  everydayNumbers: list(
    "telefon, rendelés, sorozatszám, rendelésszám, számla, irányítószám, szín, ügyfélszám",
  ),
  attributeNumbers: [],
  determiners: list("ez a, ezen a, erre a, az új"),
  vpnWords: list("távelérés"),
  stopWords: list("kék képernyő, leállítási kód"),
  installerWords: list("telepít, telepítés"),
};
