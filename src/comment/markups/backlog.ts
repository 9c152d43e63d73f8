import { disarm, listMarks, type Writer } from "./markup.ts";

/** The markup of Backlog, which has neither an escape nor code within a line. */
export const backlog: Writer = {
  span(span) {
    const text = breakUp(disarm(span.text));
    return span.kind === "link" ? `[[${text}>${new URL(span.url).href}]]` : text;
  },
  heading: (line) => `''${line}''`,
  paragraph: (line) => line,
  list: listMarks({ ordered: "+", unordered: "-" }),
  gap: "\n\n",
};

/** Signs that mean something only in twos, at a line's beginning, or before a name. */
function breakUp(text: string) {
  return text
    .replace(/(['%[\]])(?=\1)/g, "$1\u2060")
    .replace(/^[-+*>|]/gm, "\u2060$&")
    .replace(/[&#](?=\p{L})/gu, "$&\u2060");
}
