import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const pl: Language = {
  codeKeywords: list("kod błędu, kod zakończenia, kod wyjścia, kod wyjątku, kod stanu"),
  errorKeywords: list(
    "błąd, błędu, kod, kodem, komunikat o błędzie, niepowodzenie, wyjątek, wynik, stan",
  ),
  failureWords: list(
    "błąd, błęd, niepowodzen, nie powiod, nie można, nie udało, odmowa, nie działa, problem",
    "wyjątek, awari",
  ),
  win32Keywords: list("błąd systemu, błąd systemowy, błąd windows"),
  windowsMessages: list(
    "odmowa dostępu, nie można odnaleźć określonego pliku, nie można odnaleźć",
    "system nie może, określony, określona, parametr jest, nie odnaleziono ścieżki, usługa",
    "proces, nie można uruchomić, żądanie nie, nazwa użytkownika, serwer rpc",
  ),
  machineNumbers: list("sygnatura czasowa, przesunięcie błędu, offset błędu, maska"),
  fieldNames: list("adres"),
  everydayNumbers: list(
    "telefon, zamówienie, numer seryjny, numer zamówienia, faktura, kod pocztowy, kolor",
    "numer klienta",
  ),
  attributeNumbers: [],
  determiners: list("ten, ta, to, tej, tym, mój, moja, żaden, nowy, nowa"),
  vpnWords: list("dostęp zdalny"),
  stopWords: list("niebieski ekran, kod zatrzymania"),
  installerWords: list("instalacja, instalacji, instalator"),
};
