import { inSituation, type Known, lookUp } from "../catalog/look-up.ts";
import type { Catalog } from "../catalog/store.ts";
import type { Comment } from "../comment/comment.ts";
import { render } from "../comment/render.ts";
import type { Connection } from "../connectors/connection.ts";
import type { Posting, Visibility } from "../connectors/connector.ts";
import type { Earlier } from "../connectors/deliver-comment.ts";
import type { Settings } from "../env.ts";
import { Failure } from "../failure.ts";
import type { Scanned } from "../ticket.ts";
import { scanTicket } from "./scan-ticket.ts";

/** What the ledger knows of the ticket when it starts to work on it. */
export interface Attempt {
  readonly job: {
    readonly ticketId: string;
    /** Null when the ticket has to be read first. */
    readonly scanned: Scanned | null;
    /** Post even when nothing changed. */
    readonly force: boolean;
  };
  readonly marker: string;
  readonly triedBefore: boolean;
  /** A comment that was sent and not answered may show up until then. */
  readonly unsureUntil: Date;
  /** Of the comment that is on the ticket now; null when there is none. */
  readonly posted: {
    readonly digest: string;
    readonly commentId: string | null;
    /** Null when an earlier version did not note it. */
    readonly visibility: Visibility | null;
  } | null;
  readonly at: Date;
  /** Notes that the comment is about to leave; when it rejects, nothing is posted. */
  readonly beforePosting: () => Promise<void>;
}

/** What became of a ticket. */
export interface Outcome {
  readonly outcome: "posted" | "updated" | "unchanged" | "no_code";
  readonly commentId: string | null;
  /** Of the comment that was posted or updated; else null. */
  readonly visibility: Visibility | null;
  readonly digest: string | null;
  readonly codes: readonly string[];
  /** For each code the topic whose advice was given; null where the situation was not certain. */
  readonly topics: readonly (string | null)[];
  /** The topic of the ticket; null when it is not certain. */
  readonly situation: string | null;
  /** Those of the ticket which the catalog does not list. */
  readonly unlisted: readonly string[];
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
  const known = await lookUp(scanned.traces, catalog);
  const unlisted = known.filter((each) => each.listed === null).map(({ code }) => code);
  const comment = compose(scanned, known, catalog, settings);
  if (comment === null) {
    return { ...NO_CODE, unlisted, catalogVersion: catalog.version };
  }
  const { codes, contactMicrosoft, catalogVersion, locale } = comment;
  const told = {
    codes,
    topics: codes.map(() => null),
    situation: null,
    unlisted,
    contactMicrosoft,
    catalogVersion,
    locale,
  };
  const digest = await digestOf(comment);
  if (posted?.digest === digest && !job.force) {
    return { ...told, outcome: "unchanged", commentId: null, visibility: null, digest };
  }
  const posting = toPosting(attempt, comment, settings);
  const settled = await connection.settleComment(posting, toEarlier(attempt));
  return { ...told, ...settled, visibility: posting.visibility, digest };
}

/** A forced comment is a new one; any other takes the place of the one before. */
function toEarlier(attempt: Attempt): Earlier {
  const { job, posted, triedBefore, unsureUntil, beforePosting } = attempt;
  const { commentId, visibility } = posted ?? {};
  const replaces = commentId && visibility && !job.force ? { commentId, visibility } : null;
  return { triedBefore, unsureUntil, replaces, beforePosting };
}

const NO_CODE = {
  outcome: "no_code",
  commentId: null,
  visibility: null,
  digest: null,
  codes: [],
  topics: [],
  situation: null,
  contactMicrosoft: false,
  locale: null,
} as const;

function load({ fetchTicket, name }: Connection, ticketId: string) {
  if (fetchTicket) return fetchTicket(ticketId);
  throw new Failure("ticket_unknown", `${name} cannot read a ticket`);
}

/** Renders what is known of the codes that a scan found; null when there is nothing to say. */
export function compose(
  { more, locale, cutAt, contexts }: Scanned,
  known: readonly Known[],
  { version }: Pick<Catalog, "version">,
  { unlistedCodes, defaultLocale }: Pick<Settings, "unlistedCodes" | "defaultLocale">,
): Comment | null {
  const ignoring = unlistedCodes === "ignore";
  const isHello = contexts.includes("windows-hello");
  const meant = inSituation(known, contexts);
  const told = (ignoring ? meant.filter((each) => each.listed) : meant).map((each) => ({
    ...each,
    contactMicrosoft:
      each.listed?.entry.contactMicrosoft ?? (isHello || unlistedCodes === "contact-microsoft"),
  }));
  if (told.length === 0) return null;
  return render(told, {
    locale: locale ?? defaultLocale,
    catalogVersion: version,
    more: ignoring ? 0 : more,
    cutAt,
  });
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
