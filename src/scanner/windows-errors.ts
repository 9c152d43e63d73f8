import { folded } from "./keywords.ts";
import { type Keyword, keywordsOf } from "./languages/index.ts";
import { before, holds } from "./pattern.ts";
import { createPhraseMatcher } from "./phrase-matcher.ts";

/** Signs that the text around a small number gives: whether it is an error of Windows. */

/** How far before a number its keyword begins, at most, in UTF-16 units. */
const REACH = 48;
/** How far a small number stands from its keyword. */
const GAP = 6;
/** How far before a number a sentence about it begins, at most. */
const SENTENCE = 200;

const latinWords = (
  keywords: readonly Keyword[],
  goesInside: (text: string, start: number) => boolean,
) =>
  createPhraseMatcher(
    keywords.map(({ letters, isFree }) => [letters, isFree] as const),
    (isFree, text, start) =>
      isFree || !/[a-z_]/.test(text.charAt(start - 1)) || goesInside(text, start),
  );

const WIN32_KEYWORDS = latinWords(keywordsOf("win32Keywords"), (text, start) =>
  text.startsWith("wsa", start - 3),
);
const MESSAGES = latinWords(keywordsOf("windowsMessages"), () => false);
const VPN_WORDS = latinWords(keywordsOf("vpnWords"), () => false);

/** Functions of Windows by whose names programs tell what failed. */
const FUNCTIONS = [
  "CreateProcess|CreateFile|CreateNamedPipe|OpenProcess|LoadLibrary|MapViewOfFile|VirtualAlloc",
  "(?:Copy|Delete|Move|Read|Write)File|RegOpenKey|RegSetValue|DeviceIoControl",
  "LogonUser|LookupAccountName|WNetAddConnection",
  "WinHttp[A-Z]|HttpSendRequest|Internet(?:Open|Connect|Read)",
  "OpenSCManager|(?:Control|Create|Delete|Open|Start)Service",
].join("|");
/** Functions that join a computer to a domain or map a share, as `netsetup.log` names them. */
const NETWORK_FUNCTIONS = "Netp?[A-Z][A-Za-z]{3,40}|Ds[A-Z][A-Za-z]{4,40}|I_Net[A-Za-z]{3,40}";

/** What stands right before a place, with its capital letters as they are. */
function ending(pattern: string, flags = "") {
  return new RegExp(`(?<=${pattern})`, `y${flags}`);
}

/** Ends of sentences in which the number of a Win32 error is named. */
const SENTENCES = [
  // What the service controller prints, in whatever language: `[SC] OpenService FAILED 1060:`.
  ending("\\[SC\\] [\\w:]{3,60} \\S{2,12}"),
  // What its window shows.
  ending("could not start the [^\\n]{1,80} service\\b\\D{0,60}\\berror", "i"),
  ending(
    `\\b(?:${FUNCTIONS})\\w{0,20}\\W{0,4}\\b[^\\d\\n]{0,24}\\b(?:[Ee]rror|ERROR|[Cc]ode|CODE|GLE)`,
  ),
  ending(
    `\\b(?:${NETWORK_FUNCTIONS})\\b[^\\n]{0,80}?\\b(?:returned|returns|failed(?: with)?|status|error|code)`,
  ),
];
/** The number of that error, unless it says how often or how many. */
const FAILED_CALL = ending(`\\b(?:${FUNCTIONS})\\w{0,20}\\W{0,4}\\b(?:failed|FAILED)(?: with)?`);
const COUNTED = / ?\p{L}/uy;
/** The last words of such a sentence. */
const LAST_WORDS =
  "failed,with,gle,returned,returns,returning,status,error,code,is,\u00e9chec,\u5931\u6557,\u5931\u8d25";
/** Python names the function behind the number: `(1058, 'StartService', '...')`. */
const FUNCTION_BEHIND = new RegExp(
  `, '(?:${FUNCTIONS})\\w{0,12}', '|(?: on)? [\\w.]{0,40}(?:${FUNCTIONS})`,
  "y",
);

/**
 * Which letters end a word before a number that may be a Win32 error: the last three, or the last
 * two of short words and of scripts without blanks. A log holds very many numbers, and few stand
 * behind these. Two endings may share a place; then one look is for nothing.
 */
const LONG_ENDINGS = new Uint8Array(0x10000);
const SHORT_ENDINGS = new Uint8Array(0x10000);
/** Which three letters begin the word for error behind a number: `1603 error`. */
const BEGINNINGS = new Uint8Array(0x10000);

for (const { letters } of [
  ...keywordsOf("win32Keywords"),
  ...keywordsOf("codeKeywords"),
  ...keywordsOf("errorKeywords"),
  ...keywordsOf("vpnWords"),
  ...LAST_WORDS.split(",").map((word) => ({ letters: word })),
]) {
  const end = letters.replace(/[^\p{L}\d]+$/u, "").length;
  const isLong = end > 2 && /[a-z\u0400-\u04ff]{3}$/.test(letters.slice(0, end));
  if (isLong) LONG_ENDINGS[threeAt(letters, end - 3)] = 1;
  else SHORT_ENDINGS[twoAt(letters, end - 2)] = 1;
  BEGINNINGS[threeAt(letters, 0)] = 1;
}

function threeAt(text: string, at: number) {
  return ((small(text.charCodeAt(at)) << 10) ^ twoAt(text, at + 1)) & 0xffff;
}

function twoAt(text: string, at: number) {
  return ((small(text.charCodeAt(at)) << 5) ^ small(text.charCodeAt(at + 1))) & 0xffff;
}

/** Letters of ASCII and of Cyrillic in small; others as they are, or as another sign. */
function small(code: number) {
  if (code < 0x80) return code | 0x20;
  return code >= 0x410 && code <= 0x42f ? code + 0x20 : code;
}

/** Signs of ASCII, and the colon and brackets of East Asia. */
function isSign(code: number) {
  if (code > 0x7f) return code === 0xa0 || (code >= 0x3000 && code <= 0x300f) || code === 0xff1a;
  return SIGNS[code] === 1;
}

const SIGNS = new Uint8Array(0x80);
for (const sign of "\t\n !\"#$%&()*+,-./:;<=>?@[]^_`{|}~'\\") SIGNS[sign.charCodeAt(0)] = 1;

const PERCENT = 0x25;
const OPEN = 0x28;
const CLOSE = 0x29;
const COMMA = 0x2c;

/**
 * Whether a small decimal number is worth a look: it stands where a Win32 error may stand. Asked
 * for every number of a text, so that it reads a few letters only.
 */
export function mayBeWin32(text: string, start: number, end: number): boolean {
  const before = text.charCodeAt(start - 1);
  const next = text.charCodeAt(end);
  if (next === COLON && isGroup(text, end, 1)) return false;
  if (before === COLON && isGroup(text, start - 1, -1)) return false;
  if (before === OPEN && (next === COMMA || (next === CLOSE && isBesideWords(text, start, end)))) {
    return true;
  }
  if (before === PERCENT && text.charCodeAt(start - 2) === PERCENT) return true;
  const word = endOfWordBefore(text, start);
  if (LONG_ENDINGS[threeAt(text, word - 3)] === 1) return true;
  if (SHORT_ENDINGS[twoAt(text, word - 2)] === 1) return true;
  if (!isSign(next)) return false;
  return BEGINNINGS[threeAt(text, end + 1)] === 1 || hasHexBehind(text, end);
}

function isDigit(code: number) {
  return (code - ZERO) >>> 0 < 10;
}

const ZERO = 0x30;
const SMALL_X = 0x78;
const COLON = 0x3a;

/** Whether words stand before or behind a number in brackets. */
function isBesideWords(text: string, start: number, end: number) {
  const before = text.charCodeAt(start - 2) === BLANK ? start - 3 : start - 2;
  return isLetterOrStop(text.charCodeAt(before)) || isLetterOrStop(text.charCodeAt(end + 2));
}

function isLetterOrStop(code: number) {
  return ((code | 0x20) - 0x61) >>> 0 < 26 || code === FULL_STOP || code > 0x7f;
}

const BLANK = 0x20;
const FULL_STOP = 0x2e;

/** The longest group of an IPv6 address. */
const MAX_GROUP = 4;

/** Whether a group of an IPv6 address goes on from a colon, to the next colon. */
function isGroup(text: string, colon: number, step: 1 | -1) {
  let at = colon + step;
  while (Math.abs(at - colon) <= MAX_GROUP && isHex(text.charCodeAt(at))) at += step;
  return text.charCodeAt(at) === COLON;
}

function isHex(code: number) {
  return isDigit(code) || ((code | 0x20) - 0x61) >>> 0 < 6;
}

/** Whether a number in hex follows over a few signs. */
function hasHexBehind(text: string, end: number) {
  let at = end;
  while (at - end < GAP && isSign(text.charCodeAt(at))) at++;
  return text.charCodeAt(at) === ZERO && (text.charCodeAt(at + 1) | 0x20) === SMALL_X;
}

/** Where the word before a number ends, over a few signs. */
function endOfWordBefore(text: string, start: number) {
  let at = start;
  while (at > 0 && start - at < GAP && isSign(text.charCodeAt(at - 1))) at--;
  return at;
}

/** Whether a keyword for Win32 errors stands right before a number: `system error 5`. */
export function isBehindWin32Keyword(text: string, start: number): boolean {
  const first = endOfWordBefore(text, start);
  const window = folded(text.slice(Math.max(0, first - REACH), start));
  if (window.indexOf("\n", window.length - (start - first)) >= 0) return false;
  for (let at = window.length; at >= window.length - (start - first); at--) {
    if (WIN32_KEYWORDS.endingAt(window, at)) return true;
  }
  return false;
}

/** Whether the sentence before a number names a function or a tool of Windows that failed. */
export function isNamedBySentence(text: string, start: number, end: number): boolean {
  const last = endOfWordBefore(text, start);
  if (holds(FAILED_CALL, text, last)) return !holds(COUNTED, text, end);
  return SENTENCES.some((each) => holds(each, text, last));
}

/** Whether the name of a function of Windows stands right behind a number. */
export function hasFunctionBehind(text: string, end: number): boolean {
  return holds(FUNCTION_BEHIND, text, end);
}

/** What may stand between a number and the message of Windows: signs, tags, or a word for it. */
const BEFORE_MESSAGE =
  /^(?:(?:[\s,;"']{1,3}|(?:<[^<>]{1,60}>){1,3})(?:error ?)?(?:description|message|text|reason|msg)[\s:="'>]{1,4}|(?:<[^<>]{1,60}>){1,3}|[\s:.;()[\]}"'>=：、。）（」\u2013\u2014-]{1,6})/i;

/** Whether what Windows says of an error stands behind a number: "5: Access is denied". */
export function hasMessageBehind(text: string, end: number): boolean {
  const behind = text.slice(end, end + REACH * 2);
  const gap = BEFORE_MESSAGE.exec(behind)?.[0].length ?? 0;
  if (gap === 0 || MESSAGES.startingAt(folded(behind), gap) === null) return false;
  // A sentence begins with a capital letter, unless a colon goes before it.
  return !/\p{Ll}/u.test(behind.charAt(gap)) || /[:：]\s?$/.test(behind.slice(0, gap));
}

/** Signs that end the sentence before a message. */
const SENTENCE_START = /^[\s\S]*[.:!?\n"'“「：。](?=[^.:!?\n"'“「：。]*$)/;

const BRACKET_BEFORE = before(/[([（](?:os )?(?:error )?(?:code )?/);

/** Whether a number in brackets ends a message of Windows: "Access is denied. (5)". */
export function isBehindMessage(text: string, start: number): boolean {
  if (!holds(BRACKET_BEFORE, text, start)) return false;
  const window = text.slice(Math.max(0, start - SENTENCE), start);
  const before = window.replace(/[\s.。]{1,3}[([（](?:os )?(?:error )?(?:code )?$/i, "");
  if (before.length === window.length) return false;
  const sentence = before.replace(SENTENCE_START, "").trimStart();
  return MESSAGES.startingAt(folded(sentence), 0) !== null;
}

/** How far before the word for error a word of VPN or RAS begins, at most. */
const VPN_REACH = 120;

/** Whether words of VPN or RAS stand right before the number or before its word for error. */
export function isBehindVpnWord(text: string, start: number): boolean {
  const window = folded(text.slice(Math.max(0, start - VPN_REACH), start));
  const words = window.slice(Math.max(window.lastIndexOf("\n"), lastDigit(window)) + 1);
  for (let at = 0; at < words.length; at++) {
    if (VPN_WORDS.startingAt(words, at) && !/[a-z]/.test(words.charAt(at - 1))) return true;
  }
  return false;
}

function lastDigit(text: string) {
  return text.search(/\d\D*$/);
}

const DECIMAL_BEFORE = /(?<![\w.-])(\d{1,5})(?: ?[(/,=:-] ?| {1,2})\(?$/;
const DECIMAL_BEHIND =
  /^\)?(?: ?[(/,=:] ?| )\(?(?:dec(?:imal)?:? ?|win32:? ?)?(\d{1,5})(?![\w.-])/i;
const HEX_TWIN_BEFORE = /0x0{0,4}([0-9a-f]{1,6})\)?(?: ?[(/,=:-] ?| {1,2})\(?$/i;
const HEX_TWIN_BEHIND = /^\)?(?: ?[(/,=:] ?| )\(?0x0{0,4}([0-9a-f]{1,6})(?![\w.])/i;

/** Whether the same small number stands right beside, in the other base: `1722 (0x6ba)`. */
export function hasTwin(text: string, start: number, end: number, value: number, isHex: boolean) {
  const before = text.slice(Math.max(0, start - 16), start);
  const behind = text.slice(end, end + 24);
  const [base, patterns] = isHex
    ? [10, [DECIMAL_BEFORE.exec(before), DECIMAL_BEHIND.exec(behind)]]
    : [16, [HEX_TWIN_BEFORE.exec(before), HEX_TWIN_BEHIND.exec(behind)]];
  return patterns.some((each) => each?.[1] && Number.parseInt(each[1], base) === value);
}

const HTTP = /HTTP|\b4(?:0[0-9]|1[0-9]|2[29])\b|\b50[0-4]\b.{0,60}\b50[0-4]\b/i;

/** Whether the text near a place speaks of HTTP, whose numbers look like those of Win32. */
export function speaksOfHttp(text: string, at: number): boolean {
  return HTTP.test(text.slice(Math.max(0, at - 60), at + 60));
}

const WINDOWS = /[A-Z]:\\|\.exe\b|\.dll\b|Windows/i;

/** Whether the text near a number shows that it was written on Windows. */
export function isOnWindows(text: string, start: number): boolean {
  const near = text.slice(Math.max(0, start - 200), start + 200);
  return WINDOWS.test(near) || isBehindMessage(text, start);
}
