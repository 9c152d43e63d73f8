import type { Hresult } from "../hresult/hresult.ts";
import { compareEvidence, type Evidence } from "./signs.ts";

/**
 * Decides in which situation a code was met. The same number means other things in other places, so
 * steps are shown only where something in the ticket, or the number itself, says which.
 */

/** One code, and the topics that could be meant. */
export interface Candidate {
  readonly code: Hresult;
  /** Topics with an entry for the code; never a general one. */
  readonly topics: readonly string[];
  /** The topic to which codes that begin so belong; null when none claims them. */
  readonly owner: string | null;
}

/** In which situation a code was met. */
export type Situation =
  /** The topic is certain. */
  | { readonly kind: "sure"; readonly topic: string }
  /** One of at most two topics, the likelier first. */
  | { readonly kind: "possible"; readonly topics: readonly string[] }
  | { readonly kind: "unknown" };

const MAX_POSSIBLE = 2;

/**
 * Numbers that every program uses: Win32 errors, security, COM, storage, certificates, .NET, NTSTATUS.
 * That only one topic lists such a number says nothing of the ticket.
 */
const COMMON = /^0x(?:800[0-479AB]|8010|8013|C000|D000)/;

/**
 * Decides for each code of a ticket.
 *
 * @param evidence What the words of the ticket show, the best first.
 */
export function decideSituations(
  candidates: readonly Candidate[],
  evidence: readonly Evidence[],
): Map<Hresult, Situation> {
  const strong = evidence.filter(({ strength }) => strength === "strong");
  const signed = new Set(evidence.map(({ topic }) => topic));
  /** Topics of which another code of the ticket tells by its number. */
  const told = new Set(
    candidates.flatMap((candidate) => {
      const { code, owner, topics } = candidate;
      const [only, ...others] = topics;
      if (owner !== null && isOwned(candidate)) return [owner];
      return only !== undefined && others.length === 0 && !COMMON.test(code) ? [only] : [];
    }),
  );
  const facts: Facts = { strong, signed, told, leading: leadingTopic(strong) };
  return new Map(candidates.map((each) => [each.code, decide(each, facts)] as const));
}

/** The topic a ticket is about by its words alone; null where two weigh the same. */
export function leadingTopic(strong: readonly Evidence[]): string | null {
  const [first, second] = strong;
  if (first === undefined) return null;
  return second !== undefined && compareEvidence(first, second) === 0 ? null : first.topic;
}

interface Facts {
  readonly strong: readonly Evidence[];
  /** Topics with any sign. */
  readonly signed: ReadonlySet<string>;
  /** Topics of which another code tells by its number. */
  readonly told: ReadonlySet<string>;
  readonly leading: string | null;
}

/**
 * The topic that claims how a number begins decides, unless only others know the number: then theirs
 * is the meaning.
 */
function isOwned({ code, topics, owner }: Candidate) {
  if (owner === null) return false;
  return topics.length === 0 || topics.includes(owner) || COMMON.test(code);
}

function decide(candidate: Candidate, { strong, signed, told, leading }: Facts): Situation {
  const { code, topics, owner } = candidate;
  const isCommon = COMMON.test(code);
  const signedTopics = topics.filter((topic) => signed.has(topic));
  const [only, ...others] = topics;
  const single = only !== undefined && others.length === 0 && !isCommon ? only : null;

  // The words name a topic that knows the code.
  const fitting = strong.filter(({ topic }) => topics.includes(topic) || topic === owner);
  const [best] = fitting;
  if (best !== undefined) {
    const equal = fitting.filter((each) => compareEvidence(best, each) === 0);
    const names = equal.map(({ topic }) => topic);
    if (names.length === 1) return sure(best.topic);
    return owner !== null && names.includes(owner) ? sure(owner) : possible(names);
  }
  // The number belongs to one topic; only weak words for another one speak against it.
  if (owner !== null && isOwned(candidate)) {
    const isDoubtful = isCommon && !signed.has(owner) && signedTopics.length > 0;
    return isDoubtful ? possible([...signedTopics, owner]) : sure(owner);
  }
  if (single !== null && (strong.length === 0 || signed.has(single))) return sure(single);
  // Another code of the ticket tells what it is about.
  const alongside = topics.filter((topic) => told.has(topic));
  const [beside] = alongside;
  if (beside !== undefined && alongside.length === 1 && strong.length === 0) return sure(beside);
  // The words name a topic that does not know the code: its first steps may still help.
  if (leading !== null && single === null) return sure(leading);
  const unsigned = topics.filter((topic) => !signed.has(topic));
  // Where nothing speaks for a topic, a number that every program uses says nothing of it.
  return possible([...signedTopics, ...(isCommon ? [] : unsigned)]);
}

function sure(topic: string): Situation {
  return { kind: "sure", topic };
}

function possible(topics: readonly string[]): Situation {
  if (topics.length === 0) return { kind: "unknown" };
  return { kind: "possible", topics: topics.slice(0, MAX_POSSIBLE) };
}
