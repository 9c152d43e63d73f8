import type { Language } from "./index.ts";

export const de: Language = {
  cues: [
    "fehler",
    "fehlercode",
    "fehlernummer",
    "ausnahmecode",
    "ausnahme",
    "ergebnis",
    "rückgabewert",
  ],
  win32Cues: ["systemfehler", "windows-fehler"],
  otherNumbers: [
    "telefon",
    "tel",
    "rufnummer",
    "bestellung",
    "bestellnummer",
    "adresse",
    "zeitstempel",
    "ursachencode",
    "seriennummer",
    "postleitzahl",
    "farbe",
  ],
  signs: {
    "windows-hello": [
      "anmelden",
      "anmeldung",
      "fingerabdruck",
      "gesichtserkennung",
      "geräteregistrierung",
      "registrieren",
    ],
  },
};
