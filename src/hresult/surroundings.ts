import { anyOf, LANGUAGES } from "./languages/index.ts";

/**
 * What may stand between a label and its number: signs, other scripts, short words such as "is",
 * and names of markup. Not a full stop, which ends a thought.
 */
const BETWEEN =
  "(?:\\b(?:no|nr)\\.|[^0-9A-Za-z.\\u3002\\uff01!?\\uff1f]|\\b(?:is|was|of|with|no|nr|number|value|the|from|hex|dec|gt|lt|amp|quot|nbsp|br|td|th|tr|li|p|b|i|span|div|code|strong|em|ist|est|es|de|von|du)\\b){0,24}";
/** Numbers in brackets that loggers put there: `LogHr(1807) tid(163c)`. */
const ASIDE = "(?:\\s?(?:tid)?(?:\\(\\w{1,8}\\)|\\[\\w{1,20}\\])){0,3}";

const CUES = anyOf(
  LANGUAGES.flatMap((each) => each.cues),
  true,
);
const OTHERS = anyOf(
  LANGUAGES.flatMap((each) => each.otherNumbers),
  false,
);
const WIN32 = anyOf(
  LANGUAGES.flatMap((each) => each.win32Cues),
  false,
);

const CUE = before(`(?:(?:${CUES})${ASIDE}${BETWEEN}|\\bP\\d{1,2}: ?)`);
const OTHER = before(`(?:${OTHERS})(?:es|s)?(?: ?(?:no|nr)\\.| ?number)?[^0-9A-Za-z.\\n]{0,8}`);

/** A rule of the surroundings, and what it says of the number. */
interface Rule {
  readonly reason: string;
  readonly before?: RegExp;
  readonly after?: RegExp;
}

/** Where numbers in hex are something else, although nothing names them. */
const RULES: readonly Rule[] = [
  { reason: "an address", before: before("\\b(?:at|by)\\s{1,4}") },
  { reason: "an address in a stack", before: before("#\\d{1,3}\\s{1,4}") },
  { reason: "an address in a stack", after: after("\\s{1,4}in\\s{1,2}[\\w:?]{2,}") },
  {
    reason: "an address in a stack",
    after: after("[\\s-]{1,4}(?:<unknown>|[\\w:.~]{3,} \\+ \\d)"),
  },
  { reason: "an address in a stack", before: before("\\)\\["), after: after("\\]") },
  { reason: "a range of addresses", after: after("\\s?-\\s?0x[0-9A-Fa-f]{8}\\b") },
  { reason: "a range of addresses", before: before("0x[0-9A-Fa-f]{7,8}\\s?-\\s?") },
  { reason: "a pointer", before: before("\\(\\d{1,6}, ?"), after: after("\\)") },
  { reason: "a pointer", after: after("\\s{1,2}as \\*") },
  { reason: "the value of a name", before: before("[A-Za-z_@][\\w.@]{0,40} ?= ?-?") },
  {
    reason: "a register",
    before: before("\\b(?:r\\d{1,2}|e[a-d]x|e[sd]i|e[sb]p|eip|[fils][pr]|pc|cpsr|scr)[:=\\s]{1,6}"),
  },
];

/** Whether a word before this place says that an error code follows. */
export function hasCue(text: string, start: number): boolean {
  return holds(CUE, text, start);
}

/** Whether a word before this place says that it is a number of another kind. */
export function isLabelledOtherwise(text: string, start: number): boolean {
  return holds(OTHER, text, start);
}

/** Why the surroundings speak against a code; null when they do not. */
export function objection(text: string, start: number, end: number): string | null {
  const rule = RULES.find(
    (each) =>
      (each.before === undefined || holds(each.before, text, start)) &&
      (each.after === undefined || holds(each.after, text, end)),
  );
  return rule?.reason ?? null;
}

/** Finds the numbers of Win32 errors: what follows is the number itself. */
export const WIN32_NUMBER = new RegExp(
  `(?<![A-Za-z])(?<cue>${WIN32})[^0-9A-Za-z\\n]{0,4}(?<number>\\d{1,5})(?![\\w-]|\\.\\d)`,
  "gi",
);

function holds(pattern: RegExp, text: string, at: number) {
  pattern.lastIndex = at;
  return pattern.test(text);
}

function before(pattern: string) {
  return new RegExp(`(?<=${pattern})`, "iy");
}

function after(pattern: string) {
  return new RegExp(pattern, "iy");
}
