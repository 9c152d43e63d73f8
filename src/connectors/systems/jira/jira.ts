import * as z from "zod/mini";
import { CONTACT_MICROSOFT } from "../../../comment/tags.ts";
import { hubSignature } from "../../../webhook/hub-signature.ts";
import { TextSecrets } from "../../../webhook/secrets.ts";
import { Text } from "../../client/schemas.ts";
import { BaseUrl, basicLogin, OnByDefault, rootOf, Token } from "../../client/settings.ts";
import { furtherMessage } from "../../client/ticket-created.ts";
import type { OptionalText } from "../../connector.ts";
import { defineConnector } from "../../define-connector.ts";
import { Comments, commentsOf, issuePath, readMyself } from "./comments.ts";

const Project = z.object({ projectTypeKey: Text });
const Fields = z.object({ project: z.nullish(Project) });
const Created = z.object({ key: z.string(), fields: z.nullish(Fields) });
const Author = z.nullish(z.object({ accountType: Text }));
const Written = z.nullish(z.object({ body: Text, author: Author }));
const Event = z.object({ webhookEvent: z.string(), issue: z.optional(Created), comment: Written });
/** The only kind of project whose comments can be internal. */
const SERVICE_PROJECT = "service_desk";

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
        const ticketId = z.string().parse(issue?.key);
        return furtherMessage({ ticketId, deliveryId }, withoutMacros(comment.body), "markdown");
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

    /** Jira refuses labels where the field is not on the edit screen. */
    async setLabels({ ticketId, comment: { tags } }) {
      if (!settings.JIRA_TAGS) return;
      const stale = tags.includes(CONTACT_MICROSOFT) ? [] : [{ remove: CONTACT_MICROSOFT }];
      const labels = [...tags.map((tag) => ({ add: tag })), ...stale];
      await api.send("PUT", issuePath(ticketId), { update: { labels } });
    },

    ...commentsOf(api),
  }),
});

/** Removes macros that enclose text, such as `{color}`. What is left is escaped as in Markdown. */
function withoutMacros(wiki: OptionalText) {
  return wiki?.replace(MACRO, (macro) => (macro.startsWith("{color") ? "" : "\n"));
}

const MACRO = /\{(?:color|code|noformat|panel|quote)(?::[^{}\n]{0,200})?\}/g;
