import type { Messages } from "../messages.ts";

export const ja: Messages = {
  firstWords: "Windows エラー",
  unknownMeaning: (product) =>
    product === null
      ? "このコードの説明はカタログにありません。"
      : `「${product}」のコードです。説明はカタログにありません。`,
  situation: (title) => `状況: ${title}`,
  causes: () => "考えられる原因",
  sameSituation: "同じ状況のその他のコード",
  steps: "対処方法",
  generalSteps: "この状況での一般的な対処方法",
  who: { user: "ユーザー", agent: "ヘルプデスク", admin: "管理者" },
  caution: (text) => `注意: ${text}`,
  escalate: (whom) => `解決しない場合は、${whom}にエスカレーションしてください。`,
  contactMicrosoft: (codes) =>
    `${codes} の対処方法は知られていません。試した内容を添えて、Microsoft サポートにお問い合わせください。`,
  contactMicrosoftThen: (codes) =>
    `解決しない場合は、${codes} について、試した内容を添えて Microsoft サポートにお問い合わせください。`,
  possible: (title, hint) => `「${title}」の場合: ${hint}`,
  otherCodes: "チケット内のその他のコード",
  more: (count) => `ほか ${count} 件のコード`,
  cut: (length) =>
    `チケットが非常に長いため、先頭の ${length.toLocaleString("ja")} 文字だけからコードを検索しました。`,
  shortened: "チケット システムの文字数制限のため、短縮しました。",
  source: "出典",
  catalogVersion: (version) => `カタログ ${version}`,
  comma: "、",
  sentenceGap: "",
  colon: ": ",
  misspelt: "（チケットの表記には誤りがあり、このコードと推定）",
  inFile: (name) => `（${name} の中）`,
  fromPicture: (name) => `（${name} の画像から読み取り。画像と照合してください）`,
};
