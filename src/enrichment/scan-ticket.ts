import { guessLocale, quotedComments } from "../comment/locales/index.ts";
import type { Finding, Scan, Span, SymbolMention } from "../scanner/finding.ts";
import { scan } from "../scanner/scan.ts";
import { contextsOf } from "../scanner/situation-signs.ts";
import { toPlainText } from "../scanner/text/plain-text.ts";
import type { PlainText } from "../scanner/text/source-map.ts";
import type { AttachedText, Scanned, Ticket } from "../ticket.ts";

/** How much of a ticket is scanned, in UTF-16 units. */
export const MAX_SCANNED_LENGTH = 2_000_000;
/** How many sure codes of one ticket are kept. */
const MAX_SURE = 100;
/** How many weak codes, and how many names: most of them mean nothing to the catalog. */
const MAX_UNSURE = 1_000;

type Trace = Scanned["traces"][number];

/** Scans all texts of a ticket. Nothing of them is in the result but codes and keys. */
export function scanTicket(ticket: Ticket, limit = MAX_SCANNED_LENGTH): Scanned {
  const { subject, body, locale, attachments = [] } = ticket;
  const [inSubject, inBody] = scanTexts(ticket, limit);
  const length = subject.length + body.length;
  const inFiles = scanFiles(attachments, limit - Math.min(length, limit));
  const traces = distinct([...inOrder(inSubject.scan), ...inOrder(inBody.scan), ...inFiles]);
  const sure = traces.filter(isSure);
  const kept = new Set([
    ...sure.slice(0, MAX_SURE),
    ...traces.filter((each) => "code" in each && each.weak).slice(0, MAX_UNSURE),
    ...traces.filter((each) => "key" in each).slice(0, MAX_UNSURE),
  ]);
  const [title, text] = [inSubject.readable.text, inBody.readable.text];
  return {
    traces: traces.filter((each) => kept.has(each)),
    more: Math.max(0, sure.length - MAX_SURE),
    contexts: contextsOf(title, text),
    locale: readTag(locale) || guessLocale(title, text),
    cutAt: length + lengthOf(attachments) > limit ? limit : null,
  };
}

/** A finding, and the file in which it stands. */
type Found = (Finding | SymbolMention) & { readonly file?: string };

/** Reads names and texts of files, as far as there is room for them. */
function scanFiles(files: readonly AttachedText[], room: number): Found[] {
  let left = room;
  return files.flatMap(({ name, text, format }) => {
    const parts = [scanText(name.slice(0, left), "text"), scanText(text.slice(0, left), format)];
    left = Math.max(0, left - lengthOf([{ name, text }]));
    return parts
      .flatMap(({ scan }) => inOrder(scan))
      .map((each) => ({ ...each, file: clean(name) }));
  });
}

function lengthOf(files: readonly Pick<AttachedText, "name" | "text">[]) {
  return files.reduce((sum, { name, text }) => sum + name.length + text.length, 0);
}

const MAX_NAME_LENGTH = 40;

/** What a comment may show of a file's name, which anyone may have chosen. */
function clean(name: string) {
  return name
    .replace(/[^\p{L}\p{N}.-]/gu, "")
    .slice(0, MAX_NAME_LENGTH)
    .toWellFormed();
}

/** The language tag which a text begins with, as `ja_JP.UTF-8` does; nothing else of it is kept. */
function readTag(text: string | null) {
  return (
    text && (/^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,4}(?![A-Za-z0-9])/.exec(text)?.[0] ?? null)
  );
}

/** A text as a scan sees it, and what it found; places are those in the text as sent. */
export interface ScannedText {
  readonly scan: Scan;
  readonly readable: PlainText;
}

/** Scans subject and body, in this order, as far as the limit reaches. */
export function scanTexts(
  { subject, body, format }: Pick<Ticket, "subject" | "body" | "format">,
  limit = MAX_SCANNED_LENGTH,
): [ScannedText, ScannedText] {
  const title = subject.slice(0, limit);
  const text = body.slice(0, limit - title.length);
  return [scanText(title, "text"), scanText(text, format)];
}

function scanText(text: string, format: Ticket["format"]): ScannedText {
  const readable = toPlainText(text, format);
  const found = scan(readable.text);
  const isQuoted = quotedComments(readable.text);
  const back = <T extends Span>(all: readonly T[]) =>
    all
      .filter((each) => !isQuoted(each.start))
      .map((each) => ({ ...each, ...readable.sourceOf({ start: each.start, end: each.end }) }));
  return {
    readable,
    scan: {
      findings: back(found.findings),
      symbols: back(found.symbols),
      ignored: back(found.ignored),
    },
  };
}

function inOrder({ findings, symbols }: Scan): (Finding | SymbolMention)[] {
  return [...findings, ...symbols].sort((a, b) => a.start - b.start);
}

function isSure(trace: Trace) {
  return "code" in trace && !trace.weak;
}

/** Each code and each name once. A code that is weak in one place and sure in another is sure. */
export function distinct(found: readonly Found[]): Trace[] {
  const sure = new Set(
    found.flatMap((each) => ("code" in each && !each.tentative ? [each.code] : [])),
  );
  const traces = new Map<string, Trace>();
  for (const each of found) {
    const name = "key" in each ? each.key : each.code;
    if (traces.has(name)) continue;
    const file = each.file === undefined ? {} : { file: each.file };
    if ("key" in each) traces.set(name, { key: each.key, ...file });
    else traces.set(name, { code: each.code, weak: !sure.has(each.code), ...file });
  }
  return [...traces.values()];
}
