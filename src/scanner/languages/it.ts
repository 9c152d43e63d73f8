import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const it: Language = {
  codeKeywords: list(
    "codice di errore, codice errore, codice di uscita, codice eccezione",
    "codice di eccezione, codice di stato, codice restituito",
  ),
  errorKeywords: list("errore, codice, eccezione, risultato, stato, restituisce"),
  failureWords: list(
    "errore, errori, fallito, fallita, non riuscito, non riuscita, negato, impossibile",
    "non funziona, non riesce, problema, eccezione, bloccato, rifiuta, rifiutato",
  ),
  win32Keywords: list("errore di sistema, errore di windows"),
  windowsMessages: list(
    "accesso negato, impossibile trovare il file specificato",
    "impossibile trovare il percorso specificato, impossibile trovare il, il sistema non",
    "il percorso di rete, il servizio, il processo, parametro non corretto",
    "nome utente o password, il server rpc, la richiesta non, handle non valido",
    "elemento non trovato, l'operazione, errore irreversibile durante l'installazione",
  ),
  machineNumbers: list(
    "offset errore, offset dell'errore, scostamento errore, maschera, indicatore data e ora",
    "id processo",
  ),
  fieldNames: list("indirizzo, dimensione, versione, accesso"),
  everydayNumbers: list(
    "telefono, ordine, timestamp, matricola, fattura, numero di serie, codice cliente",
    "codice postale, colore, cliente, articolo, tel, cellulare, tel., contratto",
  ),
  attributeNumbers: list("account, identificativo"),
  determiners: list("questo, questa, questi, mio, mia, nostro, nessun, nuovo, nuova, per"),
  vpnWords: list("accesso remoto"),
  stopWords: list("schermata blu, codice di arresto"),
  installerWords: list("installazione, installare"),
};
