import type { Language } from "./index.ts";

export const pl: Language = {
  codeCues: ["kod błędu", "kod zakończenia", "kod wyjścia", "kod wyjątku", "kod stanu"],
  cues: ["błąd", "błędu", "kod", "kodem", "niepowodzenie", "wyjątek", "wynik", "stan"],
  failures: [
    "błąd",
    "błęd",
    "niepowodzen",
    "nie powiod",
    "nie można",
    "nie udało",
    "odmowa",
    "nie działa",
    "problem",
    "wyjątek",
    "awari",
  ],
  win32Cues: ["błąd systemu", "błąd systemowy", "błąd windows"],
  windowsSayings: ["odmowa dostępu", "nie można odnaleźć określonego pliku"],
  otherNumbers: [
    "telefon",
    "zamówienie",
    "adres",
    "sygnatura czasowa",
    "numer seryjny",
    "numer zamówienia",
    "faktura",
    "kod pocztowy",
    "kolor",
  ],
  signs: {
    "windows-hello": [
      "logowanie",
      "zalogować",
      "odcisk palca",
      "rozpoznawanie twarzy",
      "rejestracja urządzenia",
    ],
  },
};
