import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../local-worker/root.ts";
import type { PictureCase } from "./cases.ts";
import type { DialogLanguage, Layout } from "./dialogs.ts";

/** The element whose picture is taken. */
export const SUBJECT = "#subject";

/** Writes the HTML page of one picture. It needs no other file. */
export function writePage(picture: PictureCase): string {
  const { dialog, isDesktop } = picture;
  const inner = LAYOUTS[dialog.layout](picture);
  const subject = isDesktop ? desktop(inner, picture) : `<div id="subject">${inner}</div>`;
  return `<!doctype html><meta charset="utf-8"><style>${style(picture)}</style>${subject}`;
}

const LAYOUTS: Readonly<Record<Layout, (picture: PictureCase) => string>> = {
  card: (picture) =>
    `<div class="box card"><h1>${titleOf(picture)}</h1>${paragraphs(picture)}${buttons(picture)}</div>`,
  settings: (picture) => {
    const [heading = "", ...items] = linesOf(picture);
    const list = items.map((each) => `<div class="item">${each}</div>`).join("");
    return `<div class="box settings">${bar(picture)}<div class="body"><h1>${heading}</h1>${list}</div></div>`;
  },
  "message-box": (picture) =>
    `<div class="box classic">${bar(picture)}<div class="body"><span class="icon">✖</span><div>${paragraphs(
      picture,
    )}</div></div>${buttons(picture)}</div>`,
  terminal: (picture) =>
    `<div class="terminal">${titleOf(picture)}<br><br><span>${linesOf(picture).join("<br>")}</span></div>`,
  "blue-screen": (picture) =>
    `<div class="blue"><div class="large">${titleOf(picture)}</div>${paragraphs(picture)}</div>`,
};

function titleOf({ dialog, language }: PictureCase) {
  return escapeHtml(dialog.title[language]);
}

function linesOf({ dialog, language, code }: PictureCase) {
  return dialog.lines.map((line) => escapeHtml(line[language].replaceAll("{code}", code)));
}

function paragraphs(picture: PictureCase) {
  return linesOf(picture)
    .map((line) => `<p>${line}</p>`)
    .join("");
}

function buttons({ dialog: { buttons: all = [] }, language }: PictureCase) {
  const labels = all.map((each) => `<span class="button">${escapeHtml(each[language])}</span>`);
  return labels.length === 0 ? "" : `<div class="buttons">${labels.join("")}</div>`;
}

function bar(picture: PictureCase) {
  return `<div class="bar"><span>${titleOf(picture)}</span><span>– □ ✕</span></div>`;
}

const INBOX: Readonly<Record<DialogLanguage, readonly [string, string]>> = {
  en: ["Inbox", "Re: weekly report and the numbers for November, page"],
  ja: ["受信トレイ", "Re: 11 月の週次レポートについて、ページ"],
  de: ["Posteingang", "AW: Wochenbericht und Zahlen für November, Seite"],
};

/** A whole screen: a list of mails, and the dialog before it. */
function desktop(inner: string, { language }: PictureCase) {
  const [title, subject] = INBOX[language];
  const mails = Array.from(
    { length: 17 },
    (_, index) =>
      `<div class="mail">${8 + (index % 9)}:${10 + index * 2} ${subject} ${index + 3}</div>`,
  );
  return `<div id="subject" class="desktop"><div class="behind"><h1>${title}</h1>${mails.join(
    "",
  )}</div><div class="front">${inner}</div><div class="taskbar">9:41 AM<br>11/20/2025</div></div>`;
}

function escapeHtml(text: string) {
  return text.replace(/[&<>]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

/** Fonts that are like those of Windows, as data, so that every machine draws the same letters. */
const FONT_FILES = [
  ["Open Sans", 400, "open-sans/files/open-sans-latin-400-normal.woff2"],
  ["Open Sans", 600, "open-sans/files/open-sans-latin-600-normal.woff2"],
  ["Cascadia Mono", 400, "cascadia-mono/files/cascadia-mono-latin-400-normal.woff2"],
  ["Inconsolata", 400, "inconsolata/files/inconsolata-latin-400-normal.woff2"],
] as const;

const FONT_FACES = FONT_FILES.map(([family, weight, file]) => {
  const data = readFileSync(join(ROOT, "node_modules/@fontsource", file)).toString("base64");
  return `@font-face{font-family:"${family}";font-weight:${weight};src:url(data:font/woff2;base64,${data})}`;
}).join("");

function style({ isDark, font, monospacedFont }: PictureCase) {
  const [page, box, bar, line, ink] = isDark
    ? ["#1b1b1b", "#2b2b2b", "#202020", "#444", "#fff"]
    : ["#e9eef5", "#fff", "#f3f3f3", "#c8c8c8", "#1a1a1a"];
  return `${FONT_FACES}
* { box-sizing: border-box }
html { background: ${page} }
body { margin: 0; color: ${ink}; font: 14px/1.4 "${font}", "Noto Sans CJK JP", sans-serif }
#subject { display: inline-block; padding: 22px }
h1 { font-size: 22px; font-weight: 600; margin: 6px 0 12px }
.box { background: ${box}; border: 1px solid ${line}; border-radius: 7px; overflow: hidden }
.bar { display: flex; justify-content: space-between; padding: 7px 12px; font-size: 12px; background: ${bar} }
.button { padding: 5px 20px; margin-right: 8px; border: 1px solid ${line}; border-radius: 4px }
.card { width: 560px; padding: 28px 34px }
.settings { width: 820px } .settings .body { padding: 18px 28px }
.item { border: 1px solid ${line}; padding: 12px 16px; margin: 4px 0; border-radius: 4px; white-space: pre-wrap }
.classic { width: 460px; border-radius: 0; font-size: 12px }
.classic .body { display: flex; gap: 12px; padding: 16px; white-space: pre-wrap }
.classic .buttons { background: ${bar}; padding: 10px; text-align: right }
.icon { flex: none; width: 30px; height: 30px; border-radius: 50%; background: #d11; color: #fff; text-align: center; font-size: 18px; line-height: 30px }
.terminal { width: 900px; padding: 8px 10px; background: ${isDark ? "#012456" : "#0c0c0c"}; color: #ccc; font: 14px/1.25 "${monospacedFont}", "Noto Sans CJK JP", monospace; white-space: pre }
.terminal span { color: ${isDark ? "#e74856" : "#ccc"} }
.blue { width: 1024px; height: 560px; padding: 60px 90px; background: #0078d7; color: #fff; font-size: 19px }
.blue .large { font-size: 44px; font-weight: 300 }
.desktop { position: relative; width: 1920px; height: 1080px; background: linear-gradient(150deg, #0b3d91, #3aa0e8 45%, #c7e7ff 60%, #1b62b5) }
.behind { position: absolute; left: 60px; top: 40px; width: 1180px; height: 820px; padding: 16px 24px; background: ${box}; font-size: 13px }
.mail { border-bottom: 1px solid ${line}; padding: 6px 0 }
.front { position: absolute; left: 900px; top: 500px }
.taskbar { position: absolute; bottom: 0; left: 0; right: 0; padding: 6px 16px; background: ${bar}; font-size: 12px; text-align: right }`;
}
