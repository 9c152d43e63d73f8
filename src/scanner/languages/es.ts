import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const es: Language = {
  codeCues: list(
    "código de error, codigo de error, código de salida, código de excepción",
    "código de retorno, código de estado",
  ),
  cues: list("código, codigo, fallo, falló, resultado, estado, excepción, error"),
  failures: list(
    "error, fallo, falla, falló, fallido, denegado, no puede, no puedo, no se puede",
    "no se pudo, no funciona, problema, excepción, bloqueo",
  ),
  win32Cues: list("error de sistema, error del sistema, error de windows"),
  windowsSayings: list(
    "acceso denegado, el sistema no puede encontrar el archivo especificado",
    "el sistema no puede encontrar la ruta especificada",
  ),
  otherNumbers: list(
    "teléfono, pedido, dirección, marca de tiempo, marca de tiempo del módulo con errores",
    "código de motivo, número de serie, número de pedido, número de cliente, factura",
    "código postal, color",
  ),
};
