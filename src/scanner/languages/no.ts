import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const no: Language = {
  codeKeywords: list("feilkode, feilkoden, avslutningskode, sluttkode, unntakskode, statuskode"),
  errorKeywords: list("-feil, feilmelding, kode, mislyktes, unntak, resultat, status"),
  failureWords: list(
    "feil, mislyktes, mislykkes, kan ikke, kunne ikke, nektet, fungerer ikke, problem",
    "unntak, krasj",
  ),
  win32Keywords: list("systemfeil, windows-feil"),
  windowsMessages: list(
    "ingen tilgang, finner ikke angitt fil, systemet finner ikke, systemet kan ikke",
    "tilgang nektet, angitt, den angitte, parameteren er, nettverksbanen, tjenesten",
    "prosessen, forespørselen, brukernavnet, rpc-serveren",
  ),
  machineNumbers: list("tidsstempel, feilforskyvning, forskyvning for feil, forskyvning, maske"),
  fieldNames: list("adresse"),
  everydayNumbers: list(
    "telefon, bestilling, ordre, serienummer, kundenummer, faktura, postnummer, farge",
    "kundenr, tlf, mobil, ring, tlf.",
  ),
  attributeNumbers: [],
  determiners: list("denne, dette, min, mitt, ingen, ny, nye"),
  vpnWords: list("ekstern tilgang"),
  stopWords: list("blåskjerm, stoppkode"),
  installerWords: list("installasjon, installer"),
};
