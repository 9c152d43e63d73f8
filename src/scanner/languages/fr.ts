import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const fr: Language = {
  codeKeywords: list(
    "code d'erreur, code erreur, code de sortie, code d'exception, code de retour",
    "exception de hresult, code de l'erreur, valeur d'erreur",
  ),
  errorKeywords: list("-erreur, échec, état, résultat, code, a renvoyé, retourne"),
  failureWords: list(
    "erreur, échec, échoue, échoué, plante, planté, bloqué, refusé, impossible",
    "ne fonctionne pas, problème, exception, panne, refuse, rejette, ne répond pas",
    "ne peut pas",
  ),
  win32Keywords: list("erreur système, erreur windows"),
  windowsMessages: list(
    "accès refusé, le fichier spécifié est introuvable",
    "le chemin d'accès spécifié est introuvable, l'accès est refusé, le fichier spécifié",
    "le chemin d'accès, le chemin réseau, le service, le processus",
    "le paramètre est, le nom d'utilisateur, le serveur rpc, la demande n'est pas",
    "le descripteur, élément introuvable, fonction incorrecte, l'opération",
    "le système ne peut, une autre installation, espace insuffisant",
    "erreur irrécupérable lors de l'installation, la relation d'approbation",
  ),
  machineNumbers: list(
    "horodatage, horodateur, code motif, décalage d'erreur, décalage de l'erreur, décalage",
    "offset d'erreur, masque, id de processus",
  ),
  fieldNames: list("adresse, taille, version, accès"),
  everydayNumbers: list(
    "téléphone, tél, commande, numéro de série, numéro de client, numéro de commande",
    "référence, facture, code postal, couleur, client, article, tel, mobile, portable, tel.",
    "colis, badge, contrat, bon de livraison",
  ),
  attributeNumbers: list("identifiant, compte"),
  determiners: list(
    "ce, cet, cette, ces, mon, ma, mes, notre, votre, aucun, aucune, nouveau, nouvelle",
    "pour",
  ),
  vpnWords: list("accès à distance"),
  stopWords: list("écran bleu, code d'arrêt, stop"),
  installerWords: list("installation, installer, installateur"),
};
