import * as z from "zod/mini";
import type { Hresult } from "../hresult/hresult.ts";
import type { SeenSigns } from "./signs.ts";
import { type Candidate, decideSituations, leadingTopic, type Situation } from "./situation.ts";
import type { Catalog, Knowledge } from "./store.ts";
import type { Case, Entry, LocalText, Source, Step } from "./stored.ts";

/**
 * One thing that a scan found: a code, the hash of a possible symbol, or the codes that a misspelt
 * number may mean.
 */
export type TicketCode = (
  | { readonly code: Hresult; readonly tentative: boolean }
  | { readonly key: string }
  | { readonly near: readonly Hresult[] }
) & {
  /** The attached file in which it was found, if nowhere else. */
  readonly file?: string | undefined;
  /** Set where that file is a picture. */
  readonly source?: "screenshot" | undefined;
};

/** What a scan found in a ticket. */
export interface Found {
  readonly codes: readonly TicketCode[];
  /** Numbers that can be the second of a pair: `0x20017`, `AADSTS50076`. */
  readonly seconds: readonly string[];
  readonly signs: SeenSigns;
}

/** `listed`: it has an entry. `named`: only a symbol or a meaning is known. `unlisted`: neither. */
export const Status = z.enum(["listed", "named", "unlisted"]);
export type Status = z.infer<typeof Status>;

/** A topic that may apply, when the situation is not certain. */
export interface PossibleTopic {
  readonly title: LocalText;
  /** The likeliest cause of the code in this topic, else its meaning. */
  readonly hint: LocalText;
}

/** What the catalog says about one code of a ticket. */
export interface Advice {
  readonly code: Hresult;
  /** The second number of the pair; null when the entry is for the code alone. */
  readonly second: string | null;
  readonly status: Status;
  readonly symbol: string | null;
  /** Null when no meaning is known. */
  readonly meaning: LocalText | null;
  /** The product that reports such codes; null when it is not known. */
  readonly product: LocalText | null;
  /** The attached file in which it was found; null when the ticket itself names it. */
  readonly file: string | null;
  /** Read in a picture, and nowhere else: a person should check it. Null for text. */
  readonly source: "screenshot" | null;
  /** The ticket spells it with a digit too many or too few; this code is most likely meant. */
  readonly misspelt: boolean;
  /** The topic whose advice this is; null when the situation is not certain. */
  readonly topic: string | null;
  readonly topicTitle: LocalText | null;
  readonly possible: readonly PossibleTopic[];
  /** Likeliest first; empty when the situation is not certain. */
  readonly causes: readonly LocalText[];
  /** Mild ones first. */
  readonly steps: readonly Step[];
  /** The steps are the first steps of the topic, not steps for this code. */
  readonly stepsAreGeneral: boolean;
  readonly escalate: LocalText | null;
  readonly contactMicrosoft: boolean;
  readonly noFailure: boolean;
  readonly sources: readonly Source[];
}

/** Advice for all codes of a ticket, and what the ticket is about. */
export interface LookedUp {
  /** Codes with steps first, each group in the order of the ticket. */
  readonly advice: readonly Advice[];
  /** The topic of the ticket; null when it is not certain. */
  readonly topic: string | null;
}

const RISKY: ReadonlySet<string> = new Set(["access", "data", "security"]);

/**
 * Looks up what a scan found. Symbols become their codes, unknown tentative codes are dropped, and
 * the situation of each code is decided.
 *
 * @throws {Failure} `catalog_unavailable` when no code can be looked up.
 */
export async function lookUp(found: Found, catalog: Catalog): Promise<LookedUp> {
  const codes = await resolveCodes(found.codes, catalog);
  const knowledge = await catalog.know([...codes.keys()]);
  const known = [...knowledge.values()].filter(
    (each) => !codes.get(each.code)?.tentative || isKnown(each),
  );
  const seconds = new Set([...found.seconds, ...codes.keys()]);
  const chosen = known.map((each) => choosePair(each, seconds));
  const candidates = chosen.map(
    ({ code, byTopic }): Candidate => ({
      code,
      topics: [...byTopic.keys()].filter((topic) => catalog.topics[topic]?.general === false),
      owner: catalog.topicOf(code),
    }),
  );
  const situations = decideSituations(candidates, found.signs.evidence);
  const advice = chosen.map((each) =>
    toAdvice(each, {
      catalog,
      situation: situations.get(each.code) ?? { kind: "unknown" },
      conditions: found.signs.conditions,
      file: codes.get(each.code)?.file ?? null,
      source: codes.get(each.code)?.source ?? null,
      misspelt: codes.get(each.code)?.misspelt ?? false,
    }),
  );
  return {
    advice: [...advice.filter(hasSteps), ...advice.filter((each) => !hasSteps(each))],
    topic: topicOfTicket(found, advice),
  };
}

function hasSteps({ steps }: Advice) {
  return steps.length > 0;
}

/** Codes that differ in at most this many digits are taken for spellings of the same code. */
const MAX_DIFFERENT_DIGITS = 2;

/**
 * The code that a misspelt number means: the only one of `near` that headers or documents name.
 *
 * @param spelt Codes that the ticket spells correctly. If one of them is similar, the misspelt
 *   number means that one, and the result is undefined.
 */
export function meantBy(
  near: readonly Hresult[],
  knowledge: ReadonlyMap<Hresult, Knowledge>,
  spelt: ReadonlySet<Hresult>,
): Hresult | undefined {
  const isSpelt = near.some((code) =>
    [...spelt].some((each) => differentDigits(code, each) <= MAX_DIFFERENT_DIGITS),
  );
  if (isSpelt) return undefined;
  const [only, ...others] = near.filter((code) => {
    const { symbol, meaning } = knowledge.get(code)?.naming ?? {};
    return symbol !== undefined || meaning !== undefined;
  });
  return others.length === 0 ? only : undefined;
}

/** In how many digits two codes differ. */
function differentDigits(one: Hresult, other: Hresult): number {
  return [...one].filter((digit, index) => digit !== other[index]).length;
}

function isKnown({ naming, entries }: Knowledge) {
  return entries.size > 0 || naming.symbol !== undefined || naming.meaning !== undefined;
}

/** The topic that the signs show; if two weigh the same, the topic of the first code with one. */
function topicOfTicket({ signs }: Found, advice: readonly Advice[]) {
  const strong = signs.evidence.filter(({ strength }) => strength === "strong");
  return leadingTopic(strong) ?? advice.find(({ topic }) => topic !== null)?.topic ?? null;
}

type ResolvedCode = Pick<Advice, "file" | "source" | "misspelt"> & { readonly tentative: boolean };

/** Resolves symbols and misspelt numbers. Each code once, in the order of the ticket. */
async function resolveCodes(codes: readonly TicketCode[], catalog: Catalog) {
  const keys = codes.flatMap((each) => ("key" in each ? [each.key] : []));
  const near = codes.flatMap((each) => ("near" in each ? each.near : []));
  const [named, similar] = await Promise.all([catalog.codesOfSymbols(keys), catalog.know(near)]);
  const spelt = new Set(codes.flatMap((each) => ("code" in each ? [each.code] : [])));
  const codeOf = (each: TicketCode): Hresult | undefined => {
    if ("key" in each) return named.get(each.key);
    if ("code" in each) return each.code;
    return meantBy(each.near, similar, spelt);
  };
  const all = new Map<Hresult, ResolvedCode>();
  for (const each of codes) {
    const code = codeOf(each);
    if (!code) continue;
    const tentative = "tentative" in each && each.tentative;
    const misspelt = "near" in each;
    const before = all.get(code) ?? {
      tentative: true,
      misspelt: true,
      file: each.file ?? null,
      source: each.source ?? null,
    };
    all.set(code, {
      ...before,
      tentative: tentative && before.tentative,
      misspelt: misspelt && before.misspelt,
    });
  }
  return all;
}

/** A code with the entries that apply: those of a pair if the ticket has the second number. */
interface Chosen extends Knowledge {
  readonly second: string | null;
  readonly byTopic: ReadonlyMap<string, Entry>;
}

function choosePair(known: Knowledge, seconds: ReadonlySet<string>): Chosen {
  const pairs = [...known.entries.keys()].filter((second) => second !== "");
  const exact = pairs.find((second) => seconds.has(second));
  const second = exact ?? pairs.find((pattern) => matchesAny(pattern, seconds)) ?? null;
  const alone = known.entries.get("") ?? new Map<string, Entry>();
  const ofPair = second === null ? [] : [...(known.entries.get(second) ?? [])];
  return { ...known, second, byTopic: new Map([...alone, ...ofPair]) };
}

/** In a pattern such as `0x3????` each `?` stands for one hex digit. */
function matchesAny(pattern: string, seconds: ReadonlySet<string>) {
  if (!pattern.includes("?")) return false;
  const expression = new RegExp(`^${pattern.replaceAll("?", "[0-9A-F]")}$`);
  return [...seconds].some((second) => expression.test(second));
}

interface Circumstances {
  readonly catalog: Catalog;
  readonly situation: Situation;
  readonly conditions: readonly string[];
  readonly file: string | null;
  readonly source: Advice["source"];
  readonly misspelt: boolean;
}

function toAdvice(
  { code, second, byTopic, naming, shard, entries }: Chosen,
  { catalog, situation, conditions, file, source, misspelt }: Circumstances,
): Advice {
  const topicName = situation.kind === "sure" ? situation.topic : null;
  const topic = topicName === null ? undefined : catalog.topics[topicName];
  const entry = topicName === null ? undefined : byTopic.get(topicName);
  const general = [...byTopic].find(([name]) => catalog.topics[name]?.general)?.[1];
  const cases = (entry?.cases ?? []).filter(({ when }) => applies(when, conditions));
  const own = orderSteps(cases.flatMap(({ steps }) => stepsOf(shard.steps, topicName, steps)));
  const stepsAreGeneral = own.length === 0 && !entry?.noFailure;
  const steps = stepsAreGeneral ? (topic?.firstSteps ?? []) : own;
  return {
    code,
    second,
    file,
    source,
    misspelt,
    status: statusOf(entries.size > 0, naming.symbol !== undefined || naming.meaning !== undefined),
    symbol: entry?.symbol ?? naming.symbol ?? firstSymbol(byTopic),
    meaning:
      entry?.meaning ??
      general?.meaning ??
      naming.meaning ??
      // The meaning that a topic gives may be wrong in another situation.
      (topic === undefined ? onlyMeaning(byTopic, naming.symbol) : null),
    product: catalog.productOf(code),
    topic: topic ? topicName : null,
    topicTitle: topic?.title ?? null,
    possible:
      situation.kind === "possible" ? possibleTopics(situation.topics, byTopic, catalog) : [],
    causes: cases.flatMap(({ cause }) => (cause ? [cause] : [])),
    steps,
    stepsAreGeneral: stepsAreGeneral && steps.length > 0,
    escalate:
      cases.find((each) => each.escalate)?.escalate ?? entry?.escalate ?? topic?.escalate ?? null,
    contactMicrosoft:
      entry?.contactMicrosoft ?? (topic !== undefined && topic.unlisted === "contact-microsoft"),
    noFailure: entry?.noFailure ?? false,
    sources: sourcesOf(shard.sources, topicName, entry, cases),
  };
}

function statusOf(isListed: boolean, isNamed: boolean): Status {
  if (isListed) return "listed";
  return isNamed ? "named" : "unlisted";
}

function applies(when: readonly string[] | undefined, conditions: readonly string[]) {
  return when === undefined || when.some((word) => conditions.includes(word));
}

/**
 * The meaning of a code that only one topic lists: it holds in any situation. The exception is a
 * code to which a header gives another symbol, because then the topic uses the number in its own
 * sense.
 */
function onlyMeaning(byTopic: ReadonlyMap<string, Entry>, symbol: string | undefined) {
  const [only, ...others] = byTopic.values();
  if (only === undefined || others.length > 0) return null;
  const isOwn = symbol !== undefined && only.symbol !== undefined && symbol !== only.symbol;
  return isOwn ? null : only.meaning;
}

function firstSymbol(byTopic: ReadonlyMap<string, Entry>): string | null {
  return [...byTopic.values()].find(({ symbol }) => symbol)?.symbol ?? null;
}

function stepsOf(
  all: Readonly<Record<string, Step>>,
  topic: string | null,
  names: readonly string[],
) {
  return names.flatMap((name) => all[`${topic}/${name}`] ?? []);
}

/** Each step once, the risky ones last. */
function orderSteps(steps: readonly Step[]): Step[] {
  const once = [...new Set(steps)];
  return [
    ...once.filter(({ risk }) => !RISKY.has(risk)),
    ...once.filter(({ risk }) => RISKY.has(risk)),
  ];
}

function possibleTopics(
  names: readonly string[],
  byTopic: ReadonlyMap<string, Entry>,
  catalog: Catalog,
): PossibleTopic[] {
  return names.flatMap((name) => {
    const title = catalog.topics[name]?.title;
    const entry = byTopic.get(name);
    if (title === undefined || entry === undefined) return [];
    return [{ title, hint: entry.cases.find(({ cause }) => cause)?.cause ?? entry.meaning }];
  });
}

/** Each source once: first the source of the code, then those of its cases. */
function sourcesOf(
  all: Readonly<Record<string, Source>>,
  topic: string | null,
  entry: Entry | undefined,
  cases: readonly Case[],
): Source[] {
  const names = [entry?.source, ...cases.map(({ source }) => source)];
  const sources = names.flatMap((name) =>
    name === undefined ? [] : (all[`${topic}/${name}`] ?? []),
  );
  return [...new Map(sources.map((source) => [source.url, source])).values()];
}
