import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const ar: Language = {
  codeKeywords: list("رمز الخطأ, رمز خطأ, رمز الاستثناء, رمز الخروج"),
  errorKeywords: list("خطأ, الخطأ, رمز, استثناء"),
  failureWords: list("خطأ, فشل, لا يمكن, تعذر, مشكلة, رفض"),
  win32Keywords: list("خطأ في النظام, خطأ النظام"),
  windowsMessages: list("تم رفض الوصول"),
  machineNumbers: list("الطابع الزمني, الإزاحة"),
  fieldNames: list("عنوان"),
  everydayNumbers: list("هاتف, طلب, فاتورة, الرقم التسلسلي"),
  attributeNumbers: [],
  determiners: list("هذا, هذه"),
  vpnWords: list("الوصول عن بعد"),
  stopWords: list("الشاشة الزرقاء"),
  installerWords: list("تثبيت"),
};
