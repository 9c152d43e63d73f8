import * as z from "zod/mini";
import { namesVersion } from "../../../comment/own-comment.ts";
import { toFailure } from "../../../failure.ts";
import type { Api } from "../../client/api.ts";
import { answerInvalid, denied } from "../../client/failures.ts";
import { Id, Text } from "../../client/schemas.ts";
import { faultUnless } from "../../client/set-up.ts";
import type { TicketSystem } from "../../connector.ts";
import { toPosted, toVisibility } from "../../posted-comment.ts";

const CommentId = Id.check(z.regex(/^\d+$/));
/** Cloud has account ids, Data Center has keys. */
const User = z.pipe(
  z.object({ accountId: Text, key: Text }),
  z.transform(({ accountId, key }) => accountId ?? key ?? null),
);
const Comment = z.object({ id: CommentId, body: Text, author: z.nullish(User) });
export const Comments = z.object({ comments: z.array(Comment) });
const Posted = z.object({ id: CommentId, public: z.boolean() });
const Property = z.object({ value: z.object({ marker: z.string() }) });
const Right = z.object({ havePermission: z.boolean() });
const Rights = z.object({ permissions: z.record(z.string(), Right) });
const AGENT = "SERVICEDESK_AGENT";
const NEEDED = ["BROWSE_PROJECTS", "ADD_COMMENTS", "EDIT_OWN_COMMENTS", "DELETE_OWN_COMMENTS"];

/**
 * The comments of Jira. The API of Service Management writes and shows whether a comment is public;
 * the API of Jira edits it, and keeps the marker as a property.
 */
export const commentsOf = (api: Api) =>
  ({
    /** Only agents can comment internally. A Jira without this permission is trusted until the read-back. */
    async checkRights(key, visibility) {
      if (visibility === "public") return;
      const path = `api/2/mypermissions?issueKey=${key}&permissions=${AGENT}`;
      const answer = await api.get(path, Rights).catch(nullIf(400));
      const isAgent = answer?.permissions[AGENT]?.havePermission ?? true;
      if (!isAgent) throw denied("the service user is no agent");
    },

    async postComment({ ticketId, text, visibility }) {
      const comment = { body: text, public: visibility === "public" };
      const posted = await api.change("POST", requestPath(ticketId), comment, Posted);
      return toPosted(posted.id, !posted.public);
    },

    visibilityOf: (key, id) => readVisibility(api, key, id),

    async editComment({ ticketId, text }, id) {
      await api.send("PUT", commentPath(ticketId, id), { body: text });
      return { visibility: await readVisibility(api, ticketId, id) };
    },

    retract: ({ ticketId }, id) => api.send("DELETE", commentPath(ticketId, id)),

    mark: (id, marker) => api.send("PUT", propertyPath(id), { marker }),

    /**
     * Finds our newest comment with this marker. One without any marker counts, too, if its text is
     * ours: the attempt that posted it ended before it was marked. What a person wrote with the
     * same login does not count.
     */
    async findComment(key, wanted, visibility) {
      const me = await readMyself(api);
      const newest = `${issuePath(key)}/comment?orderBy=-created&maxResults=100`;
      for (const { id, author, body } of (await api.get(newest, Comments)).comments) {
        if (author !== me || !namesVersion(body ?? "")) continue;
        const property = await api.get(propertyPath(id), Property).catch(nullIf(404));
        if (property?.value.marker === wanted) return { id };
        if (property !== null) continue;
        if ((await readVisibility(api, key, id)) === visibility) return { id };
        // The attempt that posted it ended before it was retracted.
        await api.send("DELETE", commentPath(key, id));
        return undefined;
      }
      return undefined;
    },

    async check() {
      const path = `api/2/mypermissions?permissions=${NEEDED.join()}`;
      const { permissions } = await api.get(path, Rights);
      return NEEDED.flatMap((right) => {
        const has = permissions[right]?.havePermission ?? false;
        return faultUnless(has, `the service user has not the permission ${right}`);
      });
    },
  }) satisfies Partial<TicketSystem>;

export const issuePath = (key: string) => `api/2/issue/${key}`;
const commentPath = (key: string, id: string) => `${issuePath(key)}/comment/${id}`;
const requestPath = (key: string) => `servicedeskapi/request/${key}/comment`;
const propertyPath = (id: string) => `api/2/comment/${id}/properties/hresult-comments`;

/** The service user, as comments name their author. */
export async function readMyself(api: Api): Promise<string> {
  const name = await api.get("api/2/myself", User);
  if (name !== null) return name;
  throw answerInvalid("a service user without a name");
}

async function readVisibility(api: Api, key: string, id: string) {
  return toVisibility(!(await api.get(`${requestPath(key)}/${id}`, Posted)).public);
}

const nullIf = (status: number) => (error: unknown) => {
  if (toFailure(error).ticketSystemStatus === status) return null;
  throw error;
};
