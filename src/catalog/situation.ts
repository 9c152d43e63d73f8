import type { Hresult } from "../hresult/hresult.ts";
import { compareEvidence, type Evidence } from "./signs.ts";

/**
 * Decides to which situation a code belongs. The same number has other causes in other situations,
 * so steps are shown only if the ticket or the number itself shows the situation.
 */

/** A code, and the topics that may apply to it. */
export interface Candidate {
  readonly code: Hresult;
  /** Topics with an entry for the code; never a general one. */
  readonly topics: readonly string[];
  /** The topic that owns the beginning of the code; null when none does. */
  readonly owner: string | null;
}

/** The situation of a code. */
export type Situation =
  /** The topic is certain. */
  | { readonly kind: "sure"; readonly topic: string }
  /** One of at most two topics, the likelier first. */
  | { readonly kind: "possible"; readonly topics: readonly string[] }
  | { readonly kind: "unknown" };

const MAX_POSSIBLE = 2;

/**
 * Codes that any program may report: Win32 errors, security, COM, storage, certificates, .NET,
 * NTSTATUS. Such a code does not show a situation, even if only one topic lists it.
 */
const COMMON = /^0x(?:800[0-479AB]|8010|8013|C000|D000)/;

/**
 * Decides the situation of each code of a ticket.
 *
 * @param evidence The evidence of the ticket's words, the best first.
 */
export function decideSituations(
  candidates: readonly Candidate[],
  evidence: readonly Evidence[],
): Map<Hresult, Situation> {
  const strong = evidence.filter(({ strength }) => strength === "strong");
  const signed = new Set(evidence.map(({ topic }) => topic));
  const shownByCode = new Set(
    candidates.flatMap((candidate) => {
      const { code, owner, topics } = candidate;
      const [only, ...others] = topics;
      if (owner !== null && isOwned(candidate)) return [owner];
      return only !== undefined && others.length === 0 && !COMMON.test(code) ? [only] : [];
    }),
  );
  const facts: Facts = { strong, signed, shownByCode, leading: leadingTopic(strong) };
  return new Map(candidates.map((each) => [each.code, decide(each, facts)] as const));
}

/** The topic that the words of a ticket show; null when two topics weigh the same. */
export function leadingTopic(strong: readonly Evidence[]): string | null {
  const [first, second] = strong;
  if (first === undefined) return null;
  return second !== undefined && compareEvidence(first, second) === 0 ? null : first.topic;
}

interface Facts {
  readonly strong: readonly Evidence[];
  /** Topics with a sign in the ticket, strong or weak. */
  readonly signed: ReadonlySet<string>;
  /** Topics that a code of the ticket shows by its number alone. */
  readonly shownByCode: ReadonlySet<string>;
  /** The topic that the strong signs show; null when two weigh the same. */
  readonly leading: string | null;
}

/**
 * Whether the owner of a code decides. It does not if only other topics list the code, unless any
 * program may report it.
 */
function isOwned({ code, topics, owner }: Candidate) {
  if (owner === null) return false;
  return topics.length === 0 || topics.includes(owner) || COMMON.test(code);
}

function decide(candidate: Candidate, { strong, signed, shownByCode, leading }: Facts): Situation {
  const { code, topics, owner } = candidate;
  const isCommon = COMMON.test(code);
  const signedTopics = topics.filter((topic) => signed.has(topic));
  const [only, ...others] = topics;
  const single = only !== undefined && others.length === 0 && !isCommon ? only : null;

  // Strong signs show a topic that lists or owns the code.
  const fitting = strong.filter(({ topic }) => topics.includes(topic) || topic === owner);
  const [best] = fitting;
  if (best !== undefined) {
    const equal = fitting.filter((each) => compareEvidence(best, each) === 0);
    const names = equal.map(({ topic }) => topic);
    if (names.length === 1) return sure(best.topic);
    return owner !== null && names.includes(owner) ? sure(owner) : possible(names);
  }
  // One topic owns the code. Only signs of another topic can make that doubtful.
  if (owner !== null && isOwned(candidate)) {
    const isDoubtful = isCommon && !signed.has(owner) && signedTopics.length > 0;
    return isDoubtful ? possible([...signedTopics, owner]) : sure(owner);
  }
  if (single !== null && (strong.length === 0 || signed.has(single))) return sure(single);
  // Another code of the ticket shows the topic.
  const shownTopics = topics.filter((topic) => shownByCode.has(topic));
  const [shown] = shownTopics;
  if (shown !== undefined && shownTopics.length === 1 && strong.length === 0) return sure(shown);
  // The signs show a topic that does not list the code: its first steps may still help.
  if (leading !== null && single === null) return sure(leading);
  const unsigned = topics.filter((topic) => !signed.has(topic));
  // Without signs, a code that any program may report does not make a topic possible.
  return possible([...signedTopics, ...(isCommon ? [] : unsigned)]);
}

function sure(topic: string): Situation {
  return { kind: "sure", topic };
}

function possible(topics: readonly string[]): Situation {
  if (topics.length === 0) return { kind: "unknown" };
  return { kind: "possible", topics: topics.slice(0, MAX_POSSIBLE) };
}
