import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const nl: Language = {
  codeCues: list("foutcode, afsluitcode, uitzonderingscode, retourcode, resultaatcode, statuscode"),
  cues: list("-fout, code, mislukt, uitzondering, resultaat, status"),
  failures: list(
    "fout, mislukt, mislukte, gecrasht, vastgelopen, geweigerd, kan niet, kon niet",
    "werkt niet, probleem, uitzondering, storing",
  ),
  win32Cues: list("systeemfout, windows-fout"),
  windowsSayings: list(
    "toegang geweigerd, het systeem kan het opgegeven bestand niet vinden",
    "het systeem kan het opgegeven pad niet vinden",
  ),
  otherNumbers: list(
    "telefoon, bestelling, adres, tijdstempel, klantnummer, factuur, ordernummer, serienummer",
    "postcode, kleur",
  ),
};
