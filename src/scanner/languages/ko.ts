import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const ko: Language = {
  codeCues: list("오류 코드, 에러 코드, 예외 코드, 종료 코드, 반환 값, 상태 코드"),
  cues: list("오류, 에러, 코드, 실패, 예외, 결과, 상태"),
  failures: list("오류, 에러, 실패, 예외, 문제, 할 수 없, 되지 않, 거부, 중단"),
  win32Cues: list("시스템 오류, 시스템 에러"),
  windowsSayings: list("액세스가 거부, 지정된 파일을 찾을 수 없습니다"),
  otherNumbers: list("전화, 주문, 주문 번호, 주소, 타임스탬프, 이유 코드, 일련 번호, 우편번호"),
};
