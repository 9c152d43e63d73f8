import { Failure, toFailure } from "../failure.ts";
import { denied, isRefusal } from "./client/failures.ts";
import type {
  CommentForm,
  CommentId,
  PostedComment,
  Posting,
  TicketSystem,
  Visibility,
  WrittenComment,
} from "./connector.ts";
import { unlessRefused, withoutLabelsIfRefused } from "./labels.ts";
import { writeComment } from "./write-comment.ts";

/** What is known of earlier comments, and earlier attempts to post this one. */
export interface Earlier {
  /** An earlier attempt may have posted this comment. */
  readonly mayBePosted: boolean;
  /** What was sent and not answered may show up until then. */
  readonly outcomeUnknownUntil: Date;
  /** The comment that this one may take the place of; null when it is to be a new one. */
  readonly replaces: { readonly commentId: string; readonly visibility: Visibility } | null;
  /** No new comment may be posted: when that one cannot be edited, nothing is done. */
  readonly editOnly: boolean;
  /** Called just before a new comment leaves; when it rejects, nothing is posted. */
  readonly beforePosting: () => Promise<void>;
}

/** What was done with a comment. */
export interface DeliveredComment {
  readonly outcome: "posted" | "updated" | "unchanged";
  readonly commentId: CommentId;
}

/** What a connector brings to the delivery of a comment. */
export interface Target {
  readonly name: string;
  readonly comment: CommentForm;
  readonly system: TicketSystem;
}

/**
 * Brings a comment onto its ticket: edits the earlier comment, or finds what an earlier attempt
 * posted, or posts it. Whatever happened before, it is there once. A comment that gets the wrong
 * visibility is retracted.
 *
 * @throws {Failure} `comment_awaited` while a comment that was sent may show up yet;
 *   `ticket_system_denied` for a comment with the wrong visibility.
 */
export async function deliverComment(
  target: Target,
  posting: Posting,
  earlier: Earlier,
): Promise<DeliveredComment> {
  const { name, comment } = target;
  refuseUnsaidPublic({ name, internalNotes: comment.internal }, posting.visibility);
  const edited = await edit(target, posting, earlier);
  if (edited !== undefined) return { outcome: "updated", commentId: edited };
  if (earlier.editOnly) return { outcome: "unchanged", commentId: null };
  const found = await find(target, posting, earlier);
  const commentId = found === undefined ? await post(target, posting, earlier) : found;
  return { outcome: "posted", commentId };
}

/**
 * Sets the labels of a comment that is not posted.
 *
 * @throws {Failure} `settings_invalid` where labels are set together with a comment only.
 */
export async function labelWithoutComment(target: Target, posting: Posting): Promise<void> {
  refuseTagsMode(target.name, target.system.setLabels !== undefined);
  // As for an edit: what an earlier attempt has set may no longer hold.
  await setLabels(target, posting, true);
}

/** Refuses `COMMENT_MODE=tags` where labels are set together with a comment only. */
export function refuseTagsMode(name: string, canLabel: boolean): void {
  if (canLabel) return;
  const why = `${name} sets no labels without a comment`;
  throw new Failure("settings_invalid", `COMMENT_MODE=tags: ${why}`);
}

/** Refuses to post where everyone reads the comments, unless that was set. */
export function refuseUnsaidPublic(
  { name, internalNotes }: { readonly name: string; readonly internalNotes: boolean },
  visibility: Visibility,
): void {
  if (internalNotes || visibility === "public") return;
  const advice = "set COMMENT_VISIBILITY=public, if everyone may read the comments";
  throw new Failure("settings_invalid", `${name} has no internal notes: ${advice}`);
}

/** The id of our edited comment; undefined when it was deleted, or has another visibility by now. */
async function edit(target: Target, posting: Posting, { replaces }: Earlier) {
  const { system } = target;
  const { ticketId, visibility, marker } = posting;
  if (!system.editComment || replaces?.visibility !== visibility) return undefined;
  const { commentId } = replaces;
  try {
    // Somebody may have shown it to the requester since.
    const { visibilityOf } = system;
    if (visibilityOf && (await visibilityOf(ticketId, commentId)) !== visibility) return undefined;
    await setLabels(target, posting, true);
    const comment = await write(target, posting);
    await readBack(target, comment, await system.editComment(comment, commentId), true);
    await system.mark?.(commentId, marker);
    return commentId;
  } catch (error) {
    if (isRefusal(toFailure(error))) return undefined;
    throw error;
  }
}

/** The id of our comment, when an earlier attempt posted it; undefined when it is not there. */
async function find(
  target: Target,
  posting: Posting,
  { mayBePosted, outcomeUnknownUntil }: Earlier,
): Promise<CommentId | undefined> {
  const { system } = target;
  const { ticketId, marker, visibility, at } = posting;
  if (!mayBePosted || !system.findComment) return undefined;
  const found = await system.findComment(ticketId, marker, visibility);
  if (found === undefined) {
    const retryAfterMs = outcomeUnknownUntil.getTime() - at.getTime();
    if (retryAfterMs <= 0) return undefined;
    throw new Failure("comment_awaited", "it may be stored yet", { retryAfterMs });
  }
  if (found.isRetracted) throw denied(WRONG_VISIBILITY);
  // An older one was internal, and somebody showed it to the requester.
  if (isRecent(found.createdAt, at)) await readBack(target, { ...posting, text: "" }, found, false);
  if (found.id !== null) await system.mark?.(found.id, marker);
  return found.id;
}

async function post(
  target: Target,
  posting: Posting,
  { beforePosting }: Earlier,
): Promise<CommentId> {
  const { name, system } = target;
  await system.checkRights?.(posting.ticketId, posting.visibility);
  await setLabels(target, posting, false);
  const comment = await write(target, posting);
  const fields = (await system.labelFields?.(posting)) ?? {};
  const ticket = { connector: name, id: posting.ticketId };
  const posted = await withoutLabelsIfRefused(ticket, fields, async (labels) => {
    await beforePosting();
    return system.postComment(comment, labels);
  });
  await readBack(target, comment, posted, false);
  if (posted.id !== null) await system.mark?.(posted.id, posting.marker);
  return posted.id;
}

async function write({ comment, system }: Target, posting: Posting): Promise<WrittenComment> {
  const form = { ...comment, ...(await system.formFor?.(posting.ticketId)) };
  return { ...posting, text: writeComment(posting, form) };
}

async function setLabels({ name, system }: Target, posting: Posting, isEdit: boolean) {
  if (!system.setLabels) return;
  const ticket = { connector: name, id: posting.ticketId };
  await unlessRefused(ticket, system.setLabels(posting, isEdit));
}

const WRONG_VISIBILITY =
  "the comment got the wrong visibility: may the service user post internal comments";

/** Retracts a comment that the ticket system shows to other people than intended. */
async function readBack(
  { system }: Target,
  comment: WrittenComment,
  { id, visibility }: PostedComment,
  isEdit: boolean,
) {
  if (visibility === undefined || visibility === comment.visibility) return;
  // Even if this fails, the reason for it is what has to be reported.
  if (id !== null) await system.retract?.(comment, id, isEdit).catch(() => null);
  throw denied(WRONG_VISIBILITY);
}

const RECENT_MS = 24 * 60 * 60 * 1000;

/** A comment without a time is taken for a new one. */
function isRecent(createdAt: string | null | undefined, at: Date) {
  return !(at.getTime() - Date.parse(createdAt ?? "") > RECENT_MS);
}
