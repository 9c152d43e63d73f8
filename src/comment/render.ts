import type { Advice } from "../catalog/look-up.ts";
import type { LocalText, Source, Step } from "../catalog/stored.ts";
import {
  type Block,
  bullets,
  type Comment,
  heading,
  type Item,
  item,
  type Line,
  numbers,
  paragraph,
  quote,
  toLine,
} from "./comment.ts";
import { messagesFor, textIn } from "./locales/index.ts";
import type { Messages } from "./messages.ts";
import { tagsOf } from "./tags.ts";

/** The most codes that one section explains. */
const MAX_EXPLAINED = 5;
/** The most lines of codes without a certain situation. */
const MAX_OTHERS = 5;
const MAX_CAUSES = 4;
const MAX_STEPS = 5;
const MAX_SOURCES = 2;

/** What a comment needs besides the advice. */
export interface About {
  /** A tag of `locales/`, or several joined by `+`: the comment repeats everything in each. */
  readonly locale: string;
  readonly catalogVersion: string;
  /** How many further codes of the ticket are not in `advice`. */
  readonly more: number;
  /** How many characters of the ticket were scanned, if it is longer; else null. */
  readonly cutAt: number | null;
}

/**
 * Renders the comment: what the code means, likely causes, what to do, whom to escalate to; then
 * the other codes in one line each.
 *
 * @param advice At least one; the first is named in the first line.
 */
export function render(advice: readonly Advice[], about: About): Comment {
  const locales = about.locale.split("+");
  const [first = "en"] = locales;
  return {
    locale: about.locale,
    codes: advice.map((each) => each.code),
    contactMicrosoft: advice.some((each) => each.contactMicrosoft),
    tags: tagsOf(advice),
    catalogVersion: about.catalogVersion,
    blocks: locales.flatMap((locale) => blocksIn(createWriter(locale), advice, about)),
    footer: footer(advice, createWriter(first), about.catalogVersion),
    shortened: toLine(messagesFor(first).shortened),
  };
}

/** One language: its messages, and the choice of catalog texts. */
interface Writer {
  readonly words: Messages;
  readonly text: (texts: LocalText) => string;
}

function createWriter(locale: string): Writer {
  return { words: messagesFor(locale), text: (texts) => textIn(texts, locale) };
}

function blocksIn(writer: Writer, advice: readonly Advice[], about: About): Block[] {
  const { words } = writer;
  const [lead, ...rest] = advice;
  if (lead === undefined) return [];
  const sections = Map.groupBy(advice.filter(isExplained), ({ topic }) => topic);
  const others = rest.filter((each) => !isExplained(each));
  return [
    heading(`${words.firstWords} ${nameOf(lead, writer)}`),
    ...[...sections.values()].flatMap((section) => sectionBlocks(section, lead, writer)),
    ...(isExplained(lead) ? [] : possibleBlocks(lead, writer)),
    ...otherBlocks(others, about.more, writer),
    ...contactBlocks(advice, writer),
    ...(about.cutAt ? [paragraph(words.cut(about.cutAt))] : []),
  ];
}

/** Whether the situation is certain, so that causes and steps are shown. */
function isExplained({ topic }: Advice) {
  return topic !== null;
}

/** `0x80070035` `ERROR_BAD_NETPATH` (in log.txt): the network path was not found. */
function nameOf(advice: Advice, writer: Writer): string {
  const { words } = writer;
  const code = quote(advice.code) + (advice.second === null ? "" : ` - ${quote(advice.second)}`);
  const symbol = advice.symbol === null ? "" : ` ${quote(advice.symbol)}`;
  const misspelt = advice.misspelt ? words.misspelt : "";
  return (
    code + symbol + misspelt + placeOf(advice, writer) + words.colon + meaningOf(advice, writer)
  );
}

function placeOf({ file, source }: Advice, { words }: Writer): string {
  if (file === null) return "";
  return source === "screenshot" ? words.fromPicture(quote(file)) : words.inFile(quote(file));
}

function meaningOf({ meaning, product }: Advice, { words, text }: Writer) {
  if (meaning !== null && text(meaning) !== "") return text(meaning);
  return words.unknownMeaning(product && text(product));
}

/** All codes of one situation: meanings, causes, and steps, each step once. */
function sectionBlocks(section: readonly Advice[], lead: Advice, writer: Writer): Block[] {
  const { words, text } = writer;
  const [first] = section;
  const title = first?.topicTitle ? text(first.topicTitle) : "";
  // The first line of the comment already names the lead.
  const named = section.filter((each) => each !== lead);
  const causes = section.includes(lead) ? causeItems(lead, writer) : [];
  return [
    paragraph(words.situation(title)),
    ...labelled(words.causes(causes.length), causes, writer),
    ...labelled(words.sameSituation, codeItems(named, writer), writer),
    ...stepBlocks(section, writer),
    ...escalateBlocks(section, writer),
  ];
}

function labelled(label: string, items: readonly Item[], { words }: Writer): Block[] {
  return items.length === 0 ? [] : [paragraph(label + words.colon.trimEnd()), bullets(items)];
}

function codeItems(codes: readonly Advice[], writer: Writer): Item[] {
  const shown = codes.slice(0, MAX_EXPLAINED);
  const hidden = codes.length - shown.length;
  return [
    ...shown.map((each) => item(nameOf(each, writer), causeItems(each, writer))),
    ...(hidden > 0 ? [item(writer.words.more(hidden))] : []),
  ];
}

function causeItems({ causes }: Advice, { text }: Writer): Item[] {
  return causes.slice(0, MAX_CAUSES).map((each) => item(text(each)));
}

function stepBlocks(section: readonly Advice[], writer: Writer): Block[] {
  const { words } = writer;
  const { steps, areGeneral } = stepsOf(section, writer);
  if (steps.length === 0) return [];
  const label = areGeneral ? words.generalSteps : words.steps;
  return [heading(label), numbers(steps.map((each) => item(each)))];
}

/**
 * The steps for all codes of a situation, each once, mild ones first; first steps only if there are
 * no others.
 */
function stepsOf(section: readonly Advice[], writer: Writer) {
  const own = section.filter((each) => !each.stepsAreGeneral).flatMap(({ steps }) => steps);
  const areGeneral = own.length === 0;
  const all = areGeneral ? section.flatMap(({ steps }) => steps) : own;
  const texts = new Set(inOrderOfRisk(all).map((each) => stepText(each, writer)));
  return { steps: [...texts].slice(0, MAX_STEPS), areGeneral };
}

/**
 * Counts how many steps of each code a comment shows: the codes of one situation share a limit.
 *
 * @param locale A single tag of `locales/`.
 */
export function countShownSteps(
  advice: readonly Advice[],
  locale: string,
): ReadonlyMap<Advice["code"], number> {
  const writer = createWriter(locale);
  const sections = Map.groupBy(advice.filter(isExplained), ({ topic }) => topic);
  return new Map(
    [...sections.values()].flatMap((section) => {
      const shown = new Set(stepsOf(section, writer).steps);
      const countOf = ({ steps }: Advice) =>
        new Set(steps.map((each) => stepText(each, writer))).intersection(shown).size;
      return section.map((each) => [each.code, countOf(each)] as const);
    }),
  );
}

const RISK_ORDER: Readonly<Record<Step["risk"], number>> = {
  none: 0,
  restart: 0,
  security: 1,
  access: 1,
  data: 1,
};

function inOrderOfRisk(steps: readonly Step[]) {
  return [...steps].sort((a, b) => RISK_ORDER[a.risk] - RISK_ORDER[b.risk]);
}

function stepText({ who, text: texts, caution }: Step, { words, text }: Writer): string {
  const sentences = [text(texts), ...(caution ? [words.caution(text(caution))] : [])];
  return words.who[who] + words.colon + sentences.join(words.sentenceGap);
}

function escalateBlocks(section: readonly Advice[], { words, text }: Writer): Block[] {
  const needsHelp = section.filter((each) => !each.noFailure && !each.contactMicrosoft);
  const whom = new Set(needsHelp.flatMap(({ escalate }) => (escalate ? [text(escalate)] : [])));
  return [...whom].map((each) => paragraph(words.escalate(each)));
}

/** Topics that may apply, when the situation is not certain. */
function possibleBlocks({ possible }: Advice, { words, text }: Writer): Block[] {
  if (possible.length === 0) return [];
  return [
    bullets(possible.map(({ title, hint }) => item(words.possible(text(title), text(hint))))),
  ];
}

/** Codes without a certain situation, in one line each; if there are many, grouped by product. */
function otherBlocks(others: readonly Advice[], more: number, writer: Writer): Block[] {
  const { words, text } = writer;
  if (others.length === 0 && more === 0) return [];
  const lines = others.map((each) => {
    const [likeliest] = each.possible;
    const hint = likeliest && words.possible(text(likeliest.title), text(likeliest.hint));
    return nameOf(each, writer) + (hint ? words.sentenceGap + hint : "");
  });
  const shown = others.length > MAX_OTHERS ? linesByProduct(others, writer) : lines;
  const items = shown.slice(0, MAX_OTHERS).map((each) => item(each));
  return [
    heading(words.otherCodes),
    bullets([...items, ...(more > 0 ? [item(words.more(more))] : [])]),
  ];
}

function linesByProduct(others: readonly Advice[], { words, text }: Writer): string[] {
  const byProduct = Map.groupBy(others, ({ product }) => (product ? text(product) : "Windows"));
  return [...byProduct].map(([product, own]) => {
    const codes = own.slice(0, MAX_OTHERS).map(({ code }) => quote(code));
    const hidden = own.length - codes.length;
    const all = [...codes, ...(hidden > 0 ? [words.more(hidden)] : [])];
    return product + words.colon + all.join(words.comma);
  });
}

function contactBlocks(advice: readonly Advice[], { words }: Writer): Block[] {
  const open = advice.filter((each) => each.contactMicrosoft);
  if (open.length === 0) return [];
  const codes = open.slice(0, MAX_EXPLAINED).map(({ code }) => quote(code));
  const hasSteps = open.some(({ steps }) => steps.length > 0);
  const contact = hasSteps ? words.contactMicrosoftThen : words.contactMicrosoft;
  return [paragraph(contact(codes.join(words.comma)))];
}

function footer(advice: readonly Advice[], { words, text }: Writer, version: string): Line {
  const all = advice.flatMap(({ sources }) => sources);
  const sources = [...new Map(all.map((source) => [source.url, source])).values()];
  const links = sources
    .slice(0, MAX_SOURCES)
    .flatMap(
      (source: Source): Line => [
        ...toLine(words.source + words.colon),
        { kind: "link", text: text(source.title), url: source.url },
        ...toLine(" \u00b7 "),
      ],
    );
  return [...links, ...toLine(words.catalogVersion(version))];
}
