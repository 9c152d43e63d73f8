import type { PlacedText, SeenSigns, SignMatcher } from "../catalog/signs.ts";
import { guessLocale } from "../comment/locales/index.ts";
import {
  isWithin,
  quotedComments,
  type Stretch,
  withoutStretches,
} from "../comment/own-comment.ts";
import type { Hresult } from "../hresult/hresult.ts";
import type { Finding, Ignored, Scan, Span, SymbolMention } from "../scanner/finding.ts";
import { scan } from "../scanner/scan.ts";
import { toPlainText } from "../scanner/text/plain-text.ts";
import type { AttachedText, CodeSource, Scanned, Ticket } from "../ticket.ts";

/** The most text of a ticket that is scanned, in UTF-16 units. */
export const MAX_SCANNED_LENGTH = 2_000_000;
/** The most firm codes of a ticket that are kept. */
const MAX_FIRM = 100;
/** The same for tentative codes, symbols and second numbers: the catalog knows few of them. */
const MAX_TENTATIVE = 1_000;

type TicketCode = Scanned["codes"][number];

/**
 * Scans all texts of a ticket.
 *
 * @param findSigns The sign matcher of the catalog; null when no catalog is available.
 * @param limit The most text that is scanned, in UTF-16 units.
 * @returns Codes, and signs of the catalog. It contains no other text of the ticket.
 */
export function scanTicket(
  ticket: Ticket,
  findSigns: SignMatcher | null,
  limit = MAX_SCANNED_LENGTH,
): Scanned {
  const { subject, body, locale, attachments = [] } = ticket;
  const [inSubject, inBody] = scanTexts(ticket, limit);
  const length = subject.length + body.length;
  const files = scanFiles(attachments, limit - Math.min(length, limit));
  const texts: PlacedText[] = [
    { place: "subject", text: inSubject.own },
    { place: "body", text: inBody.own },
    ...files.map(({ text }) => ({ place: "file" as const, text: text.own })),
  ];
  const codes = eachOnce([
    ...mentionsOf(inSubject.scan),
    ...mentionsOf(inBody.scan),
    ...files.flatMap(({ text, ...place }) =>
      mentionsOf(text.scan).map((each) => ({ ...each, ...place })),
    ),
  ]);
  const firm = codes.filter(isFirm);
  const kept = new Set([
    ...firm.slice(0, MAX_FIRM),
    ...codes.filter((each) => "code" in each && each.tentative).slice(0, MAX_TENTATIVE),
    ...codes.filter((each) => "key" in each).slice(0, MAX_TENTATIVE),
    ...codes.filter((each) => "near" in each).slice(0, MAX_TENTATIVE),
  ]);
  return {
    codes: codes.filter((each) => kept.has(each)),
    seconds: secondNumbers(texts),
    signs: findSigns && toStored(findSigns(texts)),
    more: Math.max(0, firm.length - MAX_FIRM),
    locale: readTag(locale) || guessLocale(inSubject.own, inBody.own),
    cutAt: length + lengthOf(attachments) > limit ? limit : null,
  };
}

/**
 * Scans a ticket, unless it bears a tag of SKIP_TAGS: then only that tag is noted. A person has
 * said that such a ticket is to be left alone.
 *
 * @param skipTags In lower case. The case of the ticket's tags does not count.
 */
export function scanUnlessSkipped(
  ticket: Ticket,
  findSigns: SignMatcher | null,
  skipTags: readonly string[],
): Scanned {
  const labels = new Set(ticket.labels?.map((each) => each.trim().toLowerCase()));
  const skipTag = skipTags.find((each) => labels.has(each));
  return skipTag === undefined ? scanTicket(ticket, findSigns) : { ...NOT_SCANNED, skipTag };
}

const NOT_SCANNED: Scanned = {
  codes: [],
  seconds: [],
  signs: { evidence: [], conditions: [] },
  more: 0,
  locale: null,
  cutAt: null,
};

function toStored({ evidence, conditions }: SeenSigns): NonNullable<Scanned["signs"]> {
  const copies = evidence.map((each) => ({ ...each, words: [...each.words] }));
  return { evidence: copies, conditions: [...conditions] };
}

/** Second numbers of Windows Setup, `0x20017`, and of sign-ins to Entra ID, `AADSTS50076`. */
const SECOND_NUMBER =
  /(?<![0-9A-Za-z])(?:0x([1-6]0[0-9A-F]{3,4})|(AADSTS\d{5,7}))(?![0-9A-Za-z])/gi;

/** Finds the second numbers of possible pairs. */
function secondNumbers(texts: readonly PlacedText[]): string[] {
  const found = new Set<string>();
  for (const { text } of texts) {
    for (const [, hex, sts] of text.matchAll(SECOND_NUMBER)) {
      if (found.size >= MAX_TENTATIVE) return [...found];
      found.add(hex === undefined ? (sts ?? "").toUpperCase() : `0x${hex.toUpperCase()}`);
    }
  }
  return [...found];
}

/** A scanned file, with its cleaned name. */
interface ScannedFile extends FilePlace {
  readonly file: string;
  readonly text: ScannedText;
}

/** The file in which something stood; left out for the ticket itself. */
interface FilePlace {
  readonly file?: string;
  /** Left out where the file is text. */
  readonly source?: CodeSource;
}

/** Scans the names and texts of files, up to `room` UTF-16 units in total. */
function scanFiles(files: readonly AttachedText[], room: number): ScannedFile[] {
  let left = room;
  return files.flatMap(({ name, text, format, source }): ScannedFile[] => {
    const file = cleanName(name);
    const ofName = scanText(name.slice(0, left), "text");
    const ofText = scanText(text.slice(0, left), format);
    left = Math.max(0, left - lengthOf([{ name, text }]));
    return [
      { file, text: ofName },
      { file, text: ofText, ...(source && { source }) },
    ];
  });
}

function lengthOf(files: readonly Pick<AttachedText, "name" | "text">[]) {
  return files.reduce((sum, { name, text }) => sum + name.length + text.length, 0);
}

const MAX_NAME_LENGTH = 40;

/** Reduces a file name to safe characters, because a comment shows it and anyone may choose it. */
function cleanName(name: string) {
  return name
    .replace(/[^\p{L}\p{N}.-]/gu, "")
    .slice(0, MAX_NAME_LENGTH)
    .toWellFormed();
}

/** The language tag at the start of a text such as `ja_JP.UTF-8`; the rest is dropped. */
function readTag(text: string | null) {
  return (
    text && (/^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,4}(?![A-Za-z0-9])/.exec(text)?.[0] ?? null)
  );
}

/** A scanned text. All places refer to the text as sent. */
export interface ScannedText {
  readonly scan: Scan;
  /** The plain text without quoted comments of ours. */
  readonly own: string;
}

/** Scans subject and body, up to `limit` UTF-16 units in total. */
export function scanTexts(
  { subject, body, format }: Pick<Ticket, "subject" | "body" | "format">,
  limit = MAX_SCANNED_LENGTH,
): [ScannedText, ScannedText] {
  const title = subject.slice(0, limit);
  const text = body.slice(0, limit - title.length);
  return [scanText(title, "text"), scanText(text, format)];
}

function scanText(text: string, format: Ticket["format"]): ScannedText {
  const plain = toPlainText(text, format);
  const found = scan(plain.text);
  const quotes: Stretch[] = quotedComments(plain.text);
  const toSource = <T extends Span>(all: readonly T[]) =>
    all
      .filter((each) => !isWithin(quotes, each.start))
      .map((each) => ({ ...each, ...plain.sourceOf({ start: each.start, end: each.end }) }));
  return {
    own: withoutStretches(plain.text, quotes),
    scan: {
      findings: toSource(found.findings),
      symbols: toSource(found.symbols),
      ignored: toSource(found.ignored),
    },
  };
}

/** A code, a possible symbol, or a misspelt number at one place. */
export type Mention = Finding | SymbolMention | (Ignored & { readonly near: readonly Hresult[] });

/** Everything that may be a code, in the order of the text. */
export function mentionsOf({ findings, symbols, ignored }: Scan): Mention[] {
  const misspelt = ignored.flatMap((each) => (each.near ? [{ ...each, near: each.near }] : []));
  return [...findings, ...symbols, ...misspelt].sort((a, b) => a.start - b.start);
}

function isFirm(each: TicketCode) {
  return "code" in each && !each.tentative;
}

/**
 * Each code and each symbol once. A code that is tentative in one place and firm in another is
 * firm.
 */
export function eachOnce(found: readonly (Mention & FilePlace)[]): TicketCode[] {
  const firm = new Set(
    found.flatMap((each) => ("code" in each && !each.tentative ? [each.code] : [])),
  );
  const codes = new Map<string, TicketCode>();
  for (const each of found) {
    const name = nameOf(each);
    if (codes.has(name)) continue;
    const { file, source } = each;
    const place = { ...(file !== undefined && { file }), ...(source && { source }) };
    if ("key" in each) codes.set(name, { key: each.key, ...place });
    else if ("near" in each) codes.set(name, { near: [...each.near], ...place });
    else codes.set(name, { code: each.code, tentative: !firm.has(each.code), ...place });
  }
  return [...codes.values()];
}

function nameOf(mention: Mention): string {
  if ("key" in mention) return mention.key;
  return "near" in mention ? mention.near.join() : mention.code;
}
