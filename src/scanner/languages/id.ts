import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const id: Language = {
  codeKeywords: list("kode kesalahan, kode galat, kode eror, kode keluar, kode pengecualian"),
  errorKeywords: list("kesalahan, galat, eror, kode, pengecualian, hasil"),
  failureWords: list("kesalahan, galat, eror, gagal, tidak dapat, tidak bisa, masalah, ditolak"),
  win32Keywords: list("kesalahan sistem, galat sistem"),
  windowsMessages: list("akses ditolak, sistem tidak"),
  machineNumbers: list("stempel waktu, offset kesalahan"),
  fieldNames: list("alamat, versi, ukuran"),
  everydayNumbers: list("telepon, pesanan, faktur, nomor seri, pelanggan, warna"),
  attributeNumbers: [],
  determiners: list("ini, itu, saya"),
  vpnWords: list("akses jarak jauh"),
  stopWords: list("layar biru"),
  installerWords: list("instalasi, pemasangan, menginstal"),
};
