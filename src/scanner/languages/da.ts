import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const da: Language = {
  codeCues: list("fejlkode, fejlkoden, afslutningskode, undtagelseskode, statuskode"),
  cues: list("-fejl, kode, mislykkedes, undtagelse, resultat, status"),
  failures: list(
    "fejl, mislykkedes, mislykkes, kan ikke, kunne ikke, nægtet, virker ikke, problem",
    "undtagelse",
  ),
  win32Cues: list("systemfejl, windows-fejl"),
  windowsSayings: list("adgang nægtet, den angivne fil blev ikke fundet"),
  otherNumbers: list(
    "telefon, bestilling, ordre, adresse, tidsstempel, serienummer, kundenummer, faktura",
    "postnummer, farve",
  ),
};
