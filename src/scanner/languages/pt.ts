import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const pt: Language = {
  codeCues: list(
    "código de erro, código do erro, código de saída, código de exceção, código de retorno",
    "código de status",
  ),
  cues: list("erro, código, falha, falhou, resultado, exceção, status"),
  failures: list(
    "erro, falha, falhou, falhar, negado, não pode, não é possível, não foi possível",
    "não consigo, não funciona, problema, exceção, travou",
  ),
  win32Cues: list("erro de sistema, erro do sistema, erro do windows"),
  windowsSayings: list(
    "acesso negado, o sistema não pode encontrar o arquivo especificado",
    "o sistema não pode encontrar o caminho especificado",
  ),
  otherNumbers: list(
    "telefone, pedido, endereço, carimbo de data, código do motivo, número de série",
    "número do pedido, fatura, cep, cor",
  ),
};
