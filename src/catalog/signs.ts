import { codeUnitAt, lengthOf, unitWithin } from "../scanner/characters.ts";
import { createPhraseMatcher } from "../scanner/phrase-matcher.ts";

/** Where a sign can stand. The first place weighs most. */
export const PLACES = ["subject", "body", "file"] as const;
export type Place = (typeof PLACES)[number];

export type Strength = "strong" | "weak";

/** Evidence for one topic. Its words are signs of the catalog, never other words of the ticket. */
export interface Evidence {
  readonly topic: string;
  readonly strength: Strength;
  /** The best place with a sign of this strength. */
  readonly place: Place;
  /** The first five signs that were found, each once, in the order of the text. */
  readonly words: readonly string[];
}

/** The signs found in a ticket: evidence for topics, and words of conditions. */
export interface SeenSigns {
  /** Best first: by strength, place, number of words, then order of the text. */
  readonly evidence: readonly Evidence[];
  readonly conditions: readonly string[];
}

/** The signs of all topics. */
export interface SignList {
  readonly topics: Readonly<
    Record<string, { readonly strong: readonly string[]; readonly weak: readonly string[] }>
  >;
  readonly conditions: readonly string[];
}

/** A text of a ticket, and the place in which it stands. */
export interface PlacedText {
  readonly place: Place;
  readonly text: string;
}

/** Takes the texts of a ticket in the order of `PLACES`, since the first place of a sign counts. */
export type SignMatcher = (texts: readonly PlacedText[]) => SeenSigns;

/** In a sign it stands for a few other words. */
const GAP = "…";
/** The most characters that a gap may span; it may not cross the end of a sentence. */
const MAX_GAP = 30;
const SENTENCE_ENDS = new Set([...".。!?！？\n"].map((each) => each.charCodeAt(0)));
/**
 * Only the beginning of a text is searched, in UTF-16 units, because a long log mentions
 * everything.
 */
const MAX_LENGTH = 20_000;
/** The most words that are kept for one topic. */
const MAX_WORDS = 5;

/** A sign, the part after its gap, and the topics that it shows. */
interface Sign {
  readonly sign: string;
  /** Null without a gap. */
  readonly tail: string | null;
  readonly topics: readonly { readonly topic: string; readonly strength: Strength }[];
  readonly isCondition: boolean;
}

/**
 * Makes a matcher that finds all signs in one pass over a text.
 *
 * A sign in an alphabetic script must be a whole word: `pin` is not found in `spinning`. A blank in
 * a sign matches one blank, line break, dash or underscore, or nothing. `create … pin` allows a few
 * other words of the same sentence in between.
 */
export function createSignMatcher({ topics, conditions }: SignList): SignMatcher {
  const bySign = new Map<
    string,
    { topics: { topic: string; strength: Strength }[]; isCondition: boolean }
  >();
  const entryOf = (sign: string) => {
    const known = bySign.get(sign) ?? { topics: [], isCondition: false };
    bySign.set(sign, known);
    return known;
  };
  for (const [topic, { strong, weak }] of Object.entries(topics)) {
    for (const sign of strong) entryOf(sign).topics.push({ topic, strength: "strong" });
    for (const sign of weak) entryOf(sign).topics.push({ topic, strength: "weak" });
  }
  for (const condition of conditions) entryOf(condition).isCondition = true;

  /** The matcher searches the part before the gap; several signs may share it. */
  const byHead = new Map<string, Sign[]>();
  for (const [sign, uses] of bySign) {
    const [head = "", rest] = sign.split(GAP).map((part) => part.trim());
    byHead.set(head, [...(byHead.get(head) ?? []), { sign, tail: rest ?? null, ...uses }]);
  }
  const heads = createPhraseMatcher([...byHead]);
  const signs = [...byHead.values()].flat();
  const tailsAfter = createTailFinder(signs.flatMap(({ tail }) => (tail ? [tail] : [])));
  return (texts) => {
    const seen = new Map<Sign, Place>();
    for (const { place, text } of texts) {
      const lower = text.slice(0, MAX_LENGTH).toLowerCase();
      heads.eachIn(lower, (signs, start, end) => {
        if (!isWhole(lower, start, end)) return;
        let tails: ReadonlySet<string> | undefined;
        for (const sign of signs) {
          if (seen.has(sign)) continue;
          if (sign.tail !== null) tails ??= tailsAfter(lower, end);
          if (sign.tail === null || tails?.has(sign.tail)) seen.set(sign, place);
        }
      });
    }
    return summarise(seen);
  };
}

/** Returns a function that finds the tails after a gap that begins at a place. */
function createTailFinder(tails: readonly string[]) {
  const matcher = createPhraseMatcher(tails.map((tail) => [tail, tail]));
  const longest = Math.max(0, ...tails.map((tail) => tail.length));
  return (text: string, gap: number): ReadonlySet<string> => {
    const window = text.slice(gap, endOfSentence(text, gap, gap + MAX_GAP + longest));
    const found = new Set<string>();
    matcher.eachIn(window, (tail, start, end) => {
      if (start <= MAX_GAP && isWhole(text, gap + start, gap + end)) found.add(tail);
    });
    return found;
  };
}

/** Where the sentence that continues at a place ends, but at most `limit`. */
function endOfSentence(text: string, from: number, limit: number) {
  const last = Math.min(lengthOf(text), limit);
  let at = from;
  while (at < last && !SENTENCE_ENDS.has(unitWithin(text, at))) at++;
  return at;
}

/** Alphabetic letters and digits: side by side they form a word. Kana and Han do not. */
const WORD = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Nd}]/u;

function isWhole(text: string, start: number, end: number) {
  const goesOn = (at: number) => isWordAt(text, at - 1) && isWordAt(text, at);
  return !goesOn(start) && !goesOn(end);
}

/** Tests ASCII and East Asian characters first, because the regular expression is slower. */
function isWordAt(text: string, at: number) {
  const code = codeUnitAt(text, at);
  if (code >= FIRST_EAST_ASIAN && code <= LAST_HAN) return false;
  if (code < 0x80) return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
  return WORD.test(text.charAt(at));
}

/** Punctuation and kana stand before Han. */
const FIRST_EAST_ASIAN = 0x3000;
const LAST_HAN = 0x9fff;

function summarise(seen: ReadonlyMap<Sign, Place>): SeenSigns {
  const byTopic = new Map<
    string,
    { topic: string; strength: Strength; place: Place; words: string[] }
  >();
  for (const [{ sign, topics }, place] of seen) {
    for (const { topic, strength } of topics) {
      const key = `${strength} ${topic}`;
      const known = byTopic.get(key) ?? { topic, strength, place, words: [] };
      if (known.words.length < MAX_WORDS) known.words.push(sign);
      byTopic.set(key, known);
    }
  }
  const evidence = [...byTopic.values()].sort(compareEvidence);
  const conditions = [...seen.keys()].flatMap(({ sign, isCondition }) =>
    isCondition ? [sign] : [],
  );
  return { evidence, conditions };
}

/** Compares evidence, the better first; 0 when both weigh the same. */
export function compareEvidence(a: Evidence, b: Evidence): number {
  if (a.strength !== b.strength) return a.strength === "strong" ? -1 : 1;
  return PLACES.indexOf(a.place) - PLACES.indexOf(b.place) || b.words.length - a.words.length;
}
