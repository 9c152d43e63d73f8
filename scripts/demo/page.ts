import { html } from "hono/html";
import type { Language } from "../../src/worker/console/words/index.ts";
import type { DemoComment, DemoTicket, Progress } from "./ticket-store.ts";
import { type DeskWords, deskWords } from "./words.ts";

/** HTML from a template, which escapes every value that is put into it. */
type Markup = ReturnType<typeof html>;

/** The whole page. It works without its script, too. */
export function page(tickets: readonly DemoTicket[], language: Language): Markup {
  const words = deskWords(language);
  return html`<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${words.title}</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/style.css">
    <link rel="stylesheet" href="/page.css">
    <script src="/page.js" type="module"></script>
  </head>
  <body>
    <main class="desk">
      <header>
        <h1>${words.title}</h1>
        <p class="hint">${words.lead}</p>
      </header>
      ${filingForm(words)}
      <section aria-labelledby="tickets-title">
        <h2 id="tickets-title">${words.tickets}</h2>
        <p id="status" role="status"></p>
        <div id="tickets" data-arrived="${words.arrived}" data-stopped="${words.stopped}">
          ${tickets.map((each) => ticketCard(each, language))}
        </div>
      </section>
    </main>
  </body>
</html>`;
}

function filingForm(words: DeskWords) {
  return html`<form id="file" class="card" method="post" action="/tickets"
  enctype="multipart/form-data">
  <h2>${words.newTicket}</h2>
  <label for="subject">${words.subject}</label>
  <input id="subject" name="subject" class="wide" maxlength="300" autocomplete="off">
  <label for="body">${words.text}</label>
  <textarea id="body" name="body" rows="7" aria-describedby="body-hint"></textarea>
  <p id="body-hint" class="hint">
    ${words.example}: <code>エラー0x80090029</code>, <code>-2146893783</code>,
    <code>0x801C0001</code>
  </p>
  <label for="attachment">${words.file}</label>
  <input id="attachment" name="file" type="file" class="wide" accept="text/*,.log,.htm,.html,image/png,image/jpeg">
  <label for="format">${words.format}</label>
  <select id="format" name="format">
    <option value="text">${words.formats.text}</option>
    <option value="html">${words.formats.html}</option>
  </select>
  <label for="locale">${words.locale}</label>
  <select id="locale" name="locale">
    <option value="">${words.automatic}</option>
    <option value="ja" lang="ja">日本語 (ja)</option>
    <option value="en" lang="en">English (en)</option>
  </select>
  <button>${words.submit}</button>
</form>`;
}

/** One ticket with its comments. */
export function ticketCard(ticket: DemoTicket, language: Language): Markup {
  const words = deskWords(language);
  const { id, subject, body, locale, filedAt, progress, comments, version, picture } = ticket;
  return html`
<article id="${id}" class="card" data-version="${version}" data-comments="${comments.length}"
  aria-labelledby="${id}-title">
  <header>
    <h3 id="${id}-title"><span class="id">${id}</span> ${subject || words.noSubject}</h3>
    <p class="hint">
      <time datetime="${filedAt.toISOString()}">${filedAt.toLocaleTimeString("en-GB")}</time>
      ${locale && `· ${locale}`}
    </p>
  </header>
  <p class="text" lang="${locale ?? ""}">${body}</p>
  ${picture && html`<p class="hint">${picture.name}</p>`}
  ${comments.map((each) => commentCard(each, words))}
  <footer>
    <p class="progress ${progress.step}">${describe(progress, words)}</p>
    <form method="post" action="/tickets/${id}/enrich">
      <label class="check">
        <input type="checkbox" name="force" value="yes" id="${id}-force"> ${words.force}
      </label>
      <button id="${id}-again" class="quiet">${words.retrigger}</button>
    </form>
  </footer>
</article>`;
}

function describe(progress: Progress, words: DeskWords): string {
  switch (progress.step) {
    case "sending":
      return words.sending;
    case "failed":
      return `${words.failed}: ${progress.detail}`;
    case "waiting":
      return progress.lastFailure ? `${words.waiting} (${progress.lastFailure})` : words.waiting;
    case "done": {
      const sentences: Readonly<Record<string, string>> = words.outcomes;
      return sentences[progress.outcome] ?? progress.outcome;
    }
  }
}

/** Shows the comment's HTML in a sandboxed frame, in which no script runs. */
function commentCard(comment: DemoComment, words: DeskWords): Markup {
  const { id, visibility, locale, codes, contactMicrosoft } = comment;
  const flag = contactMicrosoft
    ? html`<strong class="flag contact">${words.contactMicrosoft}</strong>`
    : STEPS.test(comment.comment.html)
      ? html`<strong class="flag known">${words.known}</strong>`
      : html`<strong class="flag">${words.noSteps}</strong>`;
  return html`
<section class="posted" aria-label="${words.comment} ${id}">
  <p class="labels">
    <span class="id">${id}</span> <span class="tag">${words[visibility]}</span> ${flag}
    ${codes.map((code) => html`<code>${code}</code> `)}
  </p>
  <iframe title="${words.comment} ${id}" srcdoc="${commentDocument(locale, comment.comment.html)}"
    sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"></iframe>
</section>`;
}

/** A comment tells steps, and nothing else, in a numbered list. */
const STEPS = /<ol\b/;

function commentDocument(locale: string, content: string) {
  return [
    `<!doctype html><html lang="${/^[\w-]{1,35}$/.test(locale) ? locale : ""}">`,
    '<meta charset="utf-8"><base target="_blank"><link rel="stylesheet" href="/style.css">',
    `<body class="comment">${content}`,
  ].join("");
}
