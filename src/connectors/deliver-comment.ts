import { Failure, toFailure } from "../failure.ts";
import { isRefusal } from "./client/failures.ts";
import type { Http } from "./client/http.ts";
import type { CommentId, Connector, Posting, Visibility } from "./connector.ts";

/** What is known of earlier comments, and earlier tries to post this one. */
export interface Earlier {
  readonly triedBefore: boolean;
  /** What was sent and not answered may show up until then. */
  readonly unsureUntil: Date;
  /** The comment that this one may take the place of; null when it is to be a new one. */
  readonly replaces: { readonly commentId: string; readonly visibility: Visibility } | null;
  /** Called just before a new comment leaves; when it rejects, nothing is posted. */
  readonly beforePosting: () => Promise<void>;
}

/** What was done with a comment. */
export interface SettledComment {
  readonly outcome: "posted" | "updated";
  readonly commentId: CommentId;
}

/** Edits, finds or posts a comment, in this order: whatever happened before, it is there once. */
export async function settleComment<S>(
  connector: Connector<S>,
  settings: S,
  http: Http,
  posting: Posting,
  earlier: Earlier,
): Promise<SettledComment> {
  refuseUnsaidPublic(connector, posting.visibility);
  if (await edit(connector, settings, http, posting, earlier)) {
    return { outcome: "updated", commentId: earlier.replaces?.commentId ?? null };
  }
  const found = await find(connector, settings, http, posting, earlier);
  if (found !== undefined) return { outcome: "posted", commentId: found };
  await earlier.beforePosting();
  return { outcome: "posted", commentId: await connector.postComment(http, settings, posting) };
}

/** Never from internal to public: who has no internal notes must have been told that it may be. */
export function refuseUnsaidPublic(
  { name, internalNotes }: Pick<Connector<unknown>, "name" | "internalNotes">,
  visibility: Visibility,
): void {
  if (internalNotes || visibility === "public") return;
  const mend = "set COMMENT_VISIBILITY=public, if everyone may read the comments";
  throw new Failure("settings_invalid", `${name} has no internal notes: ${mend}`);
}

/** Whether our earlier comment now has the new words. One that is gone, or hidden, is left alone. */
async function edit<S>(
  { editComment }: Connector<S>,
  settings: S,
  http: Http,
  posting: Posting,
  { replaces }: Earlier,
): Promise<boolean> {
  if (!editComment || replaces?.visibility !== posting.visibility) return false;
  try {
    await editComment(http, settings, posting, replaces.commentId);
    return true;
  } catch (error) {
    if (isRefusal(toFailure(error))) return false;
    throw error;
  }
}

/** Our comment, when an earlier try got through; `undefined` when it is not there. */
async function find<S>(
  { findComment }: Connector<S>,
  settings: S,
  http: Http,
  { ticketId, marker, visibility, at }: Posting,
  { triedBefore, unsureUntil }: Earlier,
): Promise<CommentId | undefined> {
  if (!triedBefore || !findComment) return undefined;
  const found = await findComment(http, settings, ticketId, marker, visibility);
  const retryAfterMs = unsureUntil.getTime() - at.getTime();
  if (found === undefined && retryAfterMs > 0) {
    throw new Failure("comment_awaited", "it may be stored yet", { retryAfterMs });
  }
  return found;
}
