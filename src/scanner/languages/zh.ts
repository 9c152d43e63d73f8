import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const zh: Language = {
  codeCues: list(
    "错误代码, 错误码, 錯誤碼, 錯誤代碼, 退出代码, 结束代码, 异常代码, 返回值, 返回码",
  ),
  cues: list("错误, 代码, 失败, 异常, 状态, 结果, 錯誤, 代碼, 失敗, 異常, 狀態"),
  failures: list(
    "错误, 错, 失败, 异常, 无法, 不能, 拒绝, 问题, 崩溃, 报错, 錯誤, 失敗, 異常, 無法, 拒絕",
    "問題",
  ),
  win32Cues: list("系统错误, 系統錯誤"),
  windowsSayings: list(
    "拒绝访问, 系统找不到指定的文件, 系统找不到指定的路径, 存取被拒, 系統找不到指定的檔案",
  ),
  otherNumbers: list(
    "电话, 電話, 订单, 订单号, 訂單, 地址, 时间戳, 時間戳, 原因代码, 序列号, 編號, 编号, 快递",
    "邮编, 群号",
  ),
};
