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
import { headline } from "./headline.ts";
import { closestLocale, LOCALES, messagesFor } from "./locales/index.ts";
import type { Messages } from "./messages.ts";
import { caseLabel, stepBlocks, stepNames } from "./steps.ts";
import { tagsOf } from "./tags.ts";
import { type Told, whomToCall } from "./whom-to-call.ts";

/** How many codes a comment shows; more would not be read. */
const MAX_SHOWN = 20;

/** What a comment says of the ticket besides its codes. */
export interface About {
  /** Any text: it may come from a ticket. */
  readonly locale: string;
  readonly catalogVersion: string;
  /** How many more codes the ticket holds than are known here. */
  readonly more: number;
  /** How many characters of the ticket were scanned, when it is longer. */
  readonly cutAt: number | null;
}

/** Writes the comment: what failed, why, what to do first, what to do then, whom to call. */
export function render(known: readonly Told[], about: About): Comment {
  const shown = choose(bestFirst(known));
  const hidden = known.length - shown.length + about.more;
  const listed = shown.flatMap((each) => each.listed ?? []);
  const locale = closestLocale(about.locale, LOCALES.filter(spokenBy(listed)));
  const words = messagesFor(locale);
  const failed = shown.some((each) => each.listed && !each.listed.entry.succeeded);
  const calls = whomToCall(shown, words);
  return {
    locale,
    codes: shown.map((each) => each.code),
    contactMicrosoft: shown.some((each) => each.contactMicrosoft),
    tags: tagsOf(shown),
    catalogVersion: about.catalogVersion,
    blocks: [
      headline(shown, locale, words),
      heading(failed ? words.why : words.meaning),
      bullets([
        ...shown.map((each) => explain(each, locale, words)),
        ...(hidden > 0 ? [item(words.more(hidden))] : []),
      ]),
      ...stepBlocks(listed, locale, words),
      ...(calls.length > 0 ? [heading(words.whomToCall), ...calls.map(paragraph)] : []),
      ...(about.cutAt ? [paragraph(words.cut(about.cutAt))] : []),
    ],
    footer: footer(listed, locale, words, about.catalogVersion),
    shortened: toLine(words.shortened),
  };
}

/** Listed codes first, then those with a name. */
function bestFirst(known: readonly Told[]) {
  const rank = ({ listed, symbol }: Told) => {
    if (listed) return 0;
    return symbol ? 1 : 2;
  };
  return [...known].sort((a, b) => rank(a) - rank(b));
}

/** The first ones; where all those can be mended, one that cannot comes in place of the last. */
function choose(known: readonly Told[]) {
  const first = known.slice(0, MAX_SHOWN);
  const isOpen = (each: Told) => each.contactMicrosoft;
  const open = first.some(isOpen) ? undefined : known.slice(MAX_SHOWN).find(isOpen);
  return open ? [...first.slice(0, -1), open] : first;
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

function explain(known: Told, locale: string, words: Messages): Item {
  const { code, listed, symbol, facility, file } = known;
  const place = file === null ? "" : words.inFile(quote(file));
  const name = quote(code) + (symbol ? ` ${quote(symbol)}` : "") + place + words.colon;
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
