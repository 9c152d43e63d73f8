import { html } from "hono/html";
import type { DemoComment, DemoTicket, Progress } from "./ticket-store.ts";

/** HTML from a template, which escapes every value that is put into it. */
type Markup = ReturnType<typeof html>;

/** A label in both languages. */
function both(en: string, ja: string): Markup {
  return html`${en} <span lang="ja">${ja}</span>`;
}

/** The whole page. It works without its script, too. */
export function page(tickets: readonly DemoTicket[]): Markup {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Practice ticket desk</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/page.css">
    <script src="/page.js" type="module"></script>
  </head>
  <body>
    <header>
      <h1>${both("Practice ticket desk", "練習用の問い合わせ窓口")}</h1>
      <p>
        File a ticket with a Windows error code, and see the comment arrive.
        <span lang="ja">エラーコードを書いて送ると、コメントが届きます。</span>
      </p>
    </header>
    <main>
      ${filingForm()}
      <section aria-labelledby="tickets-title">
        <h2 id="tickets-title">${both("Tickets", "問い合わせ一覧")}</h2>
        <p id="status" role="status"></p>
        <div id="tickets">${tickets.map(ticketCard)}</div>
      </section>
    </main>
  </body>
</html>`;
}

function filingForm() {
  return html`<form id="file" method="post" action="/tickets">
  <h2>${both("New ticket", "新しい問い合わせ")}</h2>
  <label for="subject">${both("Subject", "件名")}</label>
  <input id="subject" name="subject" maxlength="300" autocomplete="off">
  <label for="body">${both("Text", "本文")}</label>
  <textarea id="body" name="body" rows="7" required aria-describedby="body-hint"></textarea>
  <p id="body-hint" class="hint">
    ${both("Such as", "例")}: <code>エラー0x80090029</code>, <code>-2146893783</code>,
    <code>0x801C0001</code>
  </p>
  <label for="locale">${both("Language of the ticket", "言語")}</label>
  <select id="locale" name="locale">
    <option value="">automatic – from the text / 自動</option>
    <option value="ja" lang="ja">日本語 (ja)</option>
    <option value="en">English (en)</option>
  </select>
  <button>${both("File ticket", "送信")}</button>
</form>`;
}

/** One ticket with its comments. */
export function ticketCard(ticket: DemoTicket): Markup {
  const { id, subject, body, locale, filedAt, progress, comments, version } = ticket;
  return html`
<article id="${id}" data-version="${version}" data-comments="${comments.length}"
  aria-labelledby="${id}-title">
  <header>
    <h3 id="${id}-title"><span class="id">${id}</span> ${subject || "(no subject)"}</h3>
    <p class="hint">
      <time datetime="${filedAt.toISOString()}">${filedAt.toLocaleTimeString("en-GB")}</time>
      · ${locale ?? "language: automatic"}
    </p>
  </header>
  <p class="text" lang="${locale ?? ""}">${body}</p>
  ${comments.map(commentCard)}
  <footer>
    <p class="progress ${progress.step}">${describe(progress)}</p>
    <form method="post" action="/tickets/${id}/enrich">
      <label>
        <input type="checkbox" name="force" value="yes" id="${id}-force">
        ${both("even when nothing changed", "変更がなくても")}
      </label>
      <button id="${id}-again" class="quiet">${both("Re-trigger", "再実行")}</button>
    </form>
  </footer>
</article>`;
}

function describe(progress: Progress): Markup {
  if (progress.step === "sending") return both("Being sent …", "送信中…");
  if (progress.step === "failed") return html`${both("Failed", "失敗")}: ${progress.detail}`;
  if (progress.step === "waiting") {
    const failure = progress.lastFailure;
    return html`${both("The Worker is at work …", "処理中…")} ${failure && `(${failure})`}`;
  }
  const words = OUTCOMES[progress.outcome];
  return words ? both(...words) : html`${progress.outcome}`;
}

const OUTCOMES: Readonly<Record<string, [en: string, ja: string]>> = {
  posted: ["The comment was posted.", "コメントを投稿しました。"],
  updated: ["The comment was updated.", "コメントを更新しました。"],
  unchanged: ["Nothing new to say: no further comment.", "変更なし。追加のコメントはありません。"],
  no_code: ["No error code found: no comment.", "エラーコードなし。コメントはありません。"],
};

/** Shows the comment's HTML in a sandboxed frame, in which no script runs. */
function commentCard(comment: DemoComment): Markup {
  const { id, visibility, locale, codes, contactMicrosoft } = comment;
  const flag = contactMicrosoft
    ? html`<strong class="flag contact">${both("Contact Microsoft", "Microsoft へ問い合わせ")}</strong>`
    : html`<strong class="flag known">${both("Mitigation known", "対処方法あり")}</strong>`;
  const audience =
    visibility === "internal" ? both("Internal note", "社内メモ") : both("Public", "公開");
  return html`
<section class="comment" aria-label="Comment ${id}">
  <p class="labels">
    <span class="id">${id}</span> <span class="tag">${audience}</span> ${flag}
    ${codes.map((code) => html`<code>${code}</code> `)}
  </p>
  <iframe title="Comment ${id}" srcdoc="${commentDocument(locale, comment.comment.html)}"
    sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"></iframe>
</section>`;
}

function commentDocument(locale: string, content: string) {
  return [
    `<!doctype html><html lang="${/^[\w-]{1,35}$/.test(locale) ? locale : ""}">`,
    '<meta charset="utf-8"><base target="_blank"><link rel="stylesheet" href="/comment.css">',
    `<body>${content}`,
  ].join("");
}
