import type { Language } from "./index.ts";

export const es: Language = {
  cues: [
    "código de error",
    "código",
    "codigo",
    "fallo",
    "falló",
    "resultado",
    "estado",
    "excepción",
  ],
  win32Cues: ["error de sistema", "error del sistema", "error de windows"],
  otherNumbers: [
    "teléfono",
    "pedido",
    "dirección",
    "marca de tiempo",
    "código de motivo",
    "número de serie",
    "código postal",
    "color",
  ],
  signs: {
    "windows-hello": [
      "iniciar sesión",
      "inicio de sesión",
      "huella",
      "reconocimiento facial",
      "registro de dispositivos",
    ],
  },
};
