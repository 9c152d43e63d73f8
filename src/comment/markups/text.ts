import { disarm, listLines, type Writer } from "./markup.ts";

/** Plain text without any markup. */
export const text: Writer = {
  span: (span) => disarm(span.text) + (span.kind === "link" ? ` <${span.url}>` : ""),
  heading: (line) => `\n${line}`,
  paragraph: (line) => line,
  list: listLines,
  gap: "\n",
};
