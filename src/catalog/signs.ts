import { createPhraseMatcher } from "../scanner/phrase-matcher.ts";

/** Where a sign stands: the first place counts most. */
export const PLACES = ["subject", "body", "file"] as const;
export type Place = (typeof PLACES)[number];

export type Strength = "strong" | "weak";

/** What a ticket shows of one topic. Words are those of the catalog, never others of the ticket. */
export interface Evidence {
  readonly topic: string;
  readonly strength: Strength;
  /** The best place in which a sign of this strength stands. */
  readonly place: Place;
  /** The signs that were seen there, each once, in the order of the text. */
  readonly words: readonly string[];
}

/** What the words of a ticket show: evidence for topics, and words of conditions. */
export interface SeenSigns {
  /** The best first: strong before weak, then by place, by the number of words, by the order of the text. */
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

export type SignMatcher = (texts: readonly PlacedText[]) => SeenSigns;

/** Stands in a sign for a few other words. */
const GAP = "…";
/** How many characters may stand in its place, and which of them end a thought. */
const MAX_GAP = 30;
const THOUGHT_END = /[.。!?！？\n]/;
/** A log mentions everything: only the beginning of a text is looked at, in UTF-16 units. */
const MAX_LENGTH = 20_000;
/** More words of one topic say nothing new. */
const MAX_WORDS = 5;

/** What a phrase is a sign of, and what must follow behind its gap. */
interface Meaning {
  readonly sign: string;
  readonly tail: string | null;
  readonly topics: readonly { readonly topic: string; readonly strength: Strength }[];
  readonly isCondition: boolean;
}

/**
 * Makes a matcher that finds all signs in one pass over a text.
 *
 * A sign of letters of an alphabet stands as a word of its own: `pin`, but not `spinning`. A blank in
 * a sign stands for white space, a dash, an underscore or nothing. `create … pin` allows a few other
 * words in the middle of a sentence.
 */
export function createSignMatcher({ topics, conditions }: SignList): SignMatcher {
  const bySign = new Map<
    string,
    { topics: { topic: string; strength: Strength }[]; isCondition: boolean }
  >();
  const meaningOf = (sign: string) => {
    const known = bySign.get(sign) ?? { topics: [], isCondition: false };
    bySign.set(sign, known);
    return known;
  };
  for (const [topic, { strong, weak }] of Object.entries(topics)) {
    for (const sign of strong) meaningOf(sign).topics.push({ topic, strength: "strong" });
    for (const sign of weak) meaningOf(sign).topics.push({ topic, strength: "weak" });
  }
  for (const condition of conditions) meaningOf(condition).isCondition = true;

  /** Phrases that begin alike share a place in the matcher. */
  const byHead = new Map<string, Meaning[]>();
  for (const [sign, meaning] of bySign) {
    const [head = "", tail = null] = sign.split(GAP).map((part) => part.trim());
    byHead.set(head, [...(byHead.get(head) ?? []), { sign, tail, ...meaning }]);
  }
  const phrases = createPhraseMatcher([...byHead], (_, text, start, end) =>
    isWhole(text, start, end),
  );
  return (texts) => {
    const seen = new Map<Meaning, Place>();
    for (const { place, text } of texts) {
      const lower = text.slice(0, MAX_LENGTH).toLowerCase();
      phrases.eachIn(lower, ({ value, end }) => {
        for (const meaning of value) {
          if (!seen.has(meaning) && hasTail(lower, end, meaning.tail)) seen.set(meaning, place);
        }
      });
    }
    return summarise(seen);
  };
}

function hasTail(text: string, end: number, tail: string | null) {
  if (tail === null) return true;
  const [window = ""] = text.slice(end, end + MAX_GAP + tail.length).split(THOUGHT_END);
  for (let at = window.indexOf(tail); at >= 0; at = window.indexOf(tail, at + 1)) {
    if (isWhole(window, at, at + tail.length)) return true;
  }
  return false;
}

/** Letters of alphabets, and digits: next to one another they are one word. Kana and Han are not. */
const WORD = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Nd}]/u;

function isWhole(text: string, start: number, end: number) {
  const goesOn = (at: number) => isWordAt(text, at - 1) && isWordAt(text, at);
  return !goesOn(start) && !goesOn(end);
}

/** Most letters are of ASCII or of East Asia, and a regular expression takes longer. */
function isWordAt(text: string, at: number) {
  const code = text.charCodeAt(at);
  if (code >= FIRST_KANA && code <= LAST_HAN) return false;
  if (code < 0x80) return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
  return WORD.test(text.charAt(at));
}

const FIRST_KANA = 0x3040;
const LAST_HAN = 0x9fff;

function summarise(seen: ReadonlyMap<Meaning, Place>): SeenSigns {
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

/** Orders evidence, the best first; 0 where two weigh the same. */
export function compareEvidence(a: Evidence, b: Evidence): number {
  if (a.strength !== b.strength) return a.strength === "strong" ? -1 : 1;
  return PLACES.indexOf(a.place) - PLACES.indexOf(b.place) || b.words.length - a.words.length;
}
