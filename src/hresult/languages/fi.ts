import type { Language } from "./index.ts";

export const fi: Language = {
  codeCues: [
    "virhekoodi",
    "virhekoodin",
    "lopetuskoodi",
    "poistumiskoodi",
    "poikkeuskoodi",
    "tilakoodi",
  ],
  cues: ["-virhe", "virheen", "koodi", "koodilla", "epäonnistui", "poikkeus", "tulos", "tila"],
  failures: [
    "virhe",
    "virhee",
    "epäonnistu",
    "ei voi",
    "ei onnistu",
    "ei toimi",
    "estetty",
    "ongelma",
    "poikkeus",
    "kaatu",
  ],
  win32Cues: ["järjestelmävirhe", "windows-virhe"],
  windowsSayings: ["pääsy estetty", "määritettyä tiedostoa ei löydy"],
  otherNumbers: [
    "puhelin",
    "tilaus",
    "osoite",
    "aikaleima",
    "sarjanumero",
    "tilausnumero",
    "lasku",
    "postinumero",
    "väri",
  ],
  signs: {
    "windows-hello": [
      "kirjaudu",
      "kirjautuminen",
      "sormenjälki",
      "kasvojentunnistus",
      "laitteen rekisteröinti",
    ],
  },
};
