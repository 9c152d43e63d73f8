import type { Language } from "./index.ts";

export const da: Language = {
  codeCues: ["fejlkode", "fejlkoden", "afslutningskode", "undtagelseskode", "statuskode"],
  cues: ["-fejl", "kode", "mislykkedes", "undtagelse", "resultat", "status"],
  failures: [
    "fejl",
    "mislykkedes",
    "mislykkes",
    "kan ikke",
    "kunne ikke",
    "nægtet",
    "virker ikke",
    "problem",
    "undtagelse",
  ],
  win32Cues: ["systemfejl", "windows-fejl"],
  windowsSayings: ["adgang nægtet", "den angivne fil blev ikke fundet"],
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
    "farve",
  ],
  signs: {
    "windows-hello": [
      "logge på",
      "logon",
      "fingeraftryk",
      "ansigtsgenkendelse",
      "enhedsregistrering",
    ],
  },
};
