import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const th: Language = {
  codeKeywords: list("รหัสข้อผิดพลาด, รหัสข้อยกเว้น, รหัสออก"),
  errorKeywords: list("ข้อผิดพลาด, รหัส, ข้อยกเว้น"),
  failureWords: list("ข้อผิดพลาด, ล้มเหลว, ไม่สามารถ, ปัญหา, ปฏิเสธ"),
  win32Keywords: list("ข้อผิดพลาดของระบบ"),
  windowsMessages: list("การเข้าถึงถูกปฏิเสธ"),
  machineNumbers: list("การประทับเวลา, ออฟเซ็ต"),
  fieldNames: list("ที่อยู่"),
  everydayNumbers: list("โทรศัพท์, คำสั่งซื้อ, ใบแจ้งหนี้"),
  attributeNumbers: [],
  determiners: list("นี้"),
  vpnWords: list("การเข้าถึงระยะไกล"),
  stopWords: list("จอฟ้า"),
  installerWords: list("ติดตั้ง"),
};
