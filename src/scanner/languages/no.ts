import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const no: Language = {
  codeCues: list("feilkode, feilkoden, avslutningskode, sluttkode, unntakskode, statuskode"),
  cues: list("-feil, kode, mislyktes, unntak, resultat, status"),
  failures: list(
    "feil, mislyktes, mislykkes, kan ikke, kunne ikke, nektet, fungerer ikke, problem, unntak",
    "krasj",
  ),
  win32Cues: list("systemfeil, windows-feil"),
  windowsSayings: list("ingen tilgang, finner ikke angitt fil"),
  otherNumbers: list(
    "telefon, bestilling, ordre, adresse, tidsstempel, serienummer, kundenummer, faktura",
    "postnummer, farge",
  ),
};
