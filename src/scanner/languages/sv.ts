import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const sv: Language = {
  codeCues: list(
    "felkod, felkoden, slutkod, avslutningskod, avslutnings kod, undantagskod, statuskod",
  ),
  cues: list("-fel, felet, kod, misslyckades, undantag, resultat, status"),
  failures: list(
    "fel, felet, misslyckades, misslyckas, kan inte, kunde inte, nekad, fungerar inte",
    "problem, undantag, krasch",
  ),
  win32Cues: list("systemfel, windows-fel"),
  windowsSayings: list("åtkomst nekad, det går inte att hitta filen"),
  otherNumbers: list(
    "telefon, beställning, order, adress, tidsstämpel, serienummer, kundnummer, faktura",
    "postnummer, färg",
  ),
};
