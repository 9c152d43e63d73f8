import type { Format } from "../../ticket.ts";

/**
 * Makes one body of several texts of a ticket.
 *
 * @param texts Each behind its content type: what is no `text/html` counts as plain.
 */
export function joinTexts(
  texts: readonly (readonly [contentType: string, text: string | null | undefined])[],
): { body: string; format: Format } {
  const isHtml = (contentType: string) => /^text\/html\b/i.test(contentType);
  const format = texts.some(([contentType]) => isHtml(contentType)) ? "html" : "text";
  const body = texts.map(([contentType, text]) =>
    format === "text" || isHtml(contentType) ? (text ?? "") : toHtml(text ?? ""),
  );
  return { body: body.join("\n"), format };
}

function toHtml(text: string) {
  return `<pre>${text.replace(/[&<]/g, (letter) => `&#${letter.charCodeAt(0)};`)}</pre>`;
}
