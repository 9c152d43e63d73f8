import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const nl: Language = {
  codeKeywords: list(
    "foutcode, afsluitcode, uitzonderingscode, retourcode, resultaatcode, statuscode",
  ),
  errorKeywords: list(
    "-fout, foutmelding, foutnummer, code, mislukt, uitzondering, resultaat, status",
  ),
  failureWords: list(
    "fout, mislukt, mislukte, gecrasht, vastgelopen, geweigerd, kan niet, kon niet",
    "werkt niet, probleem, uitzondering, storing, weigert, lukt niet",
  ),
  win32Keywords: list("systeemfout, windows-fout"),
  windowsMessages: list(
    "toegang geweigerd, het systeem kan het opgegeven bestand niet vinden",
    "het systeem kan het opgegeven pad niet vinden, het systeem kan, het netwerkpad",
    "de service, het proces, de afhankelijkheids, de parameter is, de opgegeven, het opgegeven",
    "de gebruikersnaam, de rpc-server, de aanvraag wordt, element niet gevonden",
    "onherstelbare fout tijdens installatie",
  ),
  machineNumbers: list(
    "tijdstempel, foutmarge, fout-offset, offset met fout, offset van fout, masker",
    "proces-id",
  ),
  fieldNames: list("adres, grootte, versie, toegang"),
  everydayNumbers: list(
    "telefoon, bestelling, klantnummer, factuur, ordernummer, serienummer, postcode, kleur",
    "klant, artikel, tel, mobiel, tel.",
  ),
  attributeNumbers: list("account"),
  determiners: list("dit, deze, mijn, onze, geen, nieuwe, voor"),
  vpnWords: list("externe toegang"),
  stopWords: list("blauw scherm, stopcode"),
  installerWords: list("installatie, installeren"),
};
