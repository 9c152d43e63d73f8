import { isPunctuation, unitWithin } from "./characters.ts";
import { foldCase } from "./keywords.ts";
import { type Keyword, keywordsOf } from "./languages/index.ts";
import { matchesAt, precededBy } from "./pattern.ts";
import { createPhraseMatcher } from "./phrase-matcher.ts";

/** Features of the text around a small number that show whether it is a Win32 error. */

/** How far before a number its keyword may begin, in UTF-16 units. */
const REACH = 48;
/** The longest distance between a small number and its keyword, in UTF-16 units. */
export const GAP = 6;
/** How far before a number the message about it may begin, in UTF-16 units. */
const SENTENCE = 200;

const latinWords = (
  keywords: readonly Keyword[],
  mayFollowLetter: (text: string, start: number) => boolean,
) =>
  createPhraseMatcher(
    keywords.map(({ letters, matchesInsideWord }) => [letters, matchesInsideWord] as const),
    (matchesInsideWord, text, start) =>
      matchesInsideWord || !/[a-z_]/.test(text.charAt(start - 1)) || mayFollowLetter(text, start),
  );

const WIN32_KEYWORDS = latinWords(keywordsOf("win32Keywords"), (text, start) =>
  text.startsWith("wsa", start - 3),
);
const MESSAGES = latinWords(keywordsOf("windowsMessages"), () => false);
const VPN_WORDS = latinWords(keywordsOf("vpnWords"), () => false);

/** Windows functions that programs name in error messages. */
const FUNCTIONS = [
  "CreateProcess|CreateFile|CreateNamedPipe|OpenProcess|LoadLibrary|MapViewOfFile|VirtualAlloc",
  "(?:Copy|Delete|Move|Read|Write)File|RegOpenKey|RegSetValue|DeviceIoControl",
  "LogonUser|LookupAccountName|WNetAddConnection",
  "WinHttp[A-Z]|HttpSendRequest|Internet(?:Open|Connect|Read)",
  "OpenSCManager|(?:Control|Create|Delete|Open|Start)Service",
].join("|");
/** Functions that join a computer to a domain or map a share; `netsetup.log` names them. */
const NETWORK_FUNCTIONS = "Netp?[A-Z][A-Za-z]{3,40}|Ds[A-Z][A-Za-z]{4,40}|I_Net[A-Za-z]{3,40}";

/** For `matchesAt`: the text directly before the place fits the pattern; case counts by default. */
function precededByExactly(pattern: string, flags = "") {
  return new RegExp(`(?<=${pattern})`, `y${flags}`);
}

/** Text before a number that makes it a Win32 error. */
const SENTENCES = [
  // The output of sc.exe, in any language: `[SC] OpenService FAILED 1060:`.
  precededByExactly("\\[SC\\] [\\w:]{3,60} \\S{2,12}"),
  // The dialog of the Services console.
  precededByExactly("could not start the [^\\n]{1,80} service\\b\\D{0,60}\\berror", "i"),
  precededByExactly(
    `\\b(?:${FUNCTIONS})\\w{0,20}\\W{0,4}\\b[^\\d\\n]{0,24}\\b(?:[Ee]rror|ERROR|[Cc]ode|CODE|GLE)`,
  ),
  precededByExactly(
    `\\b(?:${NETWORK_FUNCTIONS})\\b[^\\n]{0,80}?\\b(?:returned|returns|failed(?: with)?|status(?: of)?|error|code)`,
  ),
];
/**
 * A function that failed; the number after it is an error unless a noun follows: "failed 5 times".
 */
const FAILED_CALL = precededByExactly(
  `\\b(?:${FUNCTIONS})\\w{0,20}\\W{0,4}\\b(?:failed|FAILED)(?: with)?`,
);
const NOUN_AFTER = / ?\p{L}/uy;
/** The last words of the patterns above, in lower case. */
export const LAST_WORDS =
  "failed,with,gle,returned,returns,returning,status,error,code,is,was,of,ist,war,est,es,fue,gives,gave,exits,says,\u00e9chec,\u5931\u6557,\u5931\u8d25";
/** pywin32 names the function after the number: `(1058, 'StartService', '...')`. */
const FUNCTION_AFTER = new RegExp(
  `, '(?:${FUNCTIONS})\\w{0,12}', '|(?: on)? [\\w.]{0,40}(?:${FUNCTIONS})`,
  "y",
);

/** Where the word before a number ends: punctuation between the two is skipped. */
export function endOfWordBefore(text: string, start: number) {
  let at = start;
  while (at > 0 && start - at < GAP && isPunctuation(unitWithin(text, at - 1))) at--;
  return at;
}

/** Whether a keyword for Win32 errors stands directly before a number: `system error 5`. */
export function followsWin32Keyword(text: string, start: number): boolean {
  const first = endOfWordBefore(text, start);
  const window = foldCase(text.slice(Math.max(0, first - REACH), start));
  if (window.indexOf("\n", window.length - (start - first)) >= 0) return false;
  for (let at = window.length; at >= window.length - (start - first); at--) {
    if (WIN32_KEYWORDS.endingAt(window, at)) return true;
  }
  return false;
}

/** Whether the text directly before a number names a Windows function or tool that failed. */
export function followsFailedCall(text: string, start: number, end: number): boolean {
  const last = endOfWordBefore(text, start);
  if (matchesAt(FAILED_CALL, text, last)) return !matchesAt(NOUN_AFTER, text, end);
  return SENTENCES.some((each) => matchesAt(each, text, last));
}

/** Whether the name of a Windows function directly follows a number. */
export function hasFunctionAfter(text: string, end: number): boolean {
  return matchesAt(FUNCTION_AFTER, text, end);
}

/**
 * The text between a number and its Windows message: punctuation, tags, or a label like `message:`.
 */
const BEFORE_MESSAGE =
  /^(?:(?:[\s,;"']{1,3}|(?:<[^<>]{1,60}>){1,3})(?:kind: \w{3,30}, |error ?)?(?:description|message|text|reason|msg)[\s:="'>]{1,4}|(?:\s{0,4}<[^<>]{1,60}>){1,3}|[\s:.;()[\]}"'>=：、。）（」\u2013\u2014-]{1,6})/i;

/** Whether a Windows message for an error follows a number: "5: Access is denied". */
export function hasMessageAfter(text: string, end: number): boolean {
  const following = text.slice(end, end + REACH * 2);
  const gap = BEFORE_MESSAGE.exec(following)?.[0].length ?? 0;
  if (gap === 0 || MESSAGES.startingAt(foldCase(following), gap) === null) return false;
  // The message begins with a capital letter, unless a colon precedes it.
  return !/\p{Ll}/u.test(following.charAt(gap)) || /[:：]\s?$/.test(following.slice(0, gap));
}

/** Everything up to the punctuation that ends the sentence before a message. */
const SENTENCE_START = /^[\s\S]*[.:!?\n"'“「：。](?=[^.:!?\n"'“「：。]*$)/;

const BRACKET_BEFORE = precededBy(/[([（](?:os )?(?:error )?(?:code )?/);

/** Whether a number in brackets follows a Windows message: "Access is denied. (5)". */
export function followsMessage(text: string, start: number): boolean {
  if (!matchesAt(BRACKET_BEFORE, text, start)) return false;
  const window = text.slice(Math.max(0, start - SENTENCE), start);
  const before = window.replace(/[\s.。]{1,3}[([（](?:os )?(?:error )?(?:code )?$/i, "");
  if (before.length === window.length) return false;
  const sentence = before.replace(SENTENCE_START, "").trimStart();
  return MESSAGES.startingAt(foldCase(sentence), 0) !== null;
}

/** How far before a number a word for VPN or RAS may begin, in UTF-16 units. */
const VPN_REACH = 120;

/**
 * Whether a word for VPN or RAS stands before a number, in the same line, with no number between.
 */
export function followsVpnWord(text: string, start: number): boolean {
  const window = foldCase(text.slice(Math.max(0, start - VPN_REACH), start));
  const words = window.slice(Math.max(window.lastIndexOf("\n"), lastNumber(window)) + 1);
  for (let at = 0; at < words.length; at++) {
    if (VPN_WORDS.startingAt(words, at) && !/[a-z]/.test(words.charAt(at - 1))) return true;
  }
  return false;
}

/** The place of the last digit of the last number; -1 without one. `l2tp` holds no number. */
function lastNumber(text: string) {
  const last = [...text.matchAll(/\b\d+\b/g)].at(-1);
  return last === undefined ? -1 : last.index + last[0].length - 1;
}

const DECIMAL_BEFORE = /(?<![\w.-])(\d{1,5})(?: ?[(/,=:-] ?| {1,2})\(?$/;
const DECIMAL_AFTER = /^\)?(?: ?[(/,=:] ?| )\(?(?:dec(?:imal)?:? ?|win32:? ?)?(\d{1,5})(?![\w.-])/i;
const HEX_TWIN_BEFORE = /0x0{0,4}([0-9a-f]{1,6})\)?(?: ?[(/,=:-] ?| {1,2})\(?$/i;
const HEX_TWIN_AFTER = /^\)?(?: ?[(/,=:] ?| )\(?0x0{0,4}([0-9a-f]{1,6})(?![\w.])/i;

/** Whether the same small number stands next to it in the other base: `1722 (0x6ba)`. */
export function hasTwin(text: string, start: number, end: number, value: number, isHex: boolean) {
  const before = text.slice(Math.max(0, start - 16), start);
  const after = text.slice(end, end + 24);
  const [base, patterns] = isHex
    ? [10, [DECIMAL_BEFORE.exec(before), DECIMAL_AFTER.exec(after)]]
    : [16, [HEX_TWIN_BEFORE.exec(before), HEX_TWIN_AFTER.exec(after)]];
  return patterns.some((each) => each?.[1] && Number.parseInt(each[1], base) === value);
}

const HTTP = /HTTP|\b4(?:0[0-9]|1[0-9]|2[29])\b|\b50[0-4]\b.{0,60}\b50[0-4]\b/i;

/** Whether the text near a place mentions HTTP, whose status numbers look like Win32 errors. */
export function mentionsHttp(text: string, at: number): boolean {
  return HTTP.test(text.slice(Math.max(0, at - 60), at + 60));
}

const WINDOWS = /[A-Z]:\\|\.exe\b|\.dll\b|Windows/i;

/** Whether the text near a number shows that it was written on Windows. */
export function isFromWindows(text: string, start: number): boolean {
  const near = text.slice(Math.max(0, start - 200), start + 200);
  return WINDOWS.test(near) || followsMessage(text, start);
}
