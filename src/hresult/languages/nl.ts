import type { Language } from "./index.ts";

export const nl: Language = {
  codeCues: [
    "foutcode",
    "afsluitcode",
    "uitzonderingscode",
    "retourcode",
    "resultaatcode",
    "statuscode",
  ],
  cues: ["-fout", "code", "mislukt", "uitzondering", "resultaat", "status"],
  failures: [
    "fout",
    "mislukt",
    "mislukte",
    "gecrasht",
    "vastgelopen",
    "geweigerd",
    "kan niet",
    "kon niet",
    "werkt niet",
    "probleem",
    "uitzondering",
    "storing",
  ],
  win32Cues: ["systeemfout", "windows-fout"],
  windowsSayings: [
    "toegang geweigerd",
    "het systeem kan het opgegeven bestand niet vinden",
    "het systeem kan het opgegeven pad niet vinden",
  ],
  otherNumbers: [
    "telefoon",
    "bestelling",
    "adres",
    "tijdstempel",
    "klantnummer",
    "factuur",
    "ordernummer",
    "serienummer",
    "postcode",
    "kleur",
  ],
  signs: {
    "windows-hello": [
      "aanmelden",
      "aanmelding",
      "vingerafdruk",
      "gezichtsherkenning",
      "apparaatregistratie",
    ],
  },
};
