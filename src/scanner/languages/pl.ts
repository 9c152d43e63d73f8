import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const pl: Language = {
  codeCues: list("kod błędu, kod zakończenia, kod wyjścia, kod wyjątku, kod stanu"),
  cues: list("błąd, błędu, kod, kodem, niepowodzenie, wyjątek, wynik, stan"),
  failures: list(
    "błąd, błęd, niepowodzen, nie powiod, nie można, nie udało, odmowa, nie działa, problem",
    "wyjątek, awari",
  ),
  win32Cues: list("błąd systemu, błąd systemowy, błąd windows"),
  windowsSayings: list("odmowa dostępu, nie można odnaleźć określonego pliku"),
  otherNumbers: list(
    "telefon, zamówienie, adres, sygnatura czasowa, numer seryjny, numer zamówienia, faktura",
    "kod pocztowy, kolor",
  ),
};
