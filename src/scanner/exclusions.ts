import { after, before, holds } from "./pattern.ts";

/** A rule of the surroundings, and what it says of the number. */
interface Rule {
  readonly reason: string;
  readonly before?: RegExp;
  readonly after?: RegExp;
}

/** Where numbers in hex are something else, although nothing names them. */
const RULES: readonly Rule[] = [
  { reason: "an address", before: before(/\b(?:at|by)\s{1,4}[`'"(]?/) },
  { reason: "an address in a stack", before: before(/#\d{1,3}\s{1,4}/) },
  {
    reason: "an address in a stack",
    after: after(/\s{1,4}in\s{1,2}(?:\?\?|[\w:.~<>]{2,60}(?:\s?\(|\+0x))/),
  },
  {
    reason: "an address in a stack",
    after: after(/[\s-]{1,4}(?:<unknown>|[\w:.~]{3,60} \+ \d)/),
  },
  { reason: "an address in a stack", before: before(/\)\[/), after: after(/\]/) },
  { reason: "a range of addresses", after: after(/`?(?:\s?->|\.\.)\s?`?0x[0-9a-f]{4,16}\b/) },
  { reason: "a range of addresses", after: after(/\s?-\s?0x[0-9a-f]{8}\b/) },
  { reason: "a range of addresses", before: before(/0x[0-9a-f]{4,16}`?(?:\s?\(?->|\.\.)\s?`?/) },
  { reason: "a range of addresses", before: before(/0x[0-9a-f]{7,8}\s?-\s?/) },
  {
    reason: "an argument",
    before: before(/\w\((?:[\w.]{1,40}, ?){0,6}/),
    after: after(/, ?\w/),
  },
  { reason: "an argument", before: before(/\w\((?:[\w.]{1,40}, ?){0,6}0x[0-9a-f]{1,16}, ?/) },
  {
    reason: "a parameter of a STOP",
    before: before(/(?:stop|bug ?check)[^\n(]{0,30}\((?:0x[0-9a-f]{8,16}, ?){0,3}/),
  },
  { reason: "a pointer", before: before(/\(\d{1,6}, ?/), after: after(/\)/) },
  { reason: "a pointer", after: after(/\s{1,2}as \*/) },
  { reason: "the value of a name", before: before(/[A-Za-z_@][\w.@]{0,40} ?= ?[*&]?-?/) },
  {
    reason: "a register",
    before: before(
      /\b(?:[arxvst]\d{1,2}|e[a-d]x|e[sd]i|e[sb]p|eip|[fimls][pr]|msp|pc|ps|ra|cpsr|scr)[:=\s]{1,12}/,
    ),
  },
  {
    reason: "a row of memory",
    after: after(/:(?:\s{1,3}[0-9a-f]{4,16}\b){2}/),
  },
  {
    reason: "a row of memory",
    before: before(/(?:^|\n)\s{0,8}[0-9a-f]{8,16}:(?:\s{1,3}[0-9a-f]{2,16}){0,8}\s{1,3}/),
  },
  {
    reason: "a time stamp",
    before: before(/\d\.\d{1,6}\.\d{1,6}\.\d{1,6}, [^,:\n]{3,30}: ?/),
  },
];

/** Why the surroundings speak against a code; null when they do not. */
export function objection(text: string, start: number, end: number): string | null {
  const rule = RULES.find(
    (each) =>
      (each.before === undefined || holds(each.before, text, start)) &&
      (each.after === undefined || holds(each.after, text, end)),
  );
  return rule?.reason ?? null;
}

/** Registers whose names are no words; others are, such as PC and R2, unless a sign follows. */
const OPERAND = before(
  /\b(?:(?:[er][a-d]x|[er][sd]i|[er][sb]p|r(?:[89]|1[0-5])d?), ?|(?:[a-d]x|[sd]i|[a-d]l|r\d{1,2}d?|[xw]\d{1,2}|[afl]p|ip|sp|lr|pc), ?(?:[=#]-?|#-?\w{1,12}\s{1,8}[;@]\s))/,
);

/** Whether a number is an operand of an instruction, or the note beside it which spells that in hex. */
export function isOperand(text: string, start: number): boolean {
  return holds(OPERAND, text, start);
}

const MAX_BASE64 = 80;
const MIN_BASE64 = 20;

/** Whether digits without a prefix are a piece of Base64: a long run that only Base64 has so. */
export function isInBase64(text: string, start: number, end: number): boolean {
  let from = start;
  while (from > start - MAX_BASE64 && isBase64(text.charCodeAt(from - 1))) from--;
  let to = end;
  while (to < end + MAX_BASE64 && isBase64(text.charCodeAt(to))) to++;
  if (to - from < MIN_BASE64) return false;
  return text[to] === "=" || text.slice(from, to).includes("+");
}

/** Letters, digits, plus and slash; nothing outside the text is one. */
function isBase64(letter: number) {
  return (
    (letter >= 0x2f && letter <= 0x39) ||
    (letter >= 0x41 && letter <= 0x5a) ||
    (letter >= 0x61 && letter <= 0x7a) ||
    letter === 0x2b
  );
}
