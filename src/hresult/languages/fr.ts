import type { Language } from "./index.ts";

export const fr: Language = {
  cues: [
    "erreur",
    "code d'erreur",
    "code erreur",
    "code d’erreur",
    "échec",
    "état",
    "résultat",
    "exception de hresult",
  ],
  win32Cues: ["erreur système", "erreur windows"],
  otherNumbers: [
    "téléphone",
    "tél",
    "commande",
    "adresse",
    "horodatage",
    "code motif",
    "numéro de série",
    "code postal",
    "couleur",
  ],
  signs: {
    "windows-hello": [
      "code confidentiel",
      "connexion",
      "se connecter",
      "ouverture de session",
      "empreinte",
      "reconnaissance faciale",
      "inscription",
    ],
  },
};
