import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const vi: Language = {
  codeKeywords: list("mã lỗi, mã thoát, mã ngoại lệ, mã trạng thái"),
  errorKeywords: list("lỗi, mã, ngoại lệ, kết quả, trạng thái"),
  failureWords: list("lỗi, không thể, thất bại, từ chối, không được, sự cố, vấn đề"),
  win32Keywords: list("lỗi hệ thống, lỗi windows"),
  windowsMessages: list("truy cập bị từ chối, hệ thống không"),
  machineNumbers: list("dấu thời gian, độ lệch lỗi, mặt nạ"),
  fieldNames: list("địa chỉ, phiên bản, kích thước"),
  everydayNumbers: list("điện thoại, đơn hàng, hóa đơn, số sê-ri, khách hàng, màu"),
  attributeNumbers: [],
  determiners: list("này, của tôi"),
  vpnWords: list("truy cập từ xa"),
  stopWords: list("màn hình xanh, mã dừng"),
  installerWords: list("cài đặt"),
};
