import { anyOf, LANGUAGES, type Language } from "./languages/index.ts";
import { before, holds } from "./pattern.ts";

/**
 * What may stand between a cue and its number: signs, other scripts, short words such as "is", and
 * names of markup. Not a full stop, which ends a thought.
 */
const BETWEEN =
  /(?:\b(?:no|nr|e\.g|i\.e|z\. ?b|p\. ?ex)\.|[^0-9A-Za-z.。！!?？]|!(?==)|\b(?:is|was|of|with|no|nr|number|value|the|from|hex|dec|gt|lt|amp|quot|nbsp|br|td|th|tr|li|p|b|i|span|div|code|strong|em|ist|est|es|de|von|du)\b){0,24}/
    .source;
/** Numbers in brackets that loggers put there: `LogHr(1807) tid(163c)`. */
const ASIDE = /(?:\s?(?:tid)?(?:\(\w{1,8}\)|\[\w{1,20}\])){0,3}/.source;
/** A report of Windows names the number on a line of its own: `Sig[7].Value=c0000409`. */
const REPORT = /(?:\s{0,3}Sig\[\d{1,2}\]\.Value=)?/.source;
/** Between another label and its number: signs, and one particle of a language without blanks. */
const CLOSE =
  /(?:es|s)?(?: ?(?:no|nr)\.| ?number)?[^0-9A-Za-z\u00c0-\u1fff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3.\n]{0,16}(?:[はがをのでと은는이가을를의是为][ :：]?)?/
    .source;

function all(words: (language: Language) => readonly string[]) {
  return LANGUAGES.flatMap(words);
}

const CODE_CUE = before(
  `(?:(?:${anyOf(all((each) => each.codeCues))})${REPORT}${ASIDE}${BETWEEN}|\\bP\\d{1,2}: ?)`,
);
const CUE = before(
  `(?:${anyOf(
    all((each) => each.cues),
    "A-Za-z_",
  )})${ASIDE}${BETWEEN}`,
);
const OTHER = before(`(?:${anyOf(all((each) => each.otherNumbers))})${CLOSE}`);

/** `Hr` at the end of a name: `CreateDeviceHr=`. In capitals only, or any word might end so. */
const NAMED_HR = /(?<=[a-z0-9]H[rR] ?[=:(] ?)/y;

/** How sure the words before a number are that an error code follows. */
export type Cue = "code" | "error" | null;

export function cueBefore(text: string, start: number): Cue {
  if (holds(CODE_CUE, text, start) || holds(NAMED_HR, text, start)) return "code";
  return holds(CUE, text, start) ? "error" : null;
}

/** Whether a word before this place says that it is a number of another kind. */
export function isLabelledOtherwise(text: string, start: number): boolean {
  return holds(OTHER, text, start);
}

const AND = [
  "and|or|und|oder|et|ou|y|o|e|i|lub|och|en|of|og|eller|ja|tai|ve|veya|és|vagy|nebo|и|или|then|dann|puis",
  "和|或|與|及|と|または|および|及び|続いて|와|과|및|또는",
].join("|");
/** What joins the codes of a list. */
const LIST = new RegExp(
  `^[\\s,;:/|()\\[\\]{}<>"'\`*+&、，；：・（）「」『』]{0,12}(?:(?:${AND})[\\s(（"'\`*]{0,3})?$`,
  "i",
);

/** Whether what stands between two numbers only joins them: the second one is what the first is. */
export function isList(between: string): boolean {
  return LIST.test(between);
}

/** Finds the numbers of Win32 errors: what follows is the number itself. */
export const WIN32_NUMBER = new RegExp(
  `(?:${[
    `(?<![A-Za-z])(?:${anyOf(all((each) => each.win32Cues))})`,
    "(?<=WSA)GetLastError\\(\\)",
    "\\[SC\\] \\w{3,40}(?: \\w{3,40})? FAILED",
  ].join("|")})[^0-9A-Za-z\\n]{0,4}(?<number>\\d{1,5})(?![\\w-]|\\.\\d)`,
  "gi",
);
