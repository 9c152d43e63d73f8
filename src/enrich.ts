import type { Catalog } from "./catalog/store.ts";
import type { Comment } from "./comment/comment.ts";
import { guessLocale } from "./comment/locales/index.ts";
import { type Known, render } from "./comment/render.ts";
import type { Connection, Posting } from "./connectors/connector.ts";
import type { Settings } from "./env.ts";
import { Failure } from "./errors.ts";
import type { Hresult } from "./hresult/hresult.ts";
import { plain } from "./hresult/plain.ts";
import { type Finding, type Place, type Scan, scan } from "./hresult/scan.ts";
import type { Job, Scanned, Ticket } from "./ticket.ts";

/** How much of a ticket is scanned, in UTF-16 units. */
export const MAX_SCANNED_LENGTH = 1_000_000;
/** How many different codes of one ticket are kept. */
const MAX_KEPT_CODES = 100;

/** What the ledger knows of the ticket when it starts to work on it. */
export interface Attempt {
  readonly job: Pick<Job, "ticketId" | "scanned" | "force">;
  readonly marker: string;
  readonly triedBefore: boolean;
  /** Of the comment that is on the ticket now; null when there is none. */
  readonly posted: { readonly digest: string; readonly commentId: string | null } | null;
  readonly at: Date;
}

/** What became of a ticket. */
export interface Outcome {
  readonly outcome: "posted" | "unchanged" | "no_code";
  readonly commentId: string | null;
  readonly digest: string | null;
  readonly codes: readonly string[];
  readonly contactMicrosoft: boolean;
  readonly catalogVersion: string;
  readonly locale: string | null;
}

/** Brings one ticket from job to comment: load, scan, look up, render, post. */
export async function enrich(
  attempt: Attempt,
  connection: Connection,
  catalog: Catalog,
  settings: Settings,
): Promise<Outcome> {
  const { job, posted } = attempt;
  const scanned = job.scanned ?? scanTicket(await load(connection, job.ticketId));
  const comment = await compose(scanned, catalog, settings);
  if (comment === null) {
    return { ...NO_CODE, catalogVersion: catalog.version };
  }
  const { codes, contactMicrosoft, catalogVersion, locale } = comment;
  const told = { codes, contactMicrosoft, catalogVersion, locale };
  const digest = await digestOf(comment);
  if (posted?.digest === digest && !job.force) {
    return { ...told, outcome: "unchanged", commentId: posted.commentId, digest };
  }
  const posting = toPosting(attempt, comment, settings);
  const commentId = await connection.settleComment(posting, attempt.triedBefore);
  return { ...told, outcome: "posted", commentId, digest };
}

const NO_CODE = {
  outcome: "no_code",
  commentId: null,
  digest: null,
  codes: [],
  contactMicrosoft: false,
  locale: null,
} as const;

function load({ fetchTicket, name }: Connection, ticketId: string) {
  if (fetchTicket) return fetchTicket(ticketId);
  throw new Failure("ticket_unknown", `${name} cannot read a ticket`);
}

/** Scans all texts of a ticket. Nothing of them is in the result but codes. */
export function scanTicket(ticket: Ticket, limit = MAX_SCANNED_LENGTH): Scanned {
  const { subject, body, locale } = ticket;
  const scans = scanTexts(ticket, limit);
  const codes = eachOnce(scans.flatMap(({ findings }) => findings));
  return {
    codes: codes.slice(0, MAX_KEPT_CODES),
    more: Math.max(0, codes.length - MAX_KEPT_CODES),
    locale: readTag(locale) ?? guessLocale(`${subject}\n${body}`),
    cut: subject.length + body.length > limit,
  };
}

/** The language tag which a text begins with, as `ja_JP.UTF-8` does; nothing else of it is kept. */
function readTag(text: string | null) {
  return text && (/^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,4}(?![A-Za-z0-9])/.exec(text)?.[0] ?? null);
}

/** A code that is weak in one place and sure in another is sure. */
function eachOnce(findings: readonly Finding[]) {
  const codes = new Map<Hresult, boolean>();
  for (const { code, weak } of findings) codes.set(code, weak && (codes.get(code) ?? true));
  return [...codes].map(([code, weak]) => ({ code, weak }));
}

/** Scans subject and body, in this order, as far as the limit reaches; places are those as sent. */
export function scanTexts(
  { subject, body, format }: Pick<Ticket, "subject" | "body" | "format">,
  limit = MAX_SCANNED_LENGTH,
): [Scan, Scan] {
  const title = subject.slice(0, limit);
  const text = body.slice(0, limit - title.length);
  return [scanText(title, "text"), scanText(text, format)];
}

function scanText(text: string, format: Ticket["format"]): Scan {
  const { text: readable, sourceOf } = plain(text, format);
  const found = scan(readable);
  if (readable === text) return found;
  const back = <T extends Place>(all: readonly T[]) =>
    all.map((each) => ({ ...each, ...sourceOf(each) }));
  return {
    findings: back(found.findings),
    names: back(found.names),
    ignored: back(found.ignored),
  };
}

/** Looks the codes up and renders; null when there is nothing to say. */
export async function compose(
  { codes, more, locale, cut }: Scanned,
  catalog: Catalog,
  { unlistedCodes, defaultLocale }: Pick<Settings, "unlistedCodes" | "defaultLocale">,
): Promise<Comment | null> {
  const listed = await catalog.lookUp(codes.map((each) => each.code));
  const known = codes
    .filter(({ code, weak }) => listed.has(code) || (!weak && unlistedCodes !== "ignore"))
    .map(({ code }): Known => ({ code, listed: listed.get(code) ?? null }));
  if (known.length === 0) return null;
  const about = { locale: locale ?? defaultLocale, catalogVersion: catalog.version, cut };
  return render(known, { ...about, more: unlistedCodes === "ignore" ? 0 : more });
}

/** Two comments with one digest say the same; a new version of the catalog alone changes nothing. */
async function digestOf({ blocks, locale }: Comment) {
  const bytes = new TextEncoder().encode(JSON.stringify([locale, blocks]));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

function toPosting({ job, marker, at }: Attempt, comment: Comment, settings: Settings): Posting {
  const { ticketId } = job;
  return { ticketId, comment, visibility: settings.commentVisibility, marker, at };
}
