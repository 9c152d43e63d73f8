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

/** The state that earlier comments and earlier attempts left. */
export interface Earlier {
  /** An earlier attempt may have posted this comment. */
  readonly mayBePosted: boolean;
  /** Until then a comment that was sent without an answer may still appear. */
  readonly outcomeUnknownUntil: Date;
  /** The comment to edit; null to post a new one. */
  readonly replaces: { readonly commentId: string; readonly visibility: Visibility } | null;
  /** Post no new comment: if the earlier one cannot be edited, do nothing. */
  readonly editOnly: boolean;
  /** Called just before a new comment is sent. If it rejects, nothing is posted. */
  readonly beforePosting: () => Promise<void>;
}

/** The result of the delivery. `unchanged`: nothing was posted or edited. */
export interface DeliveredComment {
  readonly outcome: "posted" | "updated" | "unchanged";
  readonly commentId: CommentId;
}

/** The ticket system that gets the comment. */
export interface Target {
  readonly name: string;
  readonly comment: CommentForm;
  readonly system: TicketSystem;
}

/**
 * Delivers a comment exactly once: edits the earlier comment, or finds the one that an earlier
 * attempt posted, or posts it. A comment that gets the wrong visibility is retracted.
 *
 * @throws {Failure} `comment_awaited` while a comment that was sent may still appear;
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
 * Sets the labels of a comment without posting it.
 *
 * @throws {Failure} `settings_invalid` when labels can only be set together with a comment.
 */
export async function labelWithoutComment(target: Target, posting: Posting): Promise<void> {
  refuseTagsMode(target.name, target.system.setLabels !== undefined);
  // As an edit, because the labels of an earlier attempt may be outdated.
  await setLabels(target, posting, true);
}

/**
 * @throws {Failure} `settings_invalid` for `COMMENT_MODE=tags` without a way to set only labels.
 */
export function refuseTagsMode(name: string, canLabel: boolean): void {
  if (canLabel) return;
  const why = `${name} sets no labels without a comment`;
  throw new Failure("settings_invalid", `COMMENT_MODE=tags: ${why}`);
}

/**
 * @throws {Failure} `settings_invalid` when everyone can read comments and no setting allows it.
 */
export function refuseUnsaidPublic(
  { name, internalNotes }: { readonly name: string; readonly internalNotes: boolean },
  visibility: Visibility,
): void {
  if (internalNotes || visibility === "public") return;
  const advice = "set COMMENT_VISIBILITY=public, if everyone may read the comments";
  throw new Failure("settings_invalid", `${name} has no internal notes: ${advice}`);
}

/**
 * Edits our comment. Returns its id; undefined when it was deleted, or its visibility has changed.
 */
async function edit(target: Target, posting: Posting, { replaces }: Earlier) {
  const { system } = target;
  const { ticketId, visibility, marker } = posting;
  if (!system.editComment || replaces?.visibility !== visibility) return undefined;
  const { commentId } = replaces;
  try {
    // A person may have made it visible to the requester.
    const { visibilityOf } = system;
    if (visibilityOf && (await visibilityOf(ticketId, commentId)) !== visibility) return undefined;
    await setLabels(target, posting, true);
    const comment = await write(target, posting);
    const shown = { ...(await system.editComment(comment, commentId)), id: commentId };
    await checkVisibility(target, comment, shown, true);
    await system.mark?.(commentId, marker);
    return commentId;
  } catch (error) {
    if (isRefusal(toFailure(error))) return undefined;
    throw error;
  }
}

/**
 * Finds the comment that an earlier attempt posted. Returns its id; undefined when there is none.
 */
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
  // An older comment was internal, and a person has made it public: that is not our fault.
  if (isRecent(found.createdAt, at))
    await checkVisibility(target, { ...posting, text: "" }, found, false);
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
  await checkVisibility(target, comment, posted, false);
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

/** Retracts a comment whose visibility is not the intended one. */
async function checkVisibility(
  { system }: Target,
  comment: WrittenComment,
  { id, visibility }: PostedComment,
  isEdit: boolean,
) {
  if (visibility === undefined || visibility === comment.visibility) return;
  // Even if the retraction fails, the wrong visibility is what must be reported.
  if (id !== null) await system.retract?.(comment, id, isEdit).catch(() => null);
  throw denied(WRONG_VISIBILITY);
}

/** How old a comment may be whose visibility is still checked. */
const RECENT_MS = 24 * 60 * 60 * 1000;

/** A comment without a time counts as recent. */
function isRecent(createdAt: string | null | undefined, at: Date) {
  return !(at.getTime() - Date.parse(createdAt ?? "") > RECENT_MS);
}
