import type { Reading } from "./notation.ts";

const AND = [
  "and|or|und|oder|et|ou|y|o|e|i|lub|och|en|of|og|eller|ja|tai|ve|veya|és|vagy|nebo|и|или|then|dann|puis",
  "和|或|與|及|と|または|および|及び|続いて|와|과|및|또는",
].join("|");
/** What joins the codes of a list. */
const LIST = new RegExp(
  `^[\\s,;:/|()\\[\\]{}<>"'\`*+&、，；：・（）「」『』]{0,12}(?:(?:${AND})[\\s(（"'\`*]{0,3})?$`,
  "i",
);
/** The longest of them. */
const MAX_JOINT = 32;
/** How far apart the two spellings of one code stand. */
const MAX_PAIR_GAP = 16;

/** Numbers that stand side by side vouch for each other. */
export interface Neighbours {
  /** Whether a number goes on a list whose last one is a code. */
  followsCode(reading: Reading): boolean;
  /** Whether it spells the number before it in another notation, as nobody does but for a code. */
  isSecondSpelling(reading: Reading): boolean;
  /** Notes a code; gives the numbers before it in its list for which it vouches. */
  noteCode(reading: Reading): readonly number[];
  /** Notes a number for which nothing vouches so far. */
  noteWeak(reading: Reading): void;
}

export function openNeighbours(text: string): Neighbours {
  let code: Reading | null = null;
  let weak: Reading[] = [];
  let previous: Reading | null = null;
  const joins = (before: Reading | null | undefined, { start }: Reading) =>
    before != null &&
    before.end <= start &&
    start - before.end <= MAX_JOINT &&
    LIST.test(text.slice(before.end, start));
  return {
    followsCode: (reading) => joins(code, reading),

    isSecondSpelling(reading) {
      const before = previous;
      previous = reading;
      if (before?.value !== reading.value || before.notation === reading.notation) return false;
      if (reading.notation === "hex_sign_extended") return false;
      return reading.start >= before.end && reading.start - before.end <= MAX_PAIR_GAP;
    },

    noteCode(reading) {
      const vouched = joins(weak.at(-1), reading) ? weak.map(({ value }) => value) : [];
      weak = [];
      code = reading;
      return vouched;
    },

    noteWeak(reading) {
      weak = joins(weak.at(-1), reading) ? [...weak.slice(-MAX_LIST), reading] : [reading];
    },
  };
}

const MAX_LIST = 20;
