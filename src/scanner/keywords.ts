import { codeUnitAt } from "./characters.ts";
import { type Keyword, keywordsOf } from "./languages/index.ts";
import { matchesAt } from "./pattern.ts";
import { createPhraseMatcher, type PhraseMatcher } from "./phrase-matcher.ts";

/**
 * What a keyword says about the number after it.
 *
 * - `code`: it is an error code, whatever its facility: `error code`.
 * - `error`: it is an error code if its facility is known: `error`.
 * - `machine`: it is a technical number, such as an offset or a mask.
 * - `field`: the same, unless the keyword is a noun of a sentence: `port`.
 * - `everyday`: it counts or identifies goods or people: `order`.
 */
export type KeywordKind = "code" | "error" | "machine" | "field" | "everyday";

/** The keyword before a number. */
export interface KeywordBefore {
  readonly kind: KeywordKind;
  /** Between the end of the keyword and the number, in UTF-16 units. */
  readonly distance: number;
  /** A field name that is used as a noun in a sentence: `this port`. */
  readonly isInSentence: boolean;
  /** Part of an identifier: `GENERAL_ERROR`. */
  readonly isInName: boolean;
}

/** How far before a number a keyword is searched, in UTF-16 units. */
const REACH = 96;

/** Lower case, with straight apostrophes. The length stays the same. */
export function foldCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.includes("\u2019") ? lower.replaceAll("\u2019", "'") : lower;
}

/** Words that may stand between a keyword and its number: particles, and names of HTML tags. */
const SHORT_WORDS =
  "is are was were war fue of with no nr number value the from hex dec decimal gt lt amp quot nbsp br td th tr li p b i span div code strong em ist est es de von du vpn ras".split(
    " ",
  );
/**
 * The text that may stand between a keyword and its number: punctuation, other scripts, short
 * words. A full stop may not, because it ends the sentence.
 */
const BETWEEN = `(?:\\b(?:no|nr|e\\.g|i\\.e|z\\. ?b|p\\. ?ex)\\.|[^0-9A-Za-z.。！!?？]|!(?==)|\\b(?:set to|${SHORT_WORDS.join("|")})\\b){0,24}`;
/** All words that `BETWEEN`, `ASIDE`, `REPORT` and `CLOSE` allow. */
const WORDS_BETWEEN = new Set([...SHORT_WORDS, ..."e g z ex set to s n lautet sig tid".split(" ")]);
/** An Office error number, or words in brackets: `error 30180-4 (`, `LogHr(1807) tid(163c)`. */
const ASIDE = /(?:\s?\d{1,6}-\d{1,5})?(?:\s?(?:tid)?(?:\(\w{1,12}\)|\[\w{1,20}\])){0,3}/.source;
/** In a crash report the number is on a line of its own: `Sig[7].Value=c0000409`. */
const REPORT = /(?:\s{0,3}Sig\[\d{1,2}\]\.Value=)?/.source;
/**
 * The text between a keyword that rejects and its number: punctuation, and one particle or "is".
 */
const CLOSE =
  /(?:es|s)?(?: ?(?:n[o°º]|nr|№)\.?| ?number)?[^0-9A-Za-z\u00c0-\u1fff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3.\n]{0,16}(?:(?:[はがをのでと은는이가을를의是为]|\b(?:is|are|ist|lautet|est|es|was|were)\b)[ :：#]{0,2})?/
    .source;

const BETWEEN_OF: Readonly<Record<KeywordKind, RegExp>> = {
  code: new RegExp(`^${REPORT}${ASIDE}${BETWEEN}$`, "i"),
  error: new RegExp(`^${ASIDE}${BETWEEN}$`, "i"),
  machine: new RegExp(`^${CLOSE}$`, "i"),
  field: new RegExp(`^${CLOSE}$`, "i"),
  everyday: new RegExp(`^${CLOSE}$`, "i"),
};

const withKind = (kind: KeywordKind, keywords: readonly Keyword[]) =>
  keywords.map(({ letters, matchesInsideWord }) => [letters, { kind, matchesInsideWord }] as const);

const KEYWORDS = createPhraseMatcher(
  [
    ...withKind("machine", keywordsOf("machineNumbers")),
    ...withKind("field", keywordsOf("fieldNames")),
    ...withKind("everyday", keywordsOf("everydayNumbers")),
    ...withKind("everyday", keywordsOf("attributeNumbers")),
    ...withKind("code", keywordsOf("codeKeywords")),
    ...withKind("error", keywordsOf("errorKeywords")),
  ],
  // With an underscore before it, a keyword is part of a name: `GPU_STATUS` is not a status.
  ({ kind, matchesInsideWord }, text, start) =>
    matchesInsideWord || !(kind === "error" ? /[a-z_]/ : /[a-z]/).test(text.charAt(start - 1)),
);

const FOLLOWING_KEYWORDS = createPhraseMatcher(
  [
    ...withKind("code", keywordsOf("codeKeywords")),
    ...withKind("error", keywordsOf("errorKeywords")),
  ],
  ({ matchesInsideWord }, text, _, end) => matchesInsideWord || !/[a-z]/.test(text.charAt(end)),
);

const DETERMINERS = createPhraseMatcher(
  keywordsOf("determiners").map(
    ({ letters, matchesInsideWord }) => [letters, matchesInsideWord] as const,
  ),
  (matchesInsideWord, text, start) => matchesInsideWord || !/[a-z]/.test(text.charAt(start - 1)),
);

/** A crash report parameter, or a name that ends in `Hr`: `P2: 8024402c`, `CreateDeviceHr=`. */
const PARAMETER_OR_HR = /(?<=\bP\d{1,2}: ?|[a-z0-9]H[rR] ?[=:(] ?)/y;
/** An identifier before its value: `resultMapped=`, `"lastHResult": `, `"Error"=dword:`. */
const NAME = /(?<=([a-z][a-z0-9_.]{2,40})["']?\s?[=:]\s?(?:["']|dword:)?)/iy;
const WORD_OF_NAME = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g;
const ERROR_NAMES = new Set("error errors err hresult hr exception result failure".split(" "));
const OTHER_NAMES = new Set(
  "address addr offset flags flag mask ptr pointer size time stamp handle id count line base".split(
    " ",
  ),
);

const ADJACENT = { distance: 1, isInSentence: false, isInName: false };

/** Finds the keyword nearest before a number that can refer to it; null when there is none. */
export function keywordBefore(text: string, start: number): KeywordBefore | null {
  if (matchesAt(PARAMETER_OR_HR, text, start)) return { ...ADJACENT, kind: "code" };
  const window = foldCase(text.slice(Math.max(0, start - REACH), start));
  let wordEnd = window.length;
  for (let at = window.length; at > 0; at--) {
    if (!isLetterOrDigit(window, at)) {
      if (at + 1 < wordEnd && !mayStandBetween(window, at + 1, wordEnd)) break;
      wordEnd = at;
    }
    const found = KEYWORDS.endingAt(window, at);
    if (found === null) continue;
    const { kind } = found.value;
    if ((kind === "code" || kind === "error") && isLatinLetter(window, at)) continue;
    const between = window.slice(at);
    if (!BETWEEN_OF[kind].test(between)) continue;
    const isInSentence = kind === "field" && isNoun(window, found.start, between);
    const isInName = window.charAt(found.start - 1) === "_";
    return { kind, distance: window.length - at, isInSentence, isInName };
  }
  return isErrorIdentifier(text, start) ? { ...ADJACENT, kind: "error", isInName: true } : null;
}

function isLetterOrDigit(text: string, at: number) {
  const code = codeUnitAt(text, at);
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
}

/** Whether a word may stand between a keyword and its number. If not, the search ends at it. */
function mayStandBetween(text: string, start: number, end: number) {
  const word = text.slice(start, end);
  if (WORDS_BETWEEN.has(word) || "([".includes(text.charAt(start - 1))) return true;
  return /^\d{1,6}$/.test(word) && (text[start - 1] === "-" || text[end] === "-");
}

/** A keyword with a Latin letter after it is only the start of another word. */
function isLatinLetter(text: string, at: number) {
  return /[a-z]/.test(text.charAt(at));
}

/** Punctuation that separates a number from the sentence before it. */
const SET_OFF = /[:([{,\u2013\u2014：（「『、，-]/;
const NEGATION = /\b(?:no|not|never|cannot|stops?|refuses?)\b|n't\b/;
const ARTICLE = /\b(?:the|der|die|das|dem|den|le|la|el|il|lo|o|os|as|het)$/;

/**
 * Whether a field name is used as a noun: after `this`; or the number is set apart by punctuation,
 * and the name follows an article or stands in a sentence that reports a failure.
 */
function isNoun(window: string, start: number, between: string) {
  const before = window.slice(0, start).trimEnd();
  if (DETERMINERS.endingAt(before, before.length)) return true;
  if (!SET_OFF.test(between)) return false;
  if (ARTICLE.test(before)) return true;
  const sentence = before.slice(Math.max(before.lastIndexOf(". "), before.lastIndexOf("\n")) + 1);
  return NEGATION.test(sentence) || FAILURES.firstIn(sentence) !== null;
}

/** Whether the identifier that the number is assigned to names an error: `lastHResult=`. */
function isErrorIdentifier(text: string, start: number) {
  NAME.lastIndex = start;
  const words = NAME.exec(text)?.[1]?.match(WORD_OF_NAME) ?? [];
  const lower = words.map((each) => each.toLowerCase());
  return (
    lower.some((each) => ERROR_NAMES.has(each)) && !lower.some((each) => OTHER_NAMES.has(each))
  );
}

/** How far after a number a keyword may end, in UTF-16 units. */
const REACH_AFTER = 32;
const GAP_AFTER = /^[\s)\]}"'”」』）>*_`-]{0,4}/;

/** Whether a keyword for errors directly follows a number: `80244019 error`. */
export function hasKeywordAfter(text: string, end: number): boolean {
  const window = foldCase(text.slice(end, end + REACH_AFTER));
  const gap = GAP_AFTER.exec(window)?.[0].length ?? 0;
  return FOLLOWING_KEYWORDS.startingAt(window, gap) !== null;
}

/** Microsoft products and code families that a ticket about such codes names. */
const PRODUCTS =
  "windows,microsoft,outlook,office,teams,intune,entra,azure,autopilot,onedrive,sharepoint,hresult,ntstatus";
/** Prefixes of symbols, and of update numbers. */
const SYMBOL_PREFIXES = "e_,status_,error_,nte_,kb";

/**
 * Makes a matcher for words of a list. Unless a keyword matches inside words, no letter may stand
 * before it, and a short word at its end must be whole.
 */
export function createWordMatcher(keywords: readonly Keyword[]): PhraseMatcher<boolean> {
  return createPhraseMatcher(
    keywords.map(({ letters, matchesInsideWord }) => [letters, matchesInsideWord] as const),
    (matchesInsideWord, text, start, end) =>
      matchesInsideWord || (!/[a-z]/.test(text.charAt(start - 1)) && !isCutShort(text, start, end)),
  );
}

/**
 * Whether a phrase ends with a short word that goes on in the text: `do not` in `do notebook`. A
 * longer word may go on: `crash` in `crashed`.
 */
function isCutShort(text: string, start: number, end: number) {
  return /[a-z]/.test(text.charAt(end)) && /(?<![a-z])[a-z]{1,3}$/.test(text.slice(start, end));
}

/** Words that show that a text is about a failure or about Windows. */
export const FAILURES = createWordMatcher([
  ...keywordsOf("failureWords"),
  ...[...PRODUCTS.split(","), ...SYMBOL_PREFIXES.split(",")].map((letters) => ({
    letters,
    matchesInsideWord: false,
  })),
]);
