import { lengthOf, unitWithin } from "../characters.ts";

// Each pattern begins with one of few characters, so that a search is fast in a text without them.

/** Escapes of URLs. */
const PERCENT = "%[0-9A-Fa-f]{2}";
/** A character beyond ASCII in quoted-printable, as UTF-8. */
const QUOTED_LETTER = "[C-F][0-9A-F](?:=[89AB][0-9A-F])+";
/** Quoted-printable: a soft line break, an equals sign, a blank at the end of a line, letters. */
const QUOTED_PRINTABLE = `=(?:\\r?\\n|3D|20(?==?\\r?\\n)|${QUOTED_LETTER}(?:=${QUOTED_LETTER})*)`;
/** Invisible characters, and full-width letters and digits. */
const UNSEEN_OR_WIDE =
  "[\\u00a0\\u00ad\\u200b-\\u200f\\u202a-\\u202f\\u2060-\\u2064\\ufeff\\uff10-\\uff19\\uff21-\\uff3a\\uff41-\\uff5a]";
/**
 * A Cyrillic letter or a symbol that looks like a character of a code, where a code may be. The
 * pattern begins with that character and then looks back, so that the search is fast.
 */
const LOOK_ALIKE = [
  "[хХоОаАвВеЕсС×](?:",
  "(?<=(?:0[xXхХ×]?|[OoОо][xXхХ×])[0-9A-Fa-fаАвВеЕоОсС]{0,7}.)(?![бгджзийклмнпртуфцчшщъыьэюяБГДЖЗИЙКЛМНПРТУФЦЧШЩЪЫЬЭЮЯ])",
  "|(?<=[OoОо].)(?=[0-9A-Fa-f])|(?=[xXхХ×][0-9A-Fa-f]{4}))",
].join("");

const REST_OF_TAG = "/?(?:span|b|i|u|em|strong|font|mark|wbr)\\b[^<>]{0,200}>";
/** Markup within a code of a plain text: tags of mail programs, an escape of Markdown. */
const MARKUP_WITHIN = [
  `[<\\\\](?:(?<=0[xX][0-9A-Fa-f]{0,7}<)${REST_OF_TAG}(?:<${REST_OF_TAG}){0,8}(?=[0-9A-Fa-f])`,
  "|(?<=0[xX][0-9A-Fa-f]{4}\\\\)(?=_[0-9A-Fa-f]{4}))",
].join("");

const ANY = [PERCENT, QUOTED_PRINTABLE, UNSEEN_OR_WIDE, LOOK_ALIKE, MARKUP_WITHIN].join("|");

/** Everything in a text without markup that `createSignChange` replaces. */
export const SIGNS = new RegExp(ANY, "g");
/** The same for Markdown, where a backslash escapes punctuation. */
export const MARKDOWN_SIGNS = new RegExp(`\\\\[!-/:-@[-\`{-~]|${ANY}`, "g");

/** Distance between the full-width forms and ASCII. */
const FULL_WIDTH_SHIFT = 0xff10 - 0x30;

const LOOK_ALIKES: Readonly<Record<string, string>> = {
  а: "a",
  А: "A",
  в: "b",
  В: "B",
  е: "e",
  Е: "E",
  о: "0",
  О: "0",
  с: "c",
  С: "C",
  х: "x",
  Х: "X",
  "×": "x",
};

/** Returns a function that converts a match of `SIGNS` or `MARKDOWN_SIGNS` to plain text. */
export function createSignChange(text: string): (match: RegExpExecArray) => string {
  const isInUrl = createUrlCheck(text);
  return ({ 0: sign, index }) => {
    if (sign.startsWith("%")) return isInUrl(index) ? unescapeByte(sign) : sign;
    if (sign === "=3D") return "=";
    if (sign.startsWith("=")) return decodeQuoted(sign);
    if (sign.startsWith("\\")) return sign.slice(1);
    if (sign.startsWith("<")) return "";
    const code = sign.charCodeAt(0);
    if (code >= 0xff10 && code <= 0xff5a) return String.fromCharCode(code - FULL_WIDTH_SHIFT);
    return LOOK_ALIKES[sign] ?? (code === 0xa0 || code === 0x202f ? " " : "");
  };
}

function unescapeByte(sign: string) {
  const code = Number.parseInt(sign.slice(1), 16);
  return code > 0x20 && code < 0x7f ? String.fromCharCode(code) : " ";
}

function decodeQuoted(sign: string) {
  if (sign === "=20") return " ";
  if (/[\r\n]/.test(sign)) return "";
  const bytes = sign
    .slice(1)
    .split("=")
    .map((each) => Number.parseInt(each, 16));
  return new TextDecoder().decode(new Uint8Array(bytes));
}

/** How far before an escape its URL may begin, in UTF-16 units. */
const MAX_URL = 2_000;
/** Parts that only a URL has: a scheme, a query, an escaped blank, escaped UTF-8. */
const URL_PART = /:\/\/|\bwww\.|[?&][\w.-]+=|%20\w|\w%20|%[C-F][0-9A-F]%[89AB]/i;

/**
 * Returns a test whether a place is inside a URL. Elsewhere a percent sign is no escape: `%%1053`.
 */
function createUrlCheck(text: string) {
  const length = lengthOf(text);
  let end = 0;
  let isUrl = false;
  return (at: number) => {
    if (at < end) return isUrl;
    let from = at;
    const first = Math.max(end, at - MAX_URL);
    while (from > first && !isUrlEnd(unitWithin(text, from - 1))) from--;
    end = at;
    while (end < length && !isUrlEnd(unitWithin(text, end))) end++;
    isUrl = URL_PART.test(text.slice(from, end));
    return isUrl;
  };
}

/** Characters that end a URL: white space, quotes and angle brackets. */
function isUrlEnd(code: number) {
  return code <= 0x20 || code === 0x22 || code === 0x3c || code === 0x3e || code === 0x3000;
}
