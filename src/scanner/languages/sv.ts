import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const sv: Language = {
  codeKeywords: list(
    "felkod, felkoden, slutkod, avslutningskod, avslutnings kod, undantagskod, statuskod",
  ),
  errorKeywords: list("-fel, felet, felmeddelande, kod, misslyckades, undantag, resultat, status"),
  failureWords: list(
    "fel, felet, misslyckades, misslyckas, kan inte, kunde inte, nekad, fungerar inte",
    "problem, undantag, krasch",
  ),
  win32Keywords: list("systemfel, windows-fel"),
  windowsMessages: list(
    "åtkomst nekad, det går inte att hitta filen, det går inte att hitta, systemet kan inte",
    "systemet hittar inte, den angivna, det angivna, angiven, parametern är",
    "nätverkssökvägen, tjänsten, processen, begäran, användarnamnet, rpc-servern",
  ),
  machineNumbers: list(
    "tidsstämpel, felförskjutning, förskjutning med fel, felets förskjutning, förskjutning",
    "mask",
  ),
  fieldNames: list("adress"),
  everydayNumbers: list(
    "telefon, beställning, order, serienummer, kundnummer, faktura, postnummer, färg",
    "kundnr, tel, mobil, ring, tel.",
  ),
  attributeNumbers: [],
  determiners: list("denna, detta, den här, det här, min, mitt, ingen, ny, nya"),
  vpnWords: list("fjärråtkomst"),
  stopWords: list("blåskärm, stoppkod"),
  installerWords: list("installation, installera"),
};
