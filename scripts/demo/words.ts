import type { Language } from "../../src/worker/console/words/index.ts";

/** The words of the practice desk in English; Japanese has the same keys. */
const en = {
  title: "Practice ticket desk",
  lead: "File a ticket with a Windows error code, and see the comment arrive.",
  newTicket: "New ticket",
  subject: "Subject",
  text: "Text",
  example: "Such as",
  format: "The text is",
  formats: { text: "plain text", html: "HTML" },
  file: "Or a file (text, HTML or a screenshot; it can be pasted or dropped)",
  locale: "Language of the ticket",
  automatic: "automatic, from the text",
  submit: "File ticket",
  tickets: "Tickets",
  noSubject: "(no subject)",
  comment: "Comment",
  internal: "Internal note",
  public: "Public",
  contactMicrosoft: "Contact Microsoft",
  known: "Mitigation known",
  noSteps: "No steps known",
  retrigger: "Re-trigger",
  force: "even when nothing changed",
  sending: "Being sent …",
  failed: "Failed",
  waiting: "The Worker is at work …",
  outcomes: {
    posted: "The comment was posted.",
    updated: "The comment was updated.",
    unchanged: "Nothing new to say: no further comment.",
    no_code: "No error code found: no comment.",
    skipped: "Left alone because of its tag: no comment.",
    withheld: "Shadow mode: no comment was posted.",
    tagged: "Only labels were set.",
  },
  arrived: "{id}: a comment arrived.",
  stopped: "The practice desk has stopped.",
};

export type DeskWords = typeof en;

const ja: DeskWords = {
  title: "練習用の問い合わせ窓口",
  lead: "Windows のエラーコードを書いて送ると、コメントが届きます。",
  newTicket: "新しい問い合わせ",
  subject: "件名",
  text: "本文",
  example: "例",
  format: "本文の形式",
  formats: { text: "テキスト", html: "HTML" },
  file: "またはファイル（テキスト、HTML、スクリーンショット。貼り付け・ドロップもできます）",
  locale: "問い合わせの言語",
  automatic: "自動（本文から判定）",
  submit: "送信",
  tickets: "問い合わせ一覧",
  noSubject: "（件名なし）",
  comment: "コメント",
  internal: "社内メモ",
  public: "公開",
  contactMicrosoft: "Microsoft へ問い合わせ",
  known: "対処方法あり",
  noSteps: "対処方法は未登録",
  retrigger: "再実行",
  force: "変更がなくても投稿する",
  sending: "送信中…",
  failed: "失敗",
  waiting: "処理中…",
  outcomes: {
    posted: "コメントを投稿しました。",
    updated: "コメントを更新しました。",
    unchanged: "変更がないため、追加のコメントはありません。",
    no_code: "エラーコードがないため、コメントはありません。",
    skipped: "タグにより対象外のため、コメントはありません。",
    withheld: "試行モードのため、コメントは投稿していません。",
    tagged: "ラベルだけを設定しました。",
  },
  arrived: "{id}: コメントが届きました。",
  stopped: "窓口は停止しています。",
};

const WORDS: Readonly<Record<Language, DeskWords>> = { en, ja };

export function deskWords(language: Language): DeskWords {
  return WORDS[language];
}
