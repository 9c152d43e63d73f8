import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const tr: Language = {
  codeKeywords: list("hata kodu, çıkış kodu, özel durum kodu, durum kodu"),
  errorKeywords: list(
    "hata, hatası, hata mesajı, kod, kodu, koduyla, kodla, başarısız, özel durum, sonuç, durum",
  ),
  failureWords: list(
    "hata, başarısız, edilemedi, yapılamadı, olmuyor, çalışmıyor, engellendi, reddedildi",
    "sorun, özel durum",
  ),
  win32Keywords: list("sistem hatası, windows hatası"),
  windowsMessages: list(
    "erişim engellendi, sistem belirtilen dosyayı bulamıyor, sistem, belirtilen, ağ yolu",
    "parametre, hizmet, işlem, istek, rpc sunucusu, kullanıcı adı",
  ),
  machineNumbers: list("zaman damgası, hata uzaklığı, hata konumu, hata uzaklık, uzaklık, maske"),
  fieldNames: list("adres"),
  everydayNumbers: list(
    "telefon, sipariş, seri numarası, fatura, posta kodu, renk, müşteri numarası",
  ),
  attributeNumbers: [],
  determiners: list("bu, şu, benim, yeni"),
  vpnWords: list("uzaktan erişim"),
  stopWords: list("mavi ekran, durdurma kodu"),
  installerWords: list("yükleme, kurulum"),
};
