import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const ro: Language = {
  codeKeywords: list(
    "cod de eroare, cod eroare, codul de eroare, codul erorii, cod excepție",
    "cod de excepție, cod de ieșire, cod de stare",
  ),
  errorKeywords: list("eroare, eroarea, erori, cod, codul, excepție, rezultat, stare"),
  failureWords: list(
    "eroare, erori, eșuat, nu se poate, nu poate, nu a reușit, refuzat, nu funcționează",
    "problemă, excepție",
  ),
  win32Keywords: list("eroare de sistem, eroarea de sistem, eroare windows"),
  windowsMessages: list("acces refuzat, accesul este interzis, sistemul nu, serviciul"),
  machineNumbers: list(
    "marcă de timp, marcă temporală, decalaj defect, deplasament defect, decalaj",
    "deplasament, mască",
  ),
  fieldNames: list("adresă, adresa, dimensiune, versiune, acces"),
  everydayNumbers: list(
    "telefon, comandă, factură, număr de serie, număr client, client, cod poștal, culoare",
  ),
  attributeNumbers: [],
  determiners: list("acest, această, aceasta, meu, mea, niciun, nou, pentru"),
  vpnWords: list("acces la distanță"),
  stopWords: list("ecran albastru, cod de oprire"),
  installerWords: list("instalare, instalarea, instalez"),
};
