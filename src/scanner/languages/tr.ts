import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const tr: Language = {
  codeCues: list("hata kodu, çıkış kodu, özel durum kodu, durum kodu"),
  cues: list("hata, hatası, kod, kodu, koduyla, kodla, başarısız, özel durum, sonuç, durum"),
  failures: list(
    "hata, başarısız, edilemedi, yapılamadı, olmuyor, çalışmıyor, engellendi, reddedildi",
    "sorun, özel durum",
  ),
  win32Cues: list("sistem hatası, windows hatası"),
  windowsSayings: list("erişim engellendi, sistem belirtilen dosyayı bulamıyor"),
  otherNumbers: list(
    "telefon, sipariş, adres, zaman damgası, seri numarası, fatura, posta kodu, renk",
  ),
};
