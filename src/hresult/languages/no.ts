import type { Language } from "./index.ts";

export const no: Language = {
  codeCues: ["feilkode", "feilkoden", "avslutningskode", "sluttkode", "unntakskode", "statuskode"],
  cues: ["-feil", "kode", "mislyktes", "unntak", "resultat", "status"],
  failures: [
    "feil",
    "mislyktes",
    "mislykkes",
    "kan ikke",
    "kunne ikke",
    "nektet",
    "fungerer ikke",
    "problem",
    "unntak",
    "krasj",
  ],
  win32Cues: ["systemfeil", "windows-feil"],
  windowsSayings: ["ingen tilgang", "finner ikke angitt fil"],
  otherNumbers: [
    "telefon",
    "bestilling",
    "ordre",
    "adresse",
    "tidsstempel",
    "serienummer",
    "kundenummer",
    "faktura",
    "postnummer",
    "farge",
  ],
  signs: {
    "windows-hello": [
      "logge på",
      "pålogging",
      "fingeravtrykk",
      "ansiktsgjenkjenning",
      "enhetsregistrering",
    ],
  },
};
