import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const fi: Language = {
  codeCues: list("virhekoodi, virhekoodin, lopetuskoodi, poistumiskoodi, poikkeuskoodi, tilakoodi"),
  cues: list("-virhe, virheen, koodi, koodilla, epäonnistui, poikkeus, tulos, tila"),
  failures: list(
    "virhe, virhee, epäonnistu, ei voi, ei onnistu, ei toimi, estetty, ongelma, poikkeus",
    "kaatu",
  ),
  win32Cues: list("järjestelmävirhe, windows-virhe"),
  windowsSayings: list("pääsy estetty, määritettyä tiedostoa ei löydy"),
  otherNumbers: list(
    "puhelin, tilaus, osoite, aikaleima, sarjanumero, tilausnumero, lasku, postinumero, väri",
  ),
};
