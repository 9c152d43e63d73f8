import * as z from "zod/mini";
import { namesVersion } from "../../comment/own-comment.ts";
import { CONTACT_MICROSOFT } from "../../comment/tags.ts";
import { toFailure } from "../../failure.ts";
import { hubSignature } from "../../webhook/hub-signature.ts";
import { TextSecrets } from "../../webhook/secrets.ts";
import type { Api } from "../client/api.ts";
import { answerInvalid, denied } from "../client/failures.ts";
import { Id, Text } from "../client/schemas.ts";
import { faultUnless } from "../client/set-up.ts";
import { BaseUrl, basicLogin, OnByDefault, rootOf, Token } from "../client/settings.ts";
import type { OptionalText } from "../connector.ts";
import { defineConnector } from "../define-connector.ts";
import { toPosted, toVisibility } from "../posted-comment.ts";

const Project = z.object({ projectTypeKey: Text });
const Fields = z.object({ project: z.nullish(Project) });
const Created = z.object({ key: z.string(), fields: z.nullish(Fields) });
const Author = z.nullish(z.object({ accountType: Text }));
const Written = z.nullish(z.object({ body: Text, author: Author }));
const Event = z.object({ webhookEvent: z.string(), issue: z.optional(Created), comment: Written });
/** The only kind of project whose comments can be internal. */
const SERVICE_PROJECT = "service_desk";

const CommentId = Id.check(z.regex(/^\d+$/));
/** Cloud has account ids, Data Center has keys. */
const User = z.pipe(
  z.object({ accountId: Text, key: Text }),
  z.transform(({ accountId, key }) => accountId ?? key ?? null),
);
const Comment = z.object({ id: CommentId, body: Text, author: z.nullish(User) });
const Comments = z.object({ comments: z.array(Comment) });
const File = z.object({ filename: z.string(), size: z.int(), content: z.string() });
const Issue = z.object({
  fields: z.object({
    summary: Text,
    description: Text,
    comment: z.nullish(Comments),
    attachment: z.nullish(z.array(File)),
    labels: z.nullish(z.array(z.string())),
  }),
});
const Posted = z.object({ id: CommentId, public: z.boolean() });
const Property = z.object({ value: z.object({ marker: z.string() }) });
const Right = z.object({ havePermission: z.boolean() });
const Rights = z.object({ permissions: z.record(z.string(), Right) });
const AGENT = "SERVICEDESK_AGENT";
const NEEDED = ["BROWSE_PROJECTS", "ADD_COMMENTS", "EDIT_OWN_COMMENTS", "DELETE_OWN_COMMENTS"];

/** Jira Service Management, Cloud and Data Center, in the wiki markup which both take. */
export const jira = defineConnector({
  name: "jira",
  settings: z.object({
    JIRA_URL: BaseUrl,
    JIRA_TOKEN: Token,
    JIRA_SECRETS: TextSecrets,
    /** Cloud takes a mail address and its token, Data Center a personal token alone. */
    JIRA_USER: z.optional(Token),
    JIRA_TAGS: OnByDefault,
  }),
  // Data Center can be configured to allow keys of one letter, and long ones.
  ticketId: /^[A-Z][A-Z0-9_]{0,254}-[1-9]\d{0,9}$/,
  ticketPage: ({ JIRA_URL }, key) => rootOf(JIRA_URL, `browse/${key}`),
  // The marker is a property of the comment, which people do not see.
  comment: { markup: "jira", maxLength: 32_767, marker: "apart", internal: true },
  ping: { body: { webhookEvent: "jira:issue_updated" } },
  access({ JIRA_URL, JIRA_USER: user, JIRA_TOKEN: token }) {
    const authorization = user ? basicLogin(user, token) : `Bearer ${token}`;
    return {
      root: rootOf(JIRA_URL, "rest/"),
      headers: { authorization, accept: "application/json" },
    };
  },

  connect: ({ settings, api }) => ({
    proof: hubSignature("x-hub-signature", settings.JIRA_SECRETS),

    parse(body, { headers }) {
      const { webhookEvent, issue, comment } = Event.parse(body);
      const deliveryId = headers.get("x-atlassian-webhook-identifier");
      if (webhookEvent === "comment_created") {
        const isCustomer = comment?.author?.accountType === "customer";
        if (!isCustomer) return { ignored: "no message of the requester" };
        const messages = [withoutMacros(comment.body)];
        const content = { subject: null, format: "markdown", messages } as const;
        const ticketId = z.string().parse(issue?.key);
        return { isFollowUp: true, ticketId, deliveryId, content };
      }
      if (webhookEvent !== "jira:issue_created") return { ignored: "another event" };
      const kind = issue?.fields?.project?.projectTypeKey ?? SERVICE_PROJECT;
      if (kind !== SERVICE_PROJECT) return { ignored: "no request of a service project" };
      return { ticketId: z.string().parse(issue?.key), deliveryId };
    },

    async readTicket(key) {
      const path = `${issuePath(key)}?fields=summary,description,comment,attachment,labels`;
      const { fields } = await api.get(path, Issue);
      const { summary, description, comment, attachment, labels } = fields;
      const comments = comment?.comments ?? [];
      const me = comments.length > 0 ? await readMyself(api) : null;
      const others = comments.filter(({ author }) => author !== me);
      return {
        subject: summary,
        format: "markdown",
        messages: [description, ...others.map(({ body }) => body)].map(withoutMacros),
        files: (attachment ?? []).map(({ filename: name, size, content }) =>
          api.fileAt({ name, size }, content),
        ),
        labels,
      };
    },

    /** Only agents can comment internally. A Jira without this permission is trusted until the read-back. */
    async checkRights(key, visibility) {
      if (visibility === "public") return;
      const path = `api/2/mypermissions?issueKey=${key}&permissions=${AGENT}`;
      const answer = await api.get(path, Rights).catch(nullIf(400));
      const isAgent = answer?.permissions[AGENT]?.havePermission ?? true;
      if (!isAgent) throw denied("the service user is no agent");
    },

    /** Jira refuses labels where the field is not on the edit screen. */
    async setLabels({ ticketId, comment: { tags } }) {
      if (!settings.JIRA_TAGS) return;
      const stale = tags.includes(CONTACT_MICROSOFT) ? [] : [{ remove: CONTACT_MICROSOFT }];
      const labels = [...tags.map((tag) => ({ add: tag })), ...stale];
      await api.send("PUT", issuePath(ticketId), { update: { labels } });
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
  }),
});

const issuePath = (key: string) => `api/2/issue/${key}`;
const commentPath = (key: string, id: string) => `${issuePath(key)}/comment/${id}`;
const requestPath = (key: string) => `servicedeskapi/request/${key}/comment`;
const propertyPath = (id: string) => `api/2/comment/${id}/properties/hresult-comments`;

async function readMyself(api: Api): Promise<string> {
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

/** Removes macros that enclose text, such as `{color}`. What is left is escaped as in Markdown. */
function withoutMacros(wiki: OptionalText) {
  return wiki?.replace(MACRO, (macro) => (macro.startsWith("{color") ? "" : "\n"));
}

const MACRO = /\{(?:color|code|noformat|panel|quote)(?::[^{}\n]{0,200})?\}/g;
