import type { Place } from "../finding.ts";
import { type Change, type Edited, edit } from "./source-map.ts";

/** How a text is marked up. */
export type Markup = "text" | "html" | "markdown";

/**
 * Turns what systems really send into plain text, and knows where each place came from: tags and
 * entities of HTML, escapes of Markdown, soft line breaks of quoted-printable, escapes of URLs,
 * full-width digits and letters, and letters that nobody sees. Linear in the length of the text.
 */
export function plain(text: string, markup: Markup): Edited {
  const readable = markup === "html" ? edit(text, MARKUP, changeMarkup(text)) : unchanged(text);
  const pattern = markup === "markdown" ? MARKDOWN : ODD;
  if (readable.text.search(pattern) < 0) return readable;
  const clean = edit(readable.text, pattern, (match) => changeOdd(match[0]));
  const sourceOf = (place: Place) => readable.sourceOf(clean.sourceOf(place));
  return { text: clean.text, sourceOf };
}

function unchanged(text: string): Edited {
  return { text, sourceOf: (place) => place };
}

const ODD_PARTS =
  "%[0-9A-Fa-f]{2}|=(?:\\r?\\n|3D|20(?=\\r?\\n))|[\\uff10-\\uff19\\uff21-\\uff3a\\uff41-\\uff5a]|[\\u00a0\\u00ad\\u200b-\\u200f\\u202a-\\u202f\\u2060-\\u2064\\ufeff]";
const ODD = new RegExp(ODD_PARTS, "g");
const MARKDOWN = new RegExp(`\\\\[!-/:-@[-\`{-~]|${ODD_PARTS}`, "g");

/** How far the full-width forms are from those of ASCII. */
const FULL_WIDTH = 0xff10 - 0x30;

function changeOdd(odd: string): string {
  const letter = odd.charCodeAt(0);
  if (odd.startsWith("%")) {
    const code = Number.parseInt(odd.slice(1), 16);
    return code > 0x20 && code < 0x7f ? String.fromCharCode(code) : " ";
  }
  if (odd === "=3D") return "=";
  if (odd.startsWith("=")) return odd === "=20" ? " " : "";
  if (odd.startsWith("\\")) return odd.slice(1);
  if (letter >= 0xff10 && letter <= 0xff5a) return String.fromCharCode(letter - FULL_WIDTH);
  return letter === 0xa0 || letter === 0x202f ? " " : "";
}

const MARKUP =
  /<!--|<[!/?]?([A-Za-z][A-Za-z0-9:]*)(?![A-Za-z0-9:])[^<>]*>|&(?:amp;){0,3}(?:#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6})|([A-Za-z]{2,6}));/g;

/** Tags within a word: what stands on both sides of them belongs together. */
const INLINE = new Set(
  "a abbr b big code em font i kbd mark o:p s samp small span strike strong sub sup tt u wbr".split(
    " ",
  ),
);
/** Elements whose content is for programs. */
const UNREADABLE = new Set(["script", "style"]);
/** Attributes in which people put words. */
const READABLE =
  /\s(?:title|alt|value|content|aria-label|href)\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')/gi;

/** Those that stand for a letter which matters here; any other is left as it is. */
const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  ensp: " ",
  emsp: " ",
  thinsp: " ",
  shy: "",
  zwj: "",
  zwnj: "",
  num: "#",
  colon: ":",
  equals: "=",
  lowbar: "_",
  minus: "-",
  hyphen: "-",
};

function changeMarkup(text: string) {
  const ends = new Map<string, number>();
  /** Where an element or a comment ends; looked for once when it never does. */
  const endOf = (closing: string, from: number) => {
    if (ends.get(closing) === -1) return -1;
    const at = text.indexOf(closing, from);
    ends.set(closing, at);
    return at;
  };

  return (match: RegExpExecArray): Change => {
    const [whole, tag = "", decimal, hex, name] = match;
    if (whole === "<!--") {
      const end = endOf("-->", match.index + 4);
      return end < 0 ? "" : { text: "\n", until: end + 3 };
    }
    if (tag === "") return decodeEntity(whole, decimal, hex, name);
    const element = tag.toLowerCase();
    if (UNREADABLE.has(element) && whole[1] !== "/") {
      const end = endOf(`</${tag}`, match.index);
      if (end >= 0) return { text: "\n", until: end };
    }
    const words = [...whole.matchAll(READABLE)].map((each) => {
      const value = each[1] ?? each[2] ?? "";
      const from = match.index + each.index + each[0].length - 1 - value.length;
      return { start: from, end: from + value.length };
    });
    if (words.length > 0) return { keep: words };
    return INLINE.has(element) ? "" : "\n";
  };
}

function decodeEntity(
  whole: string,
  decimal: string | undefined,
  hex: string | undefined,
  name: string | undefined,
) {
  if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
  const letter = decimal ? Number(decimal) : Number.parseInt(hex ?? "", 16);
  return letter <= 0x10ffff ? String.fromCodePoint(letter) : whole;
}
