import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const fr: Language = {
  codeCues: list(
    "code d'erreur, code erreur, code d’erreur, code de sortie, code d'exception",
    "code d’exception, code de retour, exception de hresult",
  ),
  cues: list("-erreur, échec, état, résultat, code"),
  failures: list(
    "erreur, échec, échoue, échoué, plante, planté, bloqué, refusé, impossible",
    "ne fonctionne pas, problème, exception, panne",
  ),
  win32Cues: list("erreur système, erreur windows"),
  windowsSayings: list(
    "accès refusé, le fichier spécifié est introuvable",
    "le chemin d’accès spécifié est introuvable",
  ),
  otherNumbers: list(
    "téléphone, tél, commande, adresse, horodatage, horodateur, code motif, numéro de série",
    "numéro de client, numéro de commande, référence, facture, code postal, couleur",
  ),
};
