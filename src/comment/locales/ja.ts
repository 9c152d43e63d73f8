import type { Decoded, EntraSource } from "../../hresult/decode.ts";
import type { Messages } from "../messages.ts";

export const ja: Messages = {
  failed: (title) => `${title}: 既知のエラー コードで失敗しました`,
  succeeded: (title) => `${title}: 成功しました (再起動が必要です)`,
  onlyUnlisted: "カタログにない Windows エラー コード",
  why: "失敗した内容と原因",
  meaning: "コードの意味",
  doFirst: "最初に試すこと (1 つずつ行い、そのつど再試行し、解決したら終了)",
  doThen: "それでもエラーが出る場合",
  doThis: "行うこと",
  whomToCall: "連絡先",
  oneOf: "次のいずれかが原因です",
  namedFor: (codes) => `${codes} に対する手順`,
  onlyFor: (codes) => `${codes} の場合`,
  unlisted: "カタログにありません。",
  contactMicrosoft: (codes) =>
    `Microsoft サポートに問い合わせてください。${codes} の既知の軽減策はありません。エラー コードと、これまでに試した内容を伝えてください。`,
  contactMicrosoftThen: (codes) =>
    `エラーが続く場合は、Microsoft サポートに問い合わせてください。${codes} の既知の軽減策はありません。エラー コードと、これまでに試した内容を伝えてください。`,
  handOver:
    "エラーが続く場合は、デバイスと Microsoft Entra ID の管理担当者に、コードを添えてチケットを引き継いでください。",
  succeededOnly: "連絡は不要です。このコードは成功を表します。",
  more: (count) => `ほか ${count} 件のコード`,
  cut: (length) =>
    `チケットが非常に長いため、先頭の ${length.toLocaleString("ja")} 文字だけからコードを探しました。`,
  shortened: "チケット システムの文字数制限のため、短縮しました。",
  source: "出典",
  catalogVersion: (version) => `カタログ ${version}`,
  decoded: describe,
  comma: "、",
  sentenceGap: "",
  inFile: (name) => `（${name} の中）`,
  colon: ": ",
};

const ENTRA: Readonly<Record<EntraSource, string>> = {
  library: "コンポーネント自体が検出したもの",
  server: "サインイン サーバーからの応答",
  http: "サーバーの応答は HTTP ステータス",
  system: "システムが検出したもの",
  json: "正しい JSON ではない応答",
  url: "アドレスに到達できなかったもの",
  network: "Win32 のネットワーク エラー",
  protocol: "サインイン サーバーとのやり取りの失敗",
  unknown: "発生箇所は不明",
};

function describe(
  { family, severity, facility, win32, ntstatus, customer, entra }: Decoded,
  facilityName: string | null,
) {
  const maker = customer ? "Windows 以外のプログラムが定義したコードです。" : "";
  const level = severity === "error" ? "エラー" : "警告";
  const told = [ENTRA[entra?.source ?? "unknown"], entra?.number ?? ""].join(" ").trim();
  const place = facilityName
    ? `ファシリティ ${facilityName} (番号 ${facility})`
    : `ファシリティ番号 ${facility}`;
  switch (family) {
    case "win32":
      return `番号からわかること: HRESULT に入った Win32 エラー ${win32}。${maker}`;
    case "ntstatus":
      return `番号からわかること: NTSTATUS の${level}、${place}。${maker}`;
    case "ntstatus_in_hresult":
      return `番号からわかること: HRESULT に入った NTSTATUS の${level} \`${ntstatus}\`、${place}。${maker}`;
    case "entra":
      return `番号からわかること: Microsoft Entra ID のサインイン コンポーネントのエラー (${told})。`;
    case "hresult":
      return `番号からわかること: HRESULT の${level}、${place}。${maker}`;
  }
}
