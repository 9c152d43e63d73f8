import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const es: Language = {
  codeKeywords: list(
    "código de error, codigo de error, código de salida, código de excepción",
    "código de retorno, código de estado, código de salida del proceso, id. de error",
    "valor de error",
  ),
  errorKeywords: list(
    "código, codigo, fallo, falló, resultado, estado, excepción, error, devolvió, devuelve",
    "con el error",
  ),
  failureWords: list(
    "error, fallo, falla, falló, fallido, denegado, no puede, no puedo, no se puede",
    "no se pudo, no funciona, problema, excepción, bloqueo, rechaza, rechazado, no responde",
  ),
  win32Keywords: list("error de sistema, error del sistema, error de windows"),
  windowsMessages: list(
    "acceso denegado, el sistema no puede encontrar el archivo especificado",
    "el sistema no puede encontrar la ruta especificada, el sistema no puede",
    "la ruta de acceso, no se ha encontrado la ruta, el parámetro, el servicio",
    "el proceso, la solicitud no, el nombre de usuario, el servidor rpc",
    "el controlador no, no se encontró el elemento, la operación, se ha intentado",
    "el dispositivo, error irrecuperable durante la instalación, ya hay otra instalación",
  ),
  machineNumbers: list(
    "marca de tiempo, marca de tiempo del módulo con errores, código de motivo",
    "desplazamiento de errores, desplazamiento del error, desplazamiento de error",
    "desplazamiento, máscara, id. de proceso",
  ),
  fieldNames: list("dirección, tamaño, versión, acceso"),
  everydayNumbers: list(
    "teléfono, pedido, número de serie, número de pedido, número de cliente, factura",
    "código postal, color, cliente, artículo, tel, móvil, tel., tlf., contrato, activo fijo, número de inventario",
  ),
  attributeNumbers: list("cuenta, identificador"),
  determiners: list("este, esta, estos, mi, mis, su, nuestro, ningún, nuevo, nueva, para"),
  vpnWords: list("acceso remoto"),
  stopWords: list("pantalla azul, código de detención"),
  installerWords: list("instalar, instalación, instalador"),
};
