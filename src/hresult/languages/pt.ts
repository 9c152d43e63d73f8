import type { Language } from "./index.ts";

export const pt: Language = {
  cues: ["erro", "código de erro", "código do erro", "falha", "falhou", "resultado", "exceção"],
  win32Cues: ["erro de sistema", "erro do sistema", "erro do windows"],
  otherNumbers: [
    "telefone",
    "pedido",
    "endereço",
    "carimbo de data",
    "código do motivo",
    "número de série",
    "cep",
    "cor",
  ],
  signs: {
    "windows-hello": [
      "entrar",
      "iniciar sessão",
      "logon",
      "impressão digital",
      "reconhecimento facial",
      "registro do dispositivo",
    ],
  },
};
