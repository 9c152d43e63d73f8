import { disarm, listLines, type Writer } from "./markup.ts";

/** CommonMark, with the extensions of GitHub, GitLab and others in mind. */
export const markdown: Writer = {
  span(span) {
    if (span.kind === "code") return codeSpan(span.text);
    const text = escapeText(disarm(span.text));
    return span.kind === "link" ? `[${text}](<${new URL(span.url).href}>)` : text;
  },
  heading: (line) => `**${line}**`,
  paragraph: (line) => line,
  list: listLines,
  gap: "\n\n",
};

function escapeText(text: string) {
  return text
    .replace(/[\\`*_{}[\]<>()#+!|~&]/g, "\\$&")
    .replace(/^[-=]/gm, "\\$&")
    .replace(/^(\d+)\.(?=\s|$)/gm, "$1\\.");
}

/** Writes a code span. Its fence is longer than any run of backticks in the text. */
function codeSpan(text: string) {
  const runs = text.match(/`+/g) ?? [];
  const fence = "`".repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  const pad = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return fence + pad + text.replaceAll("\n", " ") + pad + fence;
}
