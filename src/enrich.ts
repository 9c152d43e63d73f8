import { lookUp } from "./catalog/look-up.ts";
import type { Catalog } from "./catalog/store.ts";
import type { Comment } from "./comment/comment.ts";
import { render } from "./comment/render.ts";
import type { Connection } from "./connectors/connection.ts";
import type { Posting } from "./connectors/connector.ts";
import type { Settings } from "./env.ts";
import { Failure } from "./errors.ts";
import { scanTicket } from "./scan-ticket.ts";
import type { Job, Scanned } from "./ticket.ts";

/** What the ledger knows of the ticket when it starts to work on it. */
export interface Attempt {
  readonly job: Pick<Job, "ticketId" | "scanned" | "force">;
  readonly marker: string;
  readonly triedBefore: boolean;
  /** A comment that was sent and not answered may show up until then. */
  readonly unsureUntil: Date;
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
  const commentId = await connection.settleComment(posting, attempt);
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

/** Looks up what the scan found, and renders it; null when there is nothing to say. */
export async function compose(
  { traces, more, locale, cutAt, contexts }: Scanned,
  catalog: Catalog,
  { unlistedCodes, defaultLocale }: Pick<Settings, "unlistedCodes" | "defaultLocale">,
): Promise<Comment | null> {
  const ignoring = unlistedCodes === "ignore";
  const all = await lookUp(traces, catalog);
  const known = ignoring ? all.filter((each) => each.listed) : all;
  if (known.length === 0) return null;
  return render(known, {
    locale: locale ?? defaultLocale,
    catalogVersion: catalog.version,
    more: ignoring ? 0 : more,
    cutAt,
    contexts,
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
