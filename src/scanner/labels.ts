import { allWords } from "./languages/index.ts";
import { holds } from "./pattern.ts";
import { openWords } from "./phrase-matcher.ts";

/** How far before a number its label is looked for. */
const REACH = 96;

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

/** What a word before a number makes of it: surely a code, a code if it can be one, or neither. */
export type Label = "code" | "error" | "other";

const BETWEEN_OF: Readonly<Record<Label, RegExp>> = {
  code: new RegExp(`^${REPORT}${ASIDE}${BETWEEN}$`, "i"),
  error: new RegExp(`^${ASIDE}${BETWEEN}$`, "i"),
  other: new RegExp(`^${CLOSE}$`, "i"),
};

const listed = (label: Label, words: Parameters<typeof allWords>[0]) =>
  allWords(words).map(({ letters, isFree }) => [letters, { label, isFree }] as const);

const LABELS = openWords(
  [
    ...listed("other", (each) => each.otherNumbers),
    ...listed("code", (each) => each.codeCues),
    ...listed("error", (each) => each.cues),
  ],
  // An underscore keeps `GPU_STATUS` from being a status.
  ({ label, isFree }, text, start) =>
    isFree || !(label === "error" ? /[a-z_]/ : /[a-z]/).test(text.charAt(start - 1)),
);

/** A parameter of a crash report, and `Hr` at the end of a name: `P2: 8024402c`, `CreateDeviceHr=`. */
const SIGNED = /(?<=\bP\d{1,2}: ?|[a-z0-9]H[rR] ?[=:(] ?)/y;

/** A label, and how many letters and signs stand between it and its number. */
export interface Labelled {
  readonly label: Label;
  readonly distance: number;
}

/** Reads the words before a number: the nearest one that can belong to it counts. */
export function labelBefore(text: string, start: number): Labelled | null {
  if (holds(SIGNED, text, start)) return { label: "code", distance: 1 };
  const window = text.slice(Math.max(0, start - REACH), start).toLowerCase();
  for (let at = window.length; at > 0; at--) {
    const label = LABELS.endingAt(window, at)?.value.label;
    if (label === undefined || (label !== "other" && isLetter(window, at))) continue;
    if (BETWEEN_OF[label].test(window.slice(at))) return { label, distance: window.length - at };
  }
  return null;
}

/** Then the word goes on, and is another one. */
function isLetter(text: string, at: number) {
  return /[a-z]/.test(text.charAt(at));
}
