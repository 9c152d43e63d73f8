import type { Language } from "./index.ts";

export const ko: Language = {
  cues: [
    "오류",
    "오류 코드",
    "에러",
    "에러 코드",
    "코드",
    "실패",
    "예외",
    "결과",
    "상태",
    "반환 값",
  ],
  win32Cues: ["시스템 오류", "시스템 에러"],
  otherNumbers: ["전화", "주문", "주소", "타임스탬프", "이유 코드", "일련 번호", "우편번호"],
  signs: { "windows-hello": ["로그인", "로그온", "지문", "얼굴 인식", "장치 등록", "등록"] },
};
