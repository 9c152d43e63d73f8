import type { Language } from "./index.ts";

export const hu: Language = {
  codeCues: [
    "hibakód",
    "hibakóddal",
    "kilépési kód",
    "kilépési kóddal",
    "kivételkód",
    "állapotkód",
  ],
  cues: ["hiba", "hibával", "kód", "kóddal", "sikertelen", "kivétel", "eredmény", "állapot"],
  failures: [
    "hiba",
    "hibá",
    "sikertelen",
    "nem sikerül",
    "nem lehet",
    "nem működik",
    "megtagad",
    "probléma",
    "kivétel",
    "összeoml",
  ],
  win32Cues: ["rendszerhiba", "windows-hiba"],
  windowsSayings: ["a hozzáférés megtagadva", "a rendszer nem találja a megadott fájlt"],
  otherNumbers: [
    "telefon",
    "rendelés",
    "cím",
    "időbélyeg",
    "sorozatszám",
    "rendelésszám",
    "számla",
    "irányítószám",
    "szín",
  ],
  signs: {
    "windows-hello": [
      "bejelentkezés",
      "bejelentkezni",
      "ujjlenyomat",
      "arcfelismerés",
      "eszközregisztráció",
    ],
  },
};
