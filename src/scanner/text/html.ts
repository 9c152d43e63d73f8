import type { Change } from "./source-map.ts";

/** A comment, a tag, or an entity that may be escaped up to three times. */
export const MARKUP =
  /<!--|<[!/?]?([A-Za-z][A-Za-z0-9:]*)(?![A-Za-z0-9:])[^<>]*>|&(?:amp;){0,3}(?:#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6})|([A-Za-z]{2,6}));/g;

/** Tags that may stand within a word: the text on both sides is joined. */
const INLINE = new Set(
  "a abbr b big code em font i kbd mark o:p s samp small span strike strong sub sup tt u wbr".split(
    " ",
  ),
);
/** Elements whose content people do not see. */
const UNREADABLE = new Set(["script", "style"]);
/** HTML attributes that hold text, and XML attributes in which programs write codes. */
const READABLE =
  /\s((?:title|alt|value|content|aria-label|href)|(code|errorcode|hresult|hr|result))\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')/gi;

/** The entities that matter for codes and keywords. Others stay as they are. */
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

/** Returns a function that converts a match of `MARKUP` in an HTML text to plain text. */
export function createMarkupChange(text: string): (match: RegExpExecArray) => Change {
  const ends = new Map<string, number>();
  /** Where an element or a comment ends; -1 when it never does, which is remembered. */
  const endOf = (closing: string, from: number) => {
    if (ends.get(closing) === -1) return -1;
    const at = text.indexOf(closing, from);
    ends.set(closing, at);
    return at;
  };

  return (match) => {
    const [whole, tag = "", decimal, hex, name] = match;
    if (whole === "<!--") {
      const end = endOf("-->", match.index + 4);
      return end < 0 ? "" : { from: match.index, text: "\n", until: end + 3 };
    }
    if (tag === "") return decodeEntity(whole, decimal, hex, name);
    const element = tag.toLowerCase();
    if (UNREADABLE.has(element) && whole[1] !== "/") {
      const end = endOf(`</${tag}`, match.index);
      if (end >= 0) return { from: match.index, text: "\n", until: end };
    }
    const words = readableSpans(match);
    if (words.length > 0) return { keep: words };
    return INLINE.has(element) ? "" : "\n";
  };
}

/** The readable attribute values of a tag. For an attribute that names a code, with its name. */
function readableSpans({ 0: tag, index }: RegExpExecArray) {
  if (!tag.includes("=")) return [];
  return [...tag.matchAll(READABLE)].map((each) => {
    const [whole, , codeName] = each;
    const value = each[3] ?? each[4] ?? "";
    const end = index + each.index + whole.length - 1;
    return { start: codeName === undefined ? end - value.length : index + each.index + 1, end };
  });
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
