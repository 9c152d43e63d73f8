import { disarm, listMarks, type Writer } from "./markup.ts";

/** The wiki markup of Jira. @see https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa */
export const jira: Writer = {
  span(span) {
    const text = escapeText(disarm(span.text));
    if (span.kind === "code") return `{{${text}}}`;
    return span.kind === "link" ? `[${text}|${new URL(span.url).href}]` : text;
  },
  heading: (line) => `*${line}*`,
  paragraph: (line) => line,
  list: listMarks({ ordered: "#", unordered: "*" }),
  gap: "\n\n",
};

function escapeText(text: string) {
  return text.replace(/[\\{}[\]*_+^~?!|#-]/g, "\\$&");
}
