import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const de: Language = {
  codeCues: list(
    "fehlercode, fehlernummer, ausnahmecode, rückgabewert, rückgabecode, statuscode",
    "ausnahme von hresult",
  ),
  cues: list("-fehler, -ausnahme, ergebnis, status, code"),
  failures: list(
    "fehler, fehlgeschlagen, scheitert, abgestürzt, absturz, abbruch, verweigert, kann nicht",
    "konnte nicht, funktioniert nicht, problem, ausnahme, störung",
  ),
  win32Cues: list("systemfehler, windows-fehler"),
  windowsSayings: list(
    "zugriff verweigert, das system kann die angegebene datei nicht finden",
    "das system kann den angegebenen pfad nicht finden",
  ),
  otherNumbers: list(
    "telefon, tel, rufnummer, bestellung, bestellnummer, auftragsnummer, adresse, zeitstempel",
    "ursachencode, seriennummer, kundennummer, kundennr., artikelnummer, artikel-nr.",
    "rechnungsnummer, vorgangsnummer, postleitzahl, farbe",
  ),
};
