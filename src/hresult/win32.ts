import { allWords } from "./languages/index.ts";
import { openWords } from "./words.ts";

/** How far before a number its cue begins, at most. */
const REACH = 48;

const WIN32_CUES = openWords(
  allWords((each) => each.win32Cues).map(({ letters, isFree }) => [letters, isFree] as const),
  (isFree, text, start) =>
    isFree || !/[a-z]/.test(text.charAt(start - 1)) || text.startsWith("wsa", start - 3),
);
/**
 * What the service controller of Windows prints, `[SC] OpenService FAILED 1060:`, and what others
 * print who call it.
 */
const SERVICE_CONTROL =
  /(?:\[SC\] \w{3,40}|\b(?:OpenSCManager|(?:Control|Create|Delete|Open|Start)Service)\w{0,14})(?: \w{3,40})? (?:failed|error)(?: with error)?$/i;
/** How far a Win32 number stands from its cue. */
const GAP = 6;

/**
 * Which two letters end a cue: a log holds very many numbers, and few stand behind these. Two pairs
 * may share a place; then one look at the cues is for nothing.
 */
const ENDINGS = new Uint8Array(0x10000);
for (const cue of [...allWords((each) => each.win32Cues).map(({ letters }) => letters), "failed"]) {
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

/** Whether the word before a number in decimal makes it a Win32 error. */
export function isWin32Number(text: string, start: number): boolean {
  let end = start;
  while (end > 0 && start - end < GAP && isGap(text.charCodeAt(end - 1))) end--;
  if (end < 2 || ENDINGS[endingAt(text, end)] === 0) return false;
  for (let at = start; at >= end; at--) {
    const window = text.slice(Math.max(0, at - REACH), at);
    if (WIN32_CUES.endingAt(window.toLowerCase(), window.length)) return true;
  }
  return SERVICE_CONTROL.test(text.slice(Math.max(0, end - REACH), end));
}

/** Signs of ASCII, and the colon and brackets of East Asia; not the end of a line. */
function isGap(code: number) {
  if (code > 0x7f) return code === 0xa0 || (code >= 0x3000 && code <= 0x300f) || code === 0xff1a;
  return SIGNS[code] === 1;
}

const SIGNS = new Uint8Array(0x80);
for (const sign of "\t !\"#$%&()*+,-./:;<=>?@[]^_`{|}~'\\") SIGNS[sign.charCodeAt(0)] = 1;
