import { disarm, listMarks, type Writer } from "./markup.ts";

/** The wiki markup of Jira. @see https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa */
export const jira: Writer = {
  span(span) {
    // Code needs only escapes, and text copied from it must not contain a joiner.
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

/** A link has no escape: a bar or a bracket ends its text or its address. */
function writeLink(text: string, url: string) {
  const words = text
    .replaceAll("[", "(")
    .replaceAll("]", ")")
    .replace(/[|\s]+/g, " ");
  const address = new URL(url).href.replace(/[[\]{}|]/g, encodeURIComponent);
  return `[${breakUp(escapeText(words))}|${address}]`;
}

/**
 * Within a word a dash or an underscore is not markup. Two backslashes are a line break, so a
 * backslash is not doubled; a word joiner separates it from the next character.
 */
function escapeText(text: string) {
  return text
    .replace(/\\(?=[^\p{L}\p{N}\s]|$)/gu, "\\\u2060")
    .replace(/[{}[\]*+^~?!|#]|(?<![A-Za-z0-9])[-_]|[-_](?![A-Za-z0-9])/g, "\\$&");
}

/** Separates words that are markup at the start of a line, and characters that become emoticons. */
function breakUp(text: string) {
  return text
    .replace(/^(\s*(?:h[1-6]|bq))\./gm, "$1\u2060.")
    .replace(/[:;](?=[()DPp])/g, "$&\u2060")
    .replace(/\((?=(?:[/inxy]|on|off|flag|flagoff)\))/g, "$&\u2060");
}

/** Adds blanks around code and links: next to a letter, as in Japanese, they are not recognised. */
function setApart(line: string) {
  return line
    .replace(/[\p{L}\p{N}](?=\{\{|\[)/gu, "$& ")
    .replace(/(?:\}\}|(?<!\\)\])(?=[\p{L}\p{N}])/gu, "$& ");
}
