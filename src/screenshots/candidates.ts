import type { Word } from "./engine.ts";
import type { Box } from "./grey-image.ts";

/** How a code seems to be written: `0x80070005`, `80070005` or `-2147024891`. */
export type CandidateNotation = "prefixed" | "bare" | "decimal";

/** A place in a picture at which a code may stand. */
export interface CodeCandidate {
  readonly notation: CandidateNotation;
  /** One word, or two neighbours where the engine saw a blank inside a code. */
  readonly words: readonly Word[];
  /** What the first look read there. */
  readonly text: string;
  readonly box: Box;
}

/** What the engine may take a hex digit for. It finds places to look at, and is never a reading. */
const HEX_LIKE = "0-9A-Fa-fOoQDSsIilLBbZzGgTtqU@&?|!$€¢%§©®°“”";
/** A nought or what it is taken for, an x or what it is taken for, and what follows. */
const PREFIXED = /(?:^|[^0-9A-Za-z])[0-9OoQDC@©®&°]{1,2}\s?[xX×%*«»]\s?(\S{3,})/;
/** A nought, or a nought with its x, which a blank parts from the digits. */
const LONE_PREFIX = /^[0OoQ@][xX]?$/;
const REST_OF_CODE = new RegExp(`^[${HEX_LIKE}]{1,7}[).,:;'’]*$`);
const BARE = new RegExp(`^[${HEX_LIKE}]{7,9}$`);
const DIGIT_LIKE = /[0-9OoQ@SsIlB]/g;
/** How codes begin that are written without a prefix: 8…, CAA2…, C0…. */
const BARE_BEGINNING = /^(?:[8B][0-9OoIlBDCcFfGgZz]|[CcGe€][Aa]{2}|[Cc][01OoIl])/;
/** A bare word with so many digits is looked at, however it begins. */
const MIN_DIGITS = 4;
const DECIMAL = /^[^0-9A-Za-z]*[-−–—~][0-9OolIBSZ]{9,10}[^0-9A-Za-z]*$/;

/** Words of one line, from the left. */
export function toLines(words: readonly Word[]): Word[][] {
  return [...Map.groupBy(words, ({ line }) => line).values()];
}

/** Finds places that may be codes among the words of a first look. */
export function findCandidates(words: readonly Word[]): CodeCandidate[] {
  const taken = new Set<Word>();
  return toLines(words).flatMap((line) =>
    line.flatMap((word, index) => {
      if (taken.has(word)) return [];
      const found = candidateAt(word, neighbour(word, line[index + 1]));
      for (const each of found?.words ?? []) taken.add(each);
      return found ?? [];
    }),
  );
}

/** @param next The word behind it, where the gap is no wider than a letter is high. */
function candidateAt(word: Word, next: Word | null): CodeCandidate | null {
  const core = word.text.replace(/^[^0-9A-Za-z@©&]+|[^0-9A-Za-z@&]+$/g, "");
  const [, digits] = PREFIXED.exec(` ${word.text}`) ?? [];
  if (digits !== undefined) {
    const isCut = digits.replace(/\W/g, "").length < 8;
    const goesOn = isCut && next !== null && REST_OF_CODE.test(next.text);
    return toCandidate("prefixed", goesOn ? [word, next] : [word]);
  }
  if (LONE_PREFIX.test(core) && next !== null) return toCandidate("prefixed", [word, next]);
  if (DECIMAL.test(word.text)) return toCandidate("decimal", [word]);
  const hasDigits = (core.match(DIGIT_LIKE) ?? []).length >= MIN_DIGITS;
  const isBare = BARE.test(core) && /\d/.test(core) && (BARE_BEGINNING.test(core) || hasDigits);
  return isBare ? toCandidate("bare", [word]) : null;
}

function neighbour(word: Word, next: Word | undefined): Word | null {
  return next && next.left - word.right < word.bottom - word.top ? next : null;
}

function toCandidate(notation: CandidateNotation, words: readonly Word[]): CodeCandidate {
  return {
    notation,
    words,
    text: words.map(({ text }) => text).join(""),
    box: {
      left: Math.min(...words.map(({ left }) => left)),
      top: Math.min(...words.map(({ top }) => top)),
      right: Math.max(...words.map(({ right }) => right)),
      bottom: Math.max(...words.map(({ bottom }) => bottom)),
    },
  };
}
