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
  /** The topic that owns the first digits of the code; null when none does. */
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
  const ticket: TicketEvidence = {
    strong,
    signed: new Set(evidence.map(({ topic }) => topic)),
    shownByCode: new Set(candidates.flatMap((each) => topicShownByCode(each) ?? [])),
    leading: leadingTopic(strong),
  };
  return new Map(candidates.map((each) => [each.code, decide(each, ticket)] as const));
}

/** The topic that the words of a ticket show; null when two topics weigh the same. */
export function leadingTopic(strong: readonly Evidence[]): string | null {
  const [first, second] = strong;
  if (first === undefined) return null;
  return second !== undefined && compareEvidence(first, second) === 0 ? null : first.topic;
}

/** What the ticket as a whole shows. */
interface TicketEvidence {
  readonly strong: readonly Evidence[];
  /** Topics with a sign in the ticket, strong or weak; the best first. */
  readonly signed: ReadonlySet<string>;
  /** Topics that one of the ticket's codes shows by its number alone. */
  readonly shownByCode: ReadonlySet<string>;
  /** The topic that the strong signs show; null when two weigh the same. */
  readonly leading: string | null;
}

/** Decides the situation of a code; null leaves it to the next rule. */
type Rule = (candidate: Candidate, ticket: TicketEvidence) => Situation | null;

/** The first rule that decides counts. */
const RULES: readonly Rule[] = [bySigns, byOwner, byOnlyTopic, byOtherCode, byLeadingTopic];

function decide(candidate: Candidate, ticket: TicketEvidence): Situation {
  for (const rule of RULES) {
    const situation = rule(candidate, ticket);
    if (situation !== null) return situation;
  }
  // Without signs, a code that any program may report does not make a topic possible.
  const signed = signedTopicsOf(candidate, ticket);
  const unsigned = candidate.topics.filter((topic) => !ticket.signed.has(topic));
  return possible(isCommon(candidate) ? signed : [...signed, ...unsigned]);
}

/** The ticket has strong signs of a topic that lists or owns the code. */
function bySigns({ topics, owner }: Candidate, { strong }: TicketEvidence): Situation | null {
  const fitting = strong.filter(({ topic }) => topics.includes(topic) || topic === owner);
  const [best] = fitting;
  if (best === undefined) return null;
  const equal = fitting.filter((each) => compareEvidence(best, each) === 0);
  const names = equal.map(({ topic }) => topic);
  if (names.length === 1) return sure(best.topic);
  return owner !== null && names.includes(owner) ? sure(owner) : possible(names);
}

/** A topic owns the code. Only a common code with signs of another topic makes that doubtful. */
function byOwner(candidate: Candidate, ticket: TicketEvidence): Situation | null {
  const owner = decidingOwner(candidate);
  if (owner === null) return null;
  const signed = signedTopicsOf(candidate, ticket);
  const isDoubtful = isCommon(candidate) && !ticket.signed.has(owner) && signed.length > 0;
  return isDoubtful ? possible([...signed.slice(0, 1), owner]) : sure(owner);
}

/** Only one topic lists the code, and the ticket has a sign of it, or no strong sign at all. */
function byOnlyTopic(candidate: Candidate, { strong, signed }: TicketEvidence): Situation | null {
  const topic = onlyTopic(candidate);
  if (topic === null) return null;
  return strong.length === 0 || signed.has(topic) ? sure(topic) : null;
}

/** The ticket has no strong signs, but another of its codes shows one of the topics. */
function byOtherCode(
  { topics }: Candidate,
  { strong, shownByCode }: TicketEvidence,
): Situation | null {
  const [topic, ...others] = topics.filter((each) => shownByCode.has(each));
  return topic !== undefined && others.length === 0 && strong.length === 0 ? sure(topic) : null;
}

/** The signs show a topic that does not list the code: its first steps may still help. */
function byLeadingTopic(candidate: Candidate, { leading }: TicketEvidence): Situation | null {
  return leading !== null && onlyTopic(candidate) === null ? sure(leading) : null;
}

/** The topic that a code shows by its number alone; null when it shows none. */
function topicShownByCode(candidate: Candidate): string | null {
  return decidingOwner(candidate) ?? onlyTopic(candidate);
}

/**
 * The owner of a code, if it decides. It does not where only other topics list the code, unless any
 * program may report that code.
 */
function decidingOwner(candidate: Candidate): string | null {
  const { topics, owner } = candidate;
  const decides = owner !== null && (topics.length === 0 || topics.includes(owner));
  return decides || isCommon(candidate) ? owner : null;
}

/** The only topic that lists a code; null when any program may report the code. */
function onlyTopic(candidate: Candidate): string | null {
  const [topic, ...others] = candidate.topics;
  return topic !== undefined && others.length === 0 && !isCommon(candidate) ? topic : null;
}

/** The topics of a code of which the ticket has a sign, the best first. */
function signedTopicsOf({ topics }: Candidate, { signed }: TicketEvidence): readonly string[] {
  return [...signed].filter((topic) => topics.includes(topic));
}

function isCommon({ code }: Candidate) {
  return COMMON.test(code);
}

function sure(topic: string): Situation {
  return { kind: "sure", topic };
}

function possible(topics: readonly string[]): Situation {
  if (topics.length === 0) return { kind: "unknown" };
  return { kind: "possible", topics: topics.slice(0, MAX_POSSIBLE) };
}
