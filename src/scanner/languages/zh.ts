import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const zh: Language = {
  codeKeywords: list(
    "错误代码, 错误码, 錯誤碼, 錯誤代碼, 退出代码, 结束代码, 异常代码, 返回值, 返回码, 错误编号, 错误值, 錯誤值",
  ),
  errorKeywords: list("错误, 代码, 失败, 异常, 状态, 结果, 錯誤, 代碼, 失敗, 異常, 狀態"),
  failureWords: list(
    "错误, 错, 失败, 异常, 无法, 不能, 拒绝, 问题, 崩溃, 报错, 錯誤, 失敗, 異常, 無法, 拒絕, 問題",
  ),
  win32Keywords: list("系统错误, 系統錯誤"),
  windowsMessages: list(
    "拒绝访问, 系统找不到指定的文件, 系统找不到指定的路径, 存取被拒, 系統找不到指定的檔案, 系统找不到, 系統找不到, 找不到网络路径, 找不到網路路徑, 指定的",
    "参数错误, 參數錯誤, 服务没有, 服务已, 进程, 依赖, 该服务, rpc 服务器, 用户名或密码, 不支持该请求, 找不到元素, 句柄无效, 另一个程序",
  ),
  machineNumbers: list(
    "地址偏移, 时间戳, 時間戳, 原因代码, 错误偏移量, 错误偏移, 偏移量, 偏移, 錯誤位移, 位移, 掩码, 标志, 进程 id, 错误进程 id",
  ),
  fieldNames: list("地址, 位址, 大小, 版本, 访问"),
  everydayNumbers: list(
    "电话, 電話, 订单, 订单号, 訂單, 序列号, 編號, 编号, 快递, 邮编, 群号, 客户编号",
  ),
  attributeNumbers: list("账号, 帳號"),
  determiners: list("这个, 这, 该, 我的, 新, 這個, 這"),
  vpnWords: list("远程访问, 遠端存取"),
  stopWords: list("蓝屏, 藍屏, 停止代码, 停止代碼, 终止代码"),
  installerWords: list("安装, 安裝"),
};
