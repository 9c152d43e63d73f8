import { disarm, listMarks, type Writer } from "./markup.ts";

/** Textile, as Redmine renders it. */
export const textile: Writer = {
  span(span) {
    if (span.kind === "code") return `@${span.text.replaceAll("@", "&#64;")}@`;
    const text = escapeText(disarm(span.text));
    return span.kind === "link" ? `"${text}":${new URL(span.url).href}` : text;
  },
  heading: (line) => `*${line}*`,
  paragraph: (line) => line,
  list: listMarks({ ordered: "#", unordered: "*" }),
  gap: "\n\n",
};

/** Textile has no escape, so punctuation is written as numeric entities; a comma is harmless. */
function escapeText(text: string) {
  return text.replace(/[!-+\--/:-@[-`{-~]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
