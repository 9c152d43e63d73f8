import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const pt: Language = {
  codeKeywords: list(
    "código de erro, código do erro, código de saída, código de exceção, código de retorno",
    "código de status",
  ),
  errorKeywords: list("erro, código, falha, falhou, resultado, exceção, status, retornou, retorna"),
  failureWords: list(
    "erro, falha, falhou, falhar, negado, não pode, não é possível, não foi possível",
    "não consigo, não funciona, problema, exceção, travou, recusa, recusado, não responde",
  ),
  win32Keywords: list("erro de sistema, erro do sistema, erro do windows"),
  windowsMessages: list(
    "acesso negado, o sistema não pode encontrar o arquivo especificado",
    "o sistema não pode encontrar o caminho especificado, o sistema não, o caminho da rede",
    "o serviço, o processo, o parâmetro, o nome de usuário, o servidor rpc",
    "a solicitação não, o pedido não, elemento não encontrado, a operação",
    "erro fatal durante a instalação",
  ),
  machineNumbers: list(
    "carimbo de data, código do motivo, deslocamento da falha, deslocamento do erro",
    "deslocamento com falha, deslocamento de falha, desvio de falha, máscara",
    "id do processo",
  ),
  fieldNames: list("endereço, tamanho, versão, acesso"),
  everydayNumbers: list(
    "telefone, pedido, número de série, número do pedido, fatura, cep, cor, cliente, artigo",
    "tel, telemóvel, celular, tel., contrato, nota fiscal, patrimônio, património, inventário",
  ),
  attributeNumbers: list("conta"),
  determiners: list("este, esta, estes, meu, minha, nosso, nenhum, novo, nova, para"),
  vpnWords: list("acesso remoto"),
  stopWords: list("tela azul, ecrã azul, código de parada"),
  installerWords: list("instalar, instalação, instalador"),
};
