import { type Keyword, keywordsOf } from "./languages/index.ts";
import { holds } from "./pattern.ts";
import { createPhraseMatcher } from "./phrase-matcher.ts";

/**
 * What a keyword before a number says of it.
 *
 * `code`: it is an error code, whatever its facility. `error`: it is an error code, if it can be
 * one. `machine`: an offset, a mask or the like. `field`: the same, unless the keyword stands in a
 * sentence. `everyday`: it counts or names goods or people.
 */
export type KeywordKind = "code" | "error" | "machine" | "field" | "everyday";

/** The keyword before a number. */
export interface KeywordBefore {
  readonly kind: KeywordKind;
  /** How many letters and signs stand between it and the number. */
  readonly distance: number;
  /** A field name that is a noun of a sentence: `this port`. */
  readonly isInSentence: boolean;
  /** Part of a name of a program: `GENERAL_ERROR`. */
  readonly isInName: boolean;
}

/** How far before a number its keyword is looked for, in UTF-16 units. */
const REACH = 96;

/** Small letters, and one kind of apostrophe; as long as the text. */
export function folded(text: string): string {
  const small = text.toLowerCase();
  return small.includes("\u2019") ? small.replaceAll("\u2019", "'") : small;
}

/** Short words between a keyword and its number, and names of markup. */
const SHORT_WORDS =
  "is was of with no nr number value the from hex dec decimal gt lt amp quot nbsp br td th tr li p b i span div code strong em ist est es de von du vpn ras".split(
    " ",
  );
/**
 * What may stand between a keyword and its number: signs, other scripts, short words. Not a full
 * stop, which ends a sentence.
 */
const BETWEEN = `(?:\\b(?:no|nr|e\\.g|i\\.e|z\\. ?b|p\\. ?ex)\\.|[^0-9A-Za-z.。！!?？]|!(?==)|\\b(?:set to|${SHORT_WORDS.join("|")})\\b){0,24}`;
/** All words in the patterns from here to `CLOSE`. */
const WORDS_BETWEEN = new Set([...SHORT_WORDS, ..."e g z ex set to s lautet sig tid".split(" ")]);
/** A number of Office, and what stands in brackets: `error 30180-4 (`, `LogHr(1807) tid(163c)`. */
const ASIDE = /(?:\s?\d{1,6}-\d{1,5})?(?:\s?(?:tid)?(?:\(\w{1,12}\)|\[\w{1,20}\])){0,3}/.source;
/** A crash report names the number on a line of its own: `Sig[7].Value=c0000409`. */
const REPORT = /(?:\s{0,3}Sig\[\d{1,2}\]\.Value=)?/.source;
/** Between the name of another number and the number: signs, and one particle or "is". */
const CLOSE =
  /(?:es|s)?(?: ?(?:no|nr)\.| ?number)?[^0-9A-Za-z\u00c0-\u1fff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3.\n]{0,16}(?:(?:[はがをのでと은는이가을를의是为]|\b(?:is|ist|lautet|est|es|was)\b)[ :：]?)?/
    .source;

const BETWEEN_OF: Readonly<Record<KeywordKind, RegExp>> = {
  code: new RegExp(`^${REPORT}${ASIDE}${BETWEEN}$`, "i"),
  error: new RegExp(`^${ASIDE}${BETWEEN}$`, "i"),
  machine: new RegExp(`^${CLOSE}$`, "i"),
  field: new RegExp(`^${CLOSE}$`, "i"),
  everyday: new RegExp(`^${CLOSE}$`, "i"),
};

const of = (kind: KeywordKind, keywords: readonly Keyword[]) =>
  keywords.map(({ letters, isFree }) => [letters, { kind, isFree }] as const);

const KEYWORDS = createPhraseMatcher(
  [
    ...of("machine", keywordsOf("machineNumbers")),
    ...of("field", keywordsOf("fieldNames")),
    ...of("everyday", keywordsOf("everydayNumbers")),
    ...of("everyday", keywordsOf("attributeNumbers")),
    ...of("code", keywordsOf("codeKeywords")),
    ...of("error", keywordsOf("errorKeywords")),
  ],
  // An underscore keeps `GPU_STATUS` from being a status.
  ({ kind, isFree }, text, start) =>
    isFree || !(kind === "error" ? /[a-z_]/ : /[a-z]/).test(text.charAt(start - 1)),
);

const WORDS_FOR_ERROR = createPhraseMatcher(
  [...of("code", keywordsOf("codeKeywords")), ...of("error", keywordsOf("errorKeywords"))],
  ({ isFree }, text, _, end) => isFree || !/[a-z]/.test(text.charAt(end)),
);

const DETERMINERS = createPhraseMatcher(
  keywordsOf("determiners").map(({ letters, isFree }) => [letters, isFree] as const),
  (isFree, text, start) => isFree || !/[a-z]/.test(text.charAt(start - 1)),
);

/** A parameter of a crash report, and `Hr` at the end of a name: `P2: 8024402c`, `CreateDeviceHr=`. */
const SIGNED = /(?<=\bP\d{1,2}: ?|[a-z0-9]H[rR] ?[=:(] ?)/y;
/** A name of a program before its value: `resultMapped=`, `"lastHResult": `. */
const NAME = /(?<=([a-z][a-z0-9_.]{2,40})["']?\s?[=:]\s?["']?)/iy;
const WORD_OF_NAME = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g;
const ERROR_NAMES = new Set("error errors err hresult hr exception result failure".split(" "));
const OTHER_NAMES = new Set(
  "address addr offset flags flag mask ptr pointer size time stamp handle id count line base".split(
    " ",
  ),
);

const AT_ONCE = { distance: 1, isInSentence: false, isInName: false };

/** Reads the words before a number: the nearest one that can belong to it counts. */
export function keywordBefore(text: string, start: number): KeywordBefore | null {
  if (holds(SIGNED, text, start)) return { ...AT_ONCE, kind: "code" };
  const window = folded(text.slice(Math.max(0, start - REACH), start));
  let wordEnd = window.length;
  for (let at = window.length; at > 0; at--) {
    if (!isLetterOrDigit(window, at)) {
      if (at + 1 < wordEnd && !mayStandBetween(window, at + 1, wordEnd)) break;
      wordEnd = at;
    }
    const found = KEYWORDS.endingAt(window, at);
    if (found === null) continue;
    const { kind } = found.value;
    if ((kind === "code" || kind === "error") && isLetter(window, at)) continue;
    const between = window.slice(at);
    if (!BETWEEN_OF[kind].test(between)) continue;
    const isInSentence = kind === "field" && isNoun(window, found.start, between);
    const isInName = window.charAt(found.start - 1) === "_";
    return { kind, distance: window.length - at, isInSentence, isInName };
  }
  return namesError(text, start) ? { ...AT_ONCE, kind: "error", isInName: true } : null;
}

function isLetterOrDigit(text: string, at: number) {
  const code = text.charCodeAt(at);
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
}

/** Whether a word may stand between a keyword and its number; if not, no keyword before it counts. */
function mayStandBetween(text: string, start: number, end: number) {
  const word = text.slice(start, end);
  if (WORDS_BETWEEN.has(word) || "([".includes(text.charAt(start - 1))) return true;
  return /^\d{1,6}$/.test(word) && (text[start - 1] === "-" || text[end] === "-");
}

/** Then the word goes on, and is another one. */
function isLetter(text: string, at: number) {
  return /[a-z]/.test(text.charAt(at));
}

/** A sign that sets a number off from the sentence before it. */
const SET_OFF = /[:([{,\u2013\u2014：（「『、，-]/;
const NEGATION = /\b(?:no|not|never|cannot|stops?|refuses?)\b|n't\b/;
const ARTICLE = /\b(?:the|der|die|das|dem|den|le|la|el|il|lo|o|os|as|het)$/;

/**
 * Whether a field name is a noun of a sentence: behind `this`, behind an article before a number in
 * brackets, or in a sentence that says no.
 */
function isNoun(window: string, start: number, between: string) {
  const before = window.slice(0, start).trimEnd();
  if (DETERMINERS.endingAt(before, before.length)) return true;
  if (!SET_OFF.test(between)) return false;
  if (ARTICLE.test(before)) return true;
  const sentence = before.slice(Math.max(before.lastIndexOf(". "), before.lastIndexOf("\n")) + 1);
  return NEGATION.test(sentence) || FAILURES.firstIn(sentence) !== null;
}

function namesError(text: string, start: number) {
  NAME.lastIndex = start;
  const words = NAME.exec(text)?.[1]?.match(WORD_OF_NAME) ?? [];
  const small = words.map((each) => each.toLowerCase());
  return (
    small.some((each) => ERROR_NAMES.has(each)) && !small.some((each) => OTHER_NAMES.has(each))
  );
}

/** How far behind a number the word for error may end. */
const REACH_BEHIND = 32;
const GAP_BEHIND = /^[\s)\]}"'”」』）>*_`-]{0,4}/;

/** Whether the word for error stands right behind a number: `80244019 error`. */
export function hasKeywordBehind(text: string, end: number): boolean {
  const window = folded(text.slice(end, end + REACH_BEHIND));
  const gap = GAP_BEHIND.exec(window)?.[0].length ?? 0;
  return WORDS_FOR_ERROR.startingAt(window, gap) !== null;
}

/** Products of whose failures these codes tell. */
const PRODUCTS =
  "windows,microsoft,outlook,office,teams,intune,entra,azure,autopilot,onedrive,sharepoint,hresult,ntstatus";
/** What symbols begin with. */
const SYMBOL_PREFIXES = "e_,status_,error_,nte_,kb";

/** Words that speak of a failure or of Windows. */
export const FAILURES = createPhraseMatcher(
  [
    ...keywordsOf("failureWords"),
    ...[...PRODUCTS.split(","), ...SYMBOL_PREFIXES.split(",")].map((letters) => ({
      letters,
      isFree: false,
    })),
  ].map(({ letters, isFree }) => [letters, isFree] as const),
  (isFree, text, start) => isFree || !/[a-z]/.test(text.charAt(start - 1)),
);
