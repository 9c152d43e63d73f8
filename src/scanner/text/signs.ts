// A text is searched for the first letters of these patterns, and there are as few of them as can
// be: so a text in which nothing is odd costs little.

/** Escapes of addresses. */
const PERCENT = "%[0-9A-Fa-f]{2}";
/** Letters beyond ASCII in quoted-printable, in UTF-8. */
const QUOTED_LETTER = "[C-F][0-9A-F](?:=[89AB][0-9A-F])+";
/** Quoted-printable: a soft line break, an equals sign, a blank at the end of a line, letters. */
const QUOTED_PRINTABLE = `=(?:\\r?\\n|3D|20(?==?\\r?\\n)|${QUOTED_LETTER}(?:=${QUOTED_LETTER})*)`;
/** Letters that nobody sees, and full-width letters and digits. */
const UNSEEN_OR_WIDE =
  "[\\u00a0\\u00ad\\u200b-\\u200f\\u202a-\\u202f\\u2060-\\u2064\\ufeff\\uff10-\\uff19\\uff21-\\uff3a\\uff41-\\uff5a]";
/**
 * A Cyrillic letter or a sign that looks like a letter of a code: among its digits, or before its x.
 * The pattern begins with the letter and then looks back, so that the search for it is fast.
 */
const LOOK_ALIKE = [
  "[хХоОаАвВеЕсС×](?:",
  "(?<=(?:0[xXхХ×]?|[OoОо][xXхХ×])[0-9A-Fa-fаАвВеЕоОсС]{0,7}.)(?![бгджзийклмнпртуфцчшщъыьэюяБГДЖЗИЙКЛМНПРТУФЦЧШЩЪЫЬЭЮЯ])",
  "|(?<=[OoОо].)(?=[0-9A-Fa-f])|(?=[xXхХ×][0-9A-Fa-f]{4}))",
].join("");

const REST_OF_TAG = "/?(?:span|b|i|u|em|strong|font|mark|wbr)\\b[^<>]{0,200}>";
/** Markup within a code in a text without markup: tags of mail programs, an escape of Markdown. */
const MARKUP_WITHIN = [
  `[<\\\\](?:(?<=0[xX][0-9A-Fa-f]{0,7}<)${REST_OF_TAG}(?:<${REST_OF_TAG}){0,8}(?=[0-9A-Fa-f])`,
  "|(?<=0[xX][0-9A-Fa-f]{4}\\\\)(?=_[0-9A-Fa-f]{4}))",
].join("");

const ANY = [PERCENT, QUOTED_PRINTABLE, UNSEEN_OR_WIDE, LOOK_ALIKE, MARKUP_WITHIN].join("|");

/** What is not plain in a text without markup. */
export const SIGNS = new RegExp(ANY, "g");
/** The same in Markdown, where a backslash escapes any sign. */
export const MARKDOWN_SIGNS = new RegExp(`\\\\[!-/:-@[-\`{-~]|${ANY}`, "g");

/** How far the full-width forms are from those of ASCII. */
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

/** Makes plain text of each match of `SIGNS` or `MARKDOWN_SIGNS` in a text. */
export function createSignChange(text: string): (match: RegExpExecArray) => string {
  const isInAddress = createAddressCheck(text);
  return ({ 0: sign, index }) => {
    if (sign.startsWith("%")) return isInAddress(index) ? unescapeByte(sign) : sign;
    if (sign === "=3D") return "=";
    if (sign.startsWith("=")) return decodeQuoted(sign);
    if (sign.startsWith("\\")) return sign.slice(1);
    if (sign.startsWith("<")) return "";
    const letter = sign.charCodeAt(0);
    if (letter >= 0xff10 && letter <= 0xff5a) return String.fromCharCode(letter - FULL_WIDTH_SHIFT);
    return LOOK_ALIKES[sign] ?? (letter === 0xa0 || letter === 0x202f ? " " : "");
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

/** How far an address may begin before its first escape, in UTF-16 units. */
const MAX_ADDRESS = 2_000;
/** What only addresses hold: a scheme, a query, an escaped blank, an escaped letter of UTF-8. */
const ADDRESS = /:\/\/|\bwww\.|[?&][\w.-]+=|%20\w|\w%20|%[C-F][0-9A-F]%[89AB]/i;

/** Tells whether a place is within an address: elsewhere a percent sign is no escape, as in `%%1053`. */
function createAddressCheck(text: string) {
  let end = 0;
  let is = false;
  return (at: number) => {
    if (at < end) return is;
    let from = at;
    const first = Math.max(end, at - MAX_ADDRESS);
    while (from > first && !isBlank(text.charCodeAt(from - 1))) from--;
    end = at;
    while (end < text.length && !isBlank(text.charCodeAt(end))) end++;
    is = ADDRESS.test(text.slice(from, end));
    return is;
  };
}

/** White space, quotes and brackets of tags, which no address holds. */
function isBlank(code: number) {
  return code <= 0x20 || code === 0x22 || code === 0x3c || code === 0x3e || code === 0x3000;
}
