import type { Item, Line } from "../comment.ts";
import { disarm, type Writer } from "./markup.ts";

const JOINER = "\u2060";

/**
 * The notation of Backlog, which knows no code within a line. It has an escape, but not for every
 * sign, so an invisible word joiner parts the signs that mean something together.
 */
export const backlog: Writer = {
  span(span) {
    const text = breakUp(disarm(span.text));
    return span.kind === "link" ? `[[${text.replaceAll(">", "＞")}>${address(span.url)}]]` : text;
  },
  heading: (line) => `''${line.replace(/^(?=')|(?<=')$/g, JOINER)}''`,
  paragraph: (line) => line,
  list: (items, ordered, line) => writeList(items, ordered ? "+" : "-", line),
  gap: "\n\n",
};

/** Signs in twos, at a line's beginning, before a name, or behind a backslash; keys of issues. */
function breakUp(text: string) {
  return text
    .replace(/(['%[\]])(?=\1)/g, `$1${JOINER}`)
    .replace(/^[-+*>|]/gm, `${JOINER}$&`)
    .replace(/&(?=\p{L})/gu, `$&${JOINER}`)
    .replace(/\\(?=[!-/:-@[-`{-~])/g, `$&${JOINER}`)
    .replace(/\b(?![0-9A-F]+-)[A-Z][A-Z0-9_]*-(?=\d)/g, `$&${JOINER}`);
}

/** An address without what would end a link, or be bold in it. */
function address(url: string) {
  return new URL(url).href.replace(/['[\]|]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
}

/** A list below another has its own mark once more, whatever the other's mark is. */
function writeList(items: readonly Item[], mark: string, line: (line: Line) => string): string {
  return items
    .flatMap((item) => [
      `${mark} ${line(item.line).replaceAll("\n", " ")}`,
      ...(item.items.length > 0 ? [writeList(item.items, "-".repeat(mark.length + 1), line)] : []),
    ])
    .join("\n");
}
