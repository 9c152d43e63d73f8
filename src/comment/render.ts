import type { Known } from "../catalog/look-up.ts";
import type { Listed } from "../catalog/store.ts";
import { decode } from "../hresult/decode.ts";
import {
  bullets,
  type Comment,
  heading,
  type Item,
  item,
  type Line,
  paragraph,
  quote,
  toLine,
} from "./comment.ts";
import { closestLocale, LOCALES, type Messages, messagesFor } from "./locales/index.ts";
import { caseLabel, onlySuccess, stepBlocks, stepNames } from "./steps.ts";

/** How many codes a comment shows; more would not be read. */
const MAX_SHOWN = 20;

/** What a comment says of the ticket besides its codes. */
export interface About {
  /** Any text: it may come from a ticket. */
  readonly locale: string;
  readonly catalogVersion: string;
  /** How many more codes the ticket holds than are known here. */
  readonly more: number;
  /** Only the beginning of the ticket was scanned. */
  readonly cut: boolean;
  /** The situations of which the ticket showed a sign. */
  readonly contexts: readonly string[];
}

/** Writes the comment: what failed, why, what to do first, what to do then, whom to call. */
export function render(known: readonly Known[], about: About): Comment {
  const shown = bestFirst(known, about.contexts).slice(0, MAX_SHOWN);
  const hidden = known.length - shown.length + about.more;
  const listed = shown.flatMap((each) => each.listed ?? []);
  const open = shown.filter(isOpen);
  const locale = closestLocale(about.locale, LOCALES.filter(spokenBy(listed)));
  const words = messagesFor(locale);
  const succeeded = shown.every((each) => each.listed?.entry.succeeded);
  return {
    locale,
    codes: shown.map((each) => each.code),
    contactMicrosoft: open.length > 0,
    catalogVersion: about.catalogVersion,
    blocks: [
      heading(headline(listed, about.contexts, locale, words)),
      ...situation(listed, about.contexts, locale, words),
      heading(succeeded ? words.meaning : words.why),
      bullets([
        ...shown.map((each) => explain(each, locale, words)),
        ...(hidden > 0 ? [item(words.more(hidden))] : []),
      ]),
      ...stepBlocks(listed, locale, words),
      heading(words.whomToCall),
      ...whomToCall(shown, words).map(paragraph),
      ...(about.cut ? [paragraph(words.cut)] : []),
    ],
    footer: footer(listed, locale, words, about.catalogVersion),
    shortened: toLine(words.shortened),
  };
}

/** A listed code in its own context, then other listed ones, then those with a name. */
function bestFirst(known: readonly Known[], contexts: readonly string[]) {
  const rank = ({ listed, symbol }: Known) => {
    if (listed) return contexts.includes(listed.topic.context) ? 0 : 1;
    return symbol ? 2 : 3;
  };
  return [...known].sort((a, b) => rank(a) - rank(b));
}

/** One number means different things in different places: advice begins with where it holds. */
function situation(
  listed: readonly Listed[],
  contexts: readonly string[],
  locale: string,
  words: Messages,
) {
  const strange = listed.filter(({ topic }) => !contexts.includes(topic.context));
  const titles = [...new Set(strange.map(({ topic }) => topic.title[locale] ?? ""))];
  return titles.length > 0 ? [paragraph(words.onlyIf(titles.join(" / ")))] : [];
}

/** Whether every text that a comment may need is there in a language. */
function spokenBy(listed: readonly Listed[]) {
  return (locale: string) =>
    listed.every(({ entry, topic, steps }) =>
      [
        topic.title,
        topic.source,
        ...entry.cases.flatMap((each) => each.causes),
        ...stepNames({ entry, topic }).map((name) => steps[name] ?? {}),
      ].every((texts) => Object.hasOwn(texts, locale)),
    );
}

function headline(
  listed: readonly Listed[],
  contexts: readonly string[],
  locale: string,
  words: Messages,
) {
  const titles = [...new Set(listed.map(({ topic }) => topic.title[locale] ?? ""))];
  if (titles.length === 0) return words.onlyUnlisted;
  const title = titles.join(" / ");
  if (onlySuccess(listed)) return words.succeeded(title);
  const fits = listed.some(({ topic }) => contexts.includes(topic.context));
  return fits ? words.failed(title) : words.possibly(title);
}

function explain({ code, listed, symbol, facility }: Known, locale: string, words: Messages): Item {
  const name = quote(code) + (symbol ? ` ${quote(symbol)}` : "") + words.colon;
  if (listed === null) {
    const told = words.decoded(decode(code), facility);
    return item(name + words.unlisted + words.sentenceGap + told);
  }
  const { cases } = listed.entry;
  const causes = cases.flatMap((each, index) =>
    each.causes.map((cause) => caseLabel(cases.length, index) + (cause[locale] ?? "")),
  );
  const [only, ...others] = causes;
  if (others.length === 0) return item(name + only);
  return item(
    name + words.oneOf,
    causes.map((cause) => item(cause)),
  );
}

/** A code without a known mitigation. */
function isOpen({ listed }: Known) {
  return listed?.entry.contactMicrosoft ?? true;
}

function whomToCall(shown: readonly Known[], words: Messages): string[] {
  const open = shown.filter(isOpen);
  const codes = open.map((each) => quote(each.code)).join(words.comma);
  const hasFirstSteps = open.length < shown.length || open.some(({ listed }) => listed);
  const contact = hasFirstSteps ? words.contactMicrosoftThen(codes) : words.contactMicrosoft(codes);
  const mended = shown.filter((each) => !isOpen(each));
  const onlySucceeded = mended.every(({ listed }) => listed?.entry.succeeded);
  return [
    ...(open.length > 0 ? [contact] : []),
    ...(onlySucceeded ? [] : [words.handOver]),
    ...(open.length === 0 && onlySucceeded ? [words.succeededOnly] : []),
  ];
}

function footer(listed: readonly Listed[], locale: string, words: Messages, version: string): Line {
  const sources = new Map(listed.map(({ topic }) => [topic, topic.source[locale]]));
  const links = [...sources.values()].flatMap((source): Line => {
    if (!source) return [];
    const { title: text, url } = source;
    return [
      ...toLine(words.source + words.colon),
      { kind: "link", text, url },
      ...toLine(" \u00b7 "),
    ];
  });
  return [...links, ...toLine(words.catalogVersion(version))];
}
