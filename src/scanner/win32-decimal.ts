import { isOnWindows, speaksOfHttp } from "./context-features.ts";
import { labelBefore } from "./labels.ts";
import { allWords, anyOf } from "./languages/index.ts";
import { after, holds } from "./pattern.ts";
import { openWords } from "./phrase-matcher.ts";

/** How far before a number its cue begins, at most. */
const REACH = 48;

const WIN32_CUES = openWords(
  allWords((each) => each.win32Cues).map(({ letters, isFree }) => [letters, isFree] as const),
  (isFree, text, start) =>
    isFree || !/[a-z]/.test(text.charAt(start - 1)) || text.startsWith("wsa", start - 3),
);
/** Functions of Windows by whose names programs tell what failed. */
const CALLS = [
  "CreateProcess|CreateFile|CreateNamedPipe|OpenProcess|LoadLibrary|MapViewOfFile|VirtualAlloc",
  "(?:Copy|Delete|Move|Read|Write)File|RegOpenKey|RegSetValue|DeviceIoControl",
  "LogonUser|LookupAccountName|WNetAddConnection",
  "OpenSCManager|(?:Control|Create|Delete|Open|Start)Service",
].join("|");
/** Ends of sentences in which the number of a Win32 error is named. */
const SENTENCES = [
  // What the service controller prints, in whatever language: `[SC] OpenService FAILED 1060:`.
  /\[SC\] [\w:]{3,60} \S{2,12}$/,
  // What its window shows.
  /could not start the [^\n]{1,80} service\b\D{0,60}\berror$/i,
  new RegExp(
    `\\b(?:${CALLS})\\w{0,12}\\W{0,4}\\b[^\\d\\n]{0,24}\\b(?:[Ee]rror|ERROR|[Cc]ode|CODE|GLE)$`,
  ),
];
/** The number of that error, unless it says how often or how many. */
const FAILED_CALL = new RegExp(`\\b(?:${CALLS})\\w{0,12}\\W{0,4}\\b(?:failed|FAILED)(?: with)?$`);
const COUNTED = /^ ?\p{L}/u;
const LAST_WORDS = ["failed", "with", "gle", "\u00e9chec", "\u5931\u6557", "\u5931\u8d25"];
/** How far before its end such a sentence begins, at most. */
const SENTENCE = 200;
/** Python names the function behind the number: `(1058, 'StartService', '...')`. */
const CALL_BEHIND = new RegExp(`, '(?:${CALLS})\\w{0,12}', '`, "y");

/** How far a Win32 number stands from its cue. */
const GAP = 6;

/**
 * Which two letters end a cue: a log holds very many numbers, and few stand behind these. Two pairs
 * may share a place; then one look at the cues is for nothing.
 */
const ENDINGS = new Uint8Array(0x10000);
for (const cue of [
  ...allWords((each) => each.win32Cues).map((each) => each.letters),
  ...LAST_WORDS,
]) {
  ENDINGS[endingAt(cue, cue.replace(/[^\p{L}\d]+$/u, "").length)] = 1;
}

function endingAt(text: string, end: number) {
  return ((small(text.charCodeAt(end - 2)) << 5) ^ small(text.charCodeAt(end - 1))) & 0xffff;
}

/** Letters of ASCII and of Cyrillic in small; others as they are. */
function small(code: number) {
  if (code >= 0x41 && code <= 0x5a) return code + 0x20;
  return code >= 0x410 && code <= 0x42f ? code + 0x20 : code;
}

/** The Win32 error that a number in decimal stands for; null when nothing says that it is one. */
export function readWin32(text: string, start: number, end: number): number | null {
  if (!isNamed(text, start, end) && !hasCallBehind(text, start, end)) return null;
  const number = Number(text.slice(start, end));
  if (number === 0 || number > 0xffff || isOther(text, start, number)) return null;
  return number;
}

function isNamed(text: string, start: number, end: number) {
  let before = start;
  while (before > 0 && start - before < GAP && isGap(text.charCodeAt(before - 1))) before--;
  if (before < 2 || ENDINGS[endingAt(text, before)] === 0) return false;
  for (let at = start; at >= before; at--) {
    const window = text.slice(Math.max(0, at - REACH), at);
    if (WIN32_CUES.endingAt(window.toLowerCase(), window.length)) return true;
  }
  const sentence = text.slice(Math.max(0, before - SENTENCE), before);
  if (FAILED_CALL.test(sentence)) return !COUNTED.test(text.slice(end, end + 2));
  return SENTENCES.some((each) => each.test(sentence)) || hasSayingBehind(text, start, end);
}

function hasCallBehind(text: string, start: number, end: number) {
  return text[start - 1] === "(" && holds(CALL_BEHIND, text, end);
}

/** What Windows says of an error, behind its number. */
const SAYING_BEHIND = after(`[:.,)：，] ?(?:${anyOf(allWords((each) => each.windowsSayings))})`);
const HTTP_FROM = 400;
const HTTP_TO = 599;

function hasSayingBehind(text: string, start: number, end: number) {
  if (!holds(SAYING_BEHIND, text, end)) return false;
  const number = Number(text.slice(start, end));
  const isOfHttp = number >= HTTP_FROM && number <= HTTP_TO;
  return !isOfHttp && ["code", "error"].includes(labelBefore(text, start)?.label ?? "");
}

/** Above these, no errno of Linux is left. */
const MAX_ERRNO = 133;

/** "os error 28" is what Rust writes on Linux as well; and a system error 500 may be one of HTTP. */
function isOther(text: string, start: number, number: number) {
  if (number >= 500 && number <= 504) return speaksOfHttp(text, start);
  const [cue] =
    /(?:OSError|\bos.?error)\W{0,4}$/.exec(text.slice(Math.max(0, start - 14), start)) ?? [];
  if (cue === undefined) return false;
  return cue.startsWith("OSError") || (number <= MAX_ERRNO && !isOnWindows(text, start));
}

/** Signs of ASCII, and the colon and brackets of East Asia; not the end of a line. */
function isGap(code: number) {
  if (code > 0x7f) return code === 0xa0 || (code >= 0x3000 && code <= 0x300f) || code === 0xff1a;
  return SIGNS[code] === 1;
}

const SIGNS = new Uint8Array(0x80);
for (const sign of "\t !\"#$%&()*+,-./:;<=>?@[]^_`{|}~'\\") SIGNS[sign.charCodeAt(0)] = 1;
