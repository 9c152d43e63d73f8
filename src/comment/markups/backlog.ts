import type { Item, Line } from "../comment.ts";
import { disarm, type Writer } from "./markup.ts";

const JOINER = "\u2060";

/**
 * The markup of Backlog. It has no inline code, and no escape for some characters, so an invisible
 * word joiner separates characters that would be markup together.
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

/** Separates doubled characters, line starts, entities, backslash escapes and issue keys. */
function breakUp(text: string) {
  return text
    .replace(/(['%[\]])(?=\1)/g, `$1${JOINER}`)
    .replace(/^[-+*>|]/gm, `${JOINER}$&`)
    .replace(/&(?=\p{L})/gu, `$&${JOINER}`)
    .replace(/\\(?=[!-/:-@[-`{-~])/g, `$&${JOINER}`)
    .replace(/\b(?![0-9A-F]+-)[A-Z][A-Z0-9_]*-(?=\d)/g, `$&${JOINER}`);
}

/** Escapes the characters in an address that would end the link or make it bold. */
function address(url: string) {
  return new URL(url).href.replace(/['[\]|]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
}

/** A nested list has one more dash than its depth, even below an ordered list. */
function writeList(items: readonly Item[], mark: string, line: (line: Line) => string): string {
  return items
    .flatMap((item) => [
      `${mark} ${line(item.line).replaceAll("\n", " ")}`,
      ...(item.items.length > 0 ? [writeList(item.items, "-".repeat(mark.length + 1), line)] : []),
    ])
    .join("\n");
}
