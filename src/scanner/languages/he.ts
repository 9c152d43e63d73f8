import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const he: Language = {
  codeKeywords: list("קוד שגיאה, קוד השגיאה, קוד חריגה, קוד יציאה"),
  errorKeywords: list("שגיאה, שגיאת, קוד, חריגה, תוצאה"),
  failureWords: list("שגיאה, נכשל, לא ניתן, לא מצליח, בעיה, נדחתה, לא עובד"),
  win32Keywords: list("שגיאת מערכת, שגיאת windows"),
  windowsMessages: list("הגישה נדחתה"),
  machineNumbers: list("חותמת זמן, היסט"),
  fieldNames: list("כתובת"),
  everydayNumbers: list("טלפון, הזמנה, חשבונית, מספר סידורי"),
  attributeNumbers: [],
  determiners: list("הזה, הזאת"),
  vpnWords: list("גישה מרחוק"),
  stopWords: list("מסך כחול"),
  installerWords: list("התקנה, התקנת"),
};
