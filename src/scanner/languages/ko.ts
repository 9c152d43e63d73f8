import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const ko: Language = {
  codeKeywords: list("오류 코드, 에러 코드, 예외 코드, 종료 코드, 반환 값, 상태 코드"),
  errorKeywords: list("오류, 에러, 코드, 실패, 예외, 결과, 상태"),
  failureWords: list("오류, 에러, 실패, 예외, 문제, 할 수 없, 되지 않, 거부, 중단"),
  win32Keywords: list("시스템 오류, 시스템 에러"),
  windowsMessages: list(
    "액세스가 거부, 지정된 파일을 찾을 수 없습니다, 액세스가, 지정된, 시스템이, 네트워크 경로, 매개 변수가, 서비스가, 서비스를, 프로세스가, 요청이",
    "rpc 서버, 사용자 이름, 요소가 없습니다",
  ),
  machineNumbers: list("타임스탬프, 이유 코드, 오류 오프셋, 오프셋, 플래그, 마스크"),
  fieldNames: list("주소"),
  everydayNumbers: list("전화, 주문, 주문 번호, 일련 번호, 우편번호, 고객 번호"),
  attributeNumbers: [],
  determiners: list("이, 그, 내"),
  vpnWords: list("원격 액세스"),
  stopWords: list("블루 스크린, 블루스크린, 중지 코드"),
  installerWords: list("설치"),
};
