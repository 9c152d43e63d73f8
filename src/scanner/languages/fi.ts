import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const fi: Language = {
  codeKeywords: list(
    "virhekoodi, virhekoodin, lopetuskoodi, poistumiskoodi, poikkeuskoodi, tilakoodi",
  ),
  errorKeywords: list("-virhe, virheen, koodi, koodilla, epäonnistui, poikkeus, tulos, tila"),
  failureWords: list(
    "virhe, virhee, epäonnistu, ei voi, ei onnistu, ei toimi, estetty, ongelma, poikkeus",
    "kaatu",
  ),
  win32Keywords: list("järjestelmävirhe, windows-virhe"),
  windowsMessages: list(
    "pääsy estetty, määritettyä tiedostoa ei löydy, järjestelmä ei, pääsy, määritetty",
    "määritettyä, parametri, verkkopolku, palvelu, prosessi, pyyntöä, käyttäjätunnus",
    "rpc-palvelin",
  ),
  machineNumbers: list("aikaleima, virhepoikkeama, virheen siirtymä, siirtymä"),
  fieldNames: list("osoite"),
  everydayNumbers: list(
    "puhelin, tilaus, sarjanumero, tilausnumero, lasku, postinumero, väri, asiakasnumero",
    "puh, puhelinnumero",
  ),
  attributeNumbers: [],
  determiners: list("tämä, tässä, tähän, tätä, minun, uusi"),
  vpnWords: list("etäkäyttö"),
  stopWords: list("sininen näyttö, pysäytyskoodi"),
  installerWords: list("asennus, asenna"),
};
