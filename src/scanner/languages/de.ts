import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const de: Language = {
  codeKeywords: list(
    "fehlercode, fehlernummer, ausnahmecode, rückgabewert, rückgabecode, statuscode",
    "ausnahme von hresult, fehler-id, fehlerwert, beendigungscode, exitcode, fehlerstatus",
  ),
  errorKeywords: list(
    "-fehler, -fehlermeldung, liefert, -ausnahme, ergebnis, status, code, meldet, fehlgeschlagen mit, zurückgegeben",
  ),
  failureWords: list(
    "fehler, fehlgeschlagen, scheitert, abgestürzt, absturz, abbruch, verweigert",
    "kann nicht, konnte nicht, funktioniert nicht, problem, ausnahme, störung, lehnt ab",
    "abgelehnt, geht nicht, bricht ab, kein zugriff, nicht möglich",
  ),
  win32Keywords: list("systemfehler, windows-fehler, winhttp-fehler, wininet-fehler, win32-fehler"),
  windowsMessages: list(
    "zugriff verweigert, das system kann die angegebene datei nicht finden",
    "das system kann den angegebenen pfad nicht finden, das system kann, das system konnte",
    "der angegebene, die angegebene, das angegebene, der netzwerkpfad, der netzwerkname",
    "der dienst, die abhängigkeits, das gerät, der prozess",
    "unbekannter benutzername, der rpc-server, der remoteprozeduraufruf",
    "die anforderung wird nicht, falscher parameter, element nicht gefunden, das handle ist",
    "unzulässige funktion, der benutzername oder das kennwort, der vorgang",
    "anmeldung fehlgeschlagen, anmeldefehler, auf dem datenträger, das verzeichnis",
    "die datei, der parameter ist, eine geräte, schwerwiegender fehler bei der installation",
    "es wird bereits eine andere installation, die vertrauensstellung, zeitüberschreitung",
    "der abhängigkeits, es steht nicht genug",
    "der zugriff wurde verweigert, mehrfache verbindungen, die auf dem lokalen computer",
  ),
  machineNumbers: list(
    "zeitstempel, ursachencode, fehleroffset, fehler-offset, fehlerabweichung, prozess-id",
    "ereignis-id, maske, speicheradresse",
  ),
  fieldNames: list("adresse, zugriff, anschluss, größe"),
  everydayNumbers: list(
    "telefon, tel, rufnummer, bestellung, bestellnummer, auftragsnummer, seriennummer",
    "kundennummer, kundennr., artikelnummer, artikel-nr., rechnungsnummer, vorgangsnummer",
    "postleitzahl, farbe, kunde, artikel, rechnung, personalnummer, inventarnummer",
    "ticketnummer, bestellnr, auftrag, handy, mobil, durchwahl, hotline, tel.",
    "kostenstelle, vertrag, vertragsnummer, lieferschein, mitarbeiternummer, anlagennummer",
  ),
  attributeNumbers: list("kennung, build, konto"),
  determiners: list(
    "diese, dieser, dieses, diesem, diesen, mein, meine, meiner, unser, unsere, kein, keine",
    "keinen, neue, neuen, für",
  ),
  vpnWords: list("remotezugriff, ras-verbindung, vpn-verbindung, einwahl"),
  stopWords: list("stoppcode, stop-fehler, stopfehler, bluescreen"),
  installerWords: list("installation, installier, installations, einrichtung"),
};
