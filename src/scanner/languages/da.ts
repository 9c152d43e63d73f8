import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const da: Language = {
  codeKeywords: list("fejlkode, fejlkoden, afslutningskode, undtagelseskode, statuskode"),
  errorKeywords: list("-fejl, fejlmeddelelse, kode, mislykkedes, undtagelse, resultat, status"),
  failureWords: list(
    "fejl, mislykkedes, mislykkes, kan ikke, kunne ikke, nægtet, virker ikke, problem",
    "undtagelse",
  ),
  win32Keywords: list("systemfejl, windows-fejl"),
  windowsMessages: list(
    "adgang nægtet, den angivne fil blev ikke fundet, systemet kan ikke, adgang",
    "den angivne, det angivne, parameteren er, netværksstien, tjenesten, processen",
    "anmodningen, brugernavnet, rpc-serveren, handlen er",
  ),
  machineNumbers: list(
    "tidsstempel, fejlforskydning, forskydning for fejl, forskydning af fejl, flag, maske",
  ),
  fieldNames: list("adresse"),
  everydayNumbers: list(
    "telefon, bestilling, ordre, serienummer, kundenummer, faktura, postnummer, farve",
    "kundenr, tlf, mobil, ring, ring til, tlf.",
  ),
  attributeNumbers: [],
  determiners: list("denne, dette, min, mit, ingen, ny, nye"),
  vpnWords: list("fjernadgang"),
  stopWords: list("blå skærm, stopkode"),
  installerWords: list("installation, installer"),
};
