import { disarm, listMarks, type Writer } from "./markup.ts";

/** The wiki markup of Jira. @see https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa */
export const jira: Writer = {
  span(span) {
    // In code an escape does all that is needed, and what is copied from it holds no joiner.
    if (span.kind === "code") return `{{${escapeText(span.text.replaceAll("\n", " "))}}}`;
    const text = disarm(span.text);
    return span.kind === "link" ? writeLink(text, span.url) : breakUp(escapeText(text));
  },
  heading: (line) => `*${setApart(line).replaceAll("\n", " ")}*`,
  paragraph: setApart,
  list: (items, ordered, line) => list(items, ordered, (each) => setApart(line(each))),
  gap: "\n\n",
};

const list = listMarks({ ordered: "#", unordered: "*" });

/** Nothing in a link can be escaped: its words and its address end at a bar or a bracket. */
function writeLink(text: string, url: string) {
  const words = text
    .replaceAll("[", "(")
    .replaceAll("]", ")")
    .replace(/[|\s]+/g, " ");
  const address = new URL(url).href.replace(/[[\]{}|]/g, encodeURIComponent);
  return `[${breakUp(escapeText(words))}|${address}]`;
}

/**
 * Within a word a dash or an underscore is no mark. Two backslashes are the end of a line, so one is
 * never doubled; a word joiner keeps it from what comes next.
 */
function escapeText(text: string) {
  return text
    .replace(/\\(?=[^\p{L}\p{N}\s]|$)/gu, "\\\u2060")
    .replace(/[{}[\]*+^~?!|#]|(?<![A-Za-z0-9])[-_]|[-_](?![A-Za-z0-9])/g, "\\$&");
}

/** Words that are marks at a line's beginning, and signs that become a picture of a face. */
function breakUp(text: string) {
  return text
    .replace(/^(\s*(?:h[1-6]|bq))\./gm, "$1\u2060.")
    .replace(/[:;](?=[()DPp])/g, "$&\u2060")
    .replace(/\((?=(?:[/inxy]|on|off|flag|flagoff)\))/g, "$&\u2060");
}

/** Code and links are such only beside a blank or a sign; in Japanese a letter stands there. */
function setApart(line: string) {
  return line
    .replace(/[\p{L}\p{N}](?=\{\{|\[)/gu, "$& ")
    .replace(/(?:\}\}|(?<!\\)\])(?=[\p{L}\p{N}])/gu, "$& ");
}
