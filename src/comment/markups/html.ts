import type { Item, Line } from "../comment.ts";
import { disarm, type Writer } from "./markup.ts";

/** HTML with the few tags that every ticket system allows. */
export const html: Writer = {
  span(span) {
    const text = escapeHtml(disarm(span.text));
    if (span.kind === "code") return `<code>${text}</code>`;
    return span.kind === "link" ? `<a href="${escapeHtml(span.url)}">${text}</a>` : text;
  },
  heading: (line) => `<p><b>${line}</b></p>`,
  paragraph: (line) => `<p>${line}</p>`,
  list: writeList,
  gap: "\n",
};

function escapeHtml(text: string) {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

function writeList(items: readonly Item[], ordered: boolean, line: (line: Line) => string): string {
  const tag = ordered ? "ol" : "ul";
  const rows = items.map((item) => {
    const below = item.items.length > 0 ? writeList(item.items, false, line) : "";
    return `<li>${line(item.line)}${below}</li>`;
  });
  return `<${tag}>${rows.join("")}</${tag}>`;
}
