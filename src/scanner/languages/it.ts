import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const it: Language = {
  codeCues: list(
    "codice di errore, codice errore, codice di uscita, codice eccezione, codice di eccezione",
    "codice di stato, codice restituito",
  ),
  cues: list("errore, codice, eccezione, risultato, stato"),
  failures: list(
    "errore, errori, fallito, fallita, non riuscito, non riuscita, negato, impossibile",
    "non funziona, non riesce, problema, eccezione, bloccato",
  ),
  win32Cues: list("errore di sistema, errore di windows"),
  windowsSayings: list(
    "accesso negato, impossibile trovare il file specificato",
    "impossibile trovare il percorso specificato",
  ),
  otherNumbers: list(
    "telefono, ordine, indirizzo, timestamp, matricola, fattura, numero di serie",
    "codice cliente, codice postale, colore",
  ),
};
