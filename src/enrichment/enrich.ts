import type { Catalog } from "../catalog/store.ts";
import type { Comment } from "../comment/comment.ts";
import type { Connection } from "../connectors/connection.ts";
import type { Posting, Visibility } from "../connectors/connector.ts";
import type { Earlier } from "../connectors/deliver-comment.ts";
import type { CommentSettings } from "../env.ts";
import { Failure } from "../failure.ts";
import type { PictureReader } from "../picture.ts";
import type { AttachedText, CodeSource, Scanned, Ticket } from "../ticket.ts";
import { advise } from "./advise.ts";
import { joinScans } from "./join-scans.ts";
import { scanTicket, scanUnlessSkipped } from "./scan-ticket.ts";

/** The state of a ticket when an attempt begins. */
export interface Attempt {
  readonly job: {
    readonly ticketId: string;
    /** Null when the ticket must be read first. */
    readonly scanned: Scanned | null;
    /** Post even when nothing changed. */
    readonly force: boolean;
  };
  readonly marker: string;
  /** An earlier attempt may have posted the comment. */
  readonly mayBePosted: boolean;
  /** Until then a comment that was sent without an answer may still appear. */
  readonly outcomeUnknownUntil: Date;
  /** The comment that is on the ticket now; null when there is none. */
  readonly posted: {
    readonly digest: string;
    readonly commentId: string | null;
    /** Null when it was posted by an earlier version, which did not store it. */
    readonly visibility: Visibility | null;
    /** Those of its codes that were read in pictures, and nowhere else. */
    readonly pictureCodes: readonly string[];
  } | null;
  readonly at: Date;
  /** Only edit the comment on the ticket; post no new one. */
  readonly editOnly: boolean;
  /** Records that the comment is about to be sent. If it rejects, nothing is posted. */
  readonly beforePosting: () => Promise<void>;
}

/** The result of enriching a ticket. */
export interface Outcome {
  /**
   * `withheld`: there is a comment, and COMMENT_MODE=shadow keeps it back. `tagged`: only its
   * labels were set, as COMMENT_MODE=tags demands. `skipped`: the ticket bears a tag of SKIP_TAGS.
   */
  readonly outcome:
    | "posted"
    | "updated"
    | "unchanged"
    | "no_code"
    | "skipped"
    | "withheld"
    | "tagged";
  readonly commentId: string | null;
  /** The visibility of the comment that was posted or updated; else null. */
  readonly visibility: Visibility | null;
  readonly digest: string | null;
  readonly codes: readonly string[];
  /** For each code the topic of its advice; null when the situation was not certain. */
  readonly topics: readonly (string | null)[];
  /** For each code where it was read, if only in a picture. */
  readonly sources: readonly (CodeSource | null)[];
  /** The topic of the ticket; null when it is not certain. */
  readonly situation: string | null;
  /** The codes of the ticket that the catalog does not list. */
  readonly unlisted: readonly string[];
  /** The catalog has steps for at least one of its codes. */
  readonly hasSteps: boolean;
  readonly contactMicrosoft: boolean;
  readonly catalogVersion: string;
  readonly locale: string | null;
}

/**
 * Brings one ticket from job to comment: load, scan, look up, render, post.
 *
 * @param reader Reads the pictures of a ticket, if anybody does.
 * @throws {Failure} `picture_unread` when a recheck would take a code out of the comment.
 */
export async function enrich(
  attempt: Attempt,
  connection: Connection,
  catalog: Catalog,
  settings: CommentSettings,
  reader: PictureReader | null = null,
): Promise<Outcome> {
  const { job, posted } = attempt;
  const scanned = await scannedOf(job, connection, catalog, settings, reader);
  if (scanned.skipTag !== undefined) {
    const catalogVersion = catalog.version;
    return { ...NOTHING_SAID, outcome: "skipped", unlisted: [], catalogVersion };
  }
  const { advice, comment, topic } = await advise(scanned, catalog, settings);
  refuseLoss(attempt, comment);
  const unlisted = advice.filter(({ status }) => status !== "listed").map(({ code }) => code);
  if (comment === null) {
    const catalogVersion = catalog.version;
    return { ...NOTHING_SAID, outcome: "no_code", unlisted, catalogVersion };
  }
  const { codes, contactMicrosoft, catalogVersion, locale } = comment;
  const said = {
    codes,
    topics: advice.map((each) => each.topic),
    sources: advice.map((each) => each.source),
    situation: topic,
    unlisted,
    hasSteps: advice.some(({ steps }) => steps.length > 0),
    contactMicrosoft,
    catalogVersion,
    locale,
  };
  const digest = await digestOf(comment);
  if (posted?.digest === digest && !job.force) {
    return { ...said, outcome: "unchanged", commentId: null, visibility: null, digest };
  }
  const posting = toPosting(attempt, comment, settings);
  if (settings.commentMode !== "post") {
    if (settings.commentMode === "tags") await connection.setLabels(posting);
    const outcome = settings.commentMode === "tags" ? "tagged" : "withheld";
    // No digest is stored, so that a later re-trigger posts the comment.
    return { ...said, outcome, commentId: null, visibility: null, digest: null };
  }
  const settled = await connection.deliverComment(posting, toEarlier(attempt));
  if (settled.outcome === "unchanged") {
    return { ...said, ...settled, visibility: null, digest: null };
  }
  return { ...said, ...settled, visibility: posting.visibility, digest };
}

/**
 * The scan of the delivery, or else of the ticket, which is then read. A scan without a catalog has
 * no signs, so the ticket is read and scanned again if that is possible.
 */
async function scannedOf(
  { scanned, ticketId }: Attempt["job"],
  connection: Connection,
  catalog: Catalog,
  { skipTags }: CommentSettings,
  reader: PictureReader | null,
): Promise<Scanned> {
  const isWhole = scanned !== null && (scanned.signs !== null || !connection.readTicket);
  if (!isWhole) {
    const ticket = await load(connection, ticketId, reader);
    return scanUnlessSkipped(ticket, catalog.findSigns, skipTags);
  }
  if (scanned.skipTag !== undefined) return scanned;
  const pictures = await picturesOf(connection, ticketId, reader);
  return pictures.length === 0
    ? scanned
    : joinScans(scanned, scanTicket(withoutText(pictures), catalog.findSigns));
}

/** How long a recheck waits for a picture that cannot be read. */
const PICTURE_RETRY_MS = 3_600_000;

/**
 * Keeps a recheck from taking a code out of the comment that was read in a picture. A connection
 * leaves out a picture that cannot be fetched or read, as if the ticket did not have it. A recheck
 * is there to add what the catalog has learned.
 *
 * @throws {Failure} `picture_unread` when such a code is not found again.
 */
function refuseLoss({ editOnly, posted }: Attempt, comment: Comment | null) {
  if (!editOnly || posted === null) return;
  const codes = new Set<string>(comment?.codes);
  const lost = posted.pictureCodes.filter((code) => !codes.has(code));
  if (lost.length === 0) return;
  const message = `not found again: ${lost.join(", ")}`;
  throw new Failure("picture_unread", message, { retryAfterMs: PICTURE_RETRY_MS });
}

/** The pictures of a ticket whose delivery carried its text. Whatever fails, there are none. */
async function picturesOf(
  { readPictures }: Connection,
  ticketId: string,
  reader: PictureReader | null,
): Promise<AttachedText[]> {
  if (readPictures === null || reader === null) return [];
  return readPictures(ticketId, reader).catch(() => []);
}

function withoutText(attachments: AttachedText[]): Ticket {
  return { subject: "", body: "", format: "text", locale: null, attachments };
}

/** A forced comment is posted as a new one. Any other replaces the earlier comment. */
function toEarlier(attempt: Attempt): Earlier {
  const { job, posted, mayBePosted, outcomeUnknownUntil, editOnly, beforePosting } = attempt;
  const { commentId, visibility } = posted ?? {};
  const replaces = commentId && visibility && !job.force ? { commentId, visibility } : null;
  return {
    mayBePosted,
    outcomeUnknownUntil,
    replaces,
    editOnly,
    beforePosting,
  };
}

const NOTHING_SAID = {
  commentId: null,
  visibility: null,
  digest: null,
  codes: [],
  topics: [],
  sources: [],
  situation: null,
  hasSteps: false,
  contactMicrosoft: false,
  locale: null,
} as const;

function load({ readTicket, name }: Connection, ticketId: string, reader: PictureReader | null) {
  if (readTicket) return readTicket(ticketId, reader);
  throw new Failure("ticket_unknown", `${name} cannot read a ticket`);
}

/** Comments with the same digest say the same. The digest leaves out the catalog version. */
async function digestOf({ blocks, locale }: Comment) {
  const bytes = new TextEncoder().encode(JSON.stringify([locale, blocks]));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

function toPosting(
  { job, marker, at }: Attempt,
  comment: Comment,
  settings: CommentSettings,
): Posting {
  const { ticketId } = job;
  return { ticketId, comment, visibility: settings.commentVisibility, marker, at };
}
