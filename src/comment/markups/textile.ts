import { disarm, listMarks, type Writer } from "./markup.ts";

/** Textile, as Redmine renders it. */
export const textile: Writer = {
  span(span) {
    if (span.kind === "code") return `@${span.text.replace(/[@\s]/g, " ")}@`;
    const text = escapeText(disarm(span.text));
    return span.kind === "link" ? `"${text}":${new URL(span.url).href}` : text;
  },
  heading: (line) => `*${line}*`,
  paragraph: (line) => line,
  list: listMarks({ ordered: "#", unordered: "*" }),
  gap: "\n\n",
};

/** Textile knows no escape, but shows a letter that is written as its number. */
function escapeText(text: string) {
  return text.replace(/[&<>"*_+^~@#!|{}[\]%=-]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
