import * as z from "zod/mini";
import { format } from "../../../comment/format.ts";
import { hubSignature } from "../../../webhook/hub-signature.ts";
import { TextSecrets } from "../../../webhook/secrets.ts";
import { readAttachments, sourceAt } from "../../client/attachments.ts";
import { denied, OTHER_EYES, refused } from "../../client/failures.ts";
import { BaseUrl, basicLogin, rootOf, Switch, Token } from "../../client/settings.ts";
import { defineConnector } from "../../define-connector.ts";
import { type Jira, openJira } from "./api.ts";

const Settings = z.pipe(
  z.object({
    JIRA_URL: BaseUrl,
    JIRA_TOKEN: Token,
    JIRA_SECRETS: TextSecrets,
    JIRA_USER: z.optional(Token),
    JIRA_TAGS: Switch,
  }),
  z.transform(({ JIRA_URL, JIRA_TOKEN, JIRA_SECRETS, JIRA_USER, JIRA_TAGS }) => {
    // Cloud takes a mail address and its token, Data Center a personal token.
    const login = JIRA_USER ? basicLogin(JIRA_USER, JIRA_TOKEN) : `Bearer ${JIRA_TOKEN}`;
    const headers = { authorization: login, accept: "application/json" };
    const root = rootOf(JIRA_URL, "rest/");
    return { root, headers, secrets: JIRA_SECRETS, setsLabels: JIRA_TAGS };
  }),
);

const Project = z.object({ projectTypeKey: z.nullish(z.string()) });
const Fields = z.object({ project: z.nullish(Project) });
const Event = z.object({
  webhookEvent: z.string(),
  issue: z.optional(z.object({ key: z.string(), fields: z.nullish(Fields) })),
});
/** Of the kinds of projects, the one whose comments can be internal. */
const SERVICE_PROJECT = "service_desk";
const MAX_LENGTH = 32_767;

/** Jira Service Management, Cloud and Data Center, in the wiki markup which both take. */
export const jira = defineConnector({
  name: "jira",
  settings: Settings,
  ticketId: /^[A-Z][A-Z0-9_]{1,29}-[1-9]\d{0,9}$/,
  internalNotes: true,
  proof: ({ secrets }) => hubSignature("x-hub-signature", secrets),
  ping: { body: { webhookEvent: "jira:issue_updated" } },

  parse(body, { headers }) {
    const { webhookEvent, issue } = Event.parse(body);
    if (webhookEvent !== "jira:issue_created") return { ignored: "another event" };
    const kind = issue?.fields?.project?.projectTypeKey ?? SERVICE_PROJECT;
    if (kind !== SERVICE_PROJECT) return { ignored: "no request of a service project" };
    const ticketId = z.string().parse(issue?.key);
    const deliveryId = headers.get("x-atlassian-webhook-identifier");
    return { ticketId, deliveryId, ticket: null };
  },

  readTicket: (settings) => async (http, ticketId) => {
    const issue = await openJira(http, settings).issue(ticketId);
    const files = (issue.attachment ?? []).map(({ filename: name, size, content }) => {
      return { name, size, source: sourceAt(content, settings) };
    });
    return {
      subject: issue.summary ?? "",
      body: [issue.description ?? "", ...issue.comments.slice(0, 20)].join("\n\n"),
      format: "markdown",
      locale: null,
      attachments: await readAttachments(http, files),
    };
  },

  async postComment(http, settings, { ticketId, comment, visibility, marker }) {
    const jira = openJira(http, settings);
    const isPublic = visibility === "public";
    if (!isPublic && !(await jira.mayHide(ticketId))) throw denied("the service user is no agent");
    if (settings.setsLabels) await jira.setLabels(ticketId, comment.tags);
    const posted = await jira.post(ticketId, format(comment, "jira", MAX_LENGTH), isPublic);
    if (posted.public !== isPublic) return takeAway(jira, ticketId, posted.id);
    await jira.mark(posted.id, marker);
    return posted.id;
  },

  async findComment(http, settings, ticketId, marker, visibility) {
    const jira = openJira(http, settings);
    const found = await jira.findOwn(ticketId, marker);
    if (found === undefined) return undefined;
    const isPublic = visibility === "public";
    if (found.marker === null && (await jira.isPublic(ticketId, found.id)) !== isPublic) {
      // Cut off before it was taken away.
      await jira.remove(ticketId, found.id);
      return undefined;
    }
    await jira.mark(found.id, marker);
    return found.id;
  },

  async editComment(http, settings, { ticketId, comment, visibility, marker }, commentId) {
    const jira = openJira(http, settings);
    const isPublic = visibility === "public";
    if ((await jira.isPublic(ticketId, commentId)) !== isPublic) {
      throw refused(OTHER_EYES);
    }
    if (settings.setsLabels) await jira.setLabels(ticketId, comment.tags);
    await jira.write(ticketId, commentId, format(comment, "jira", MAX_LENGTH));
    if ((await jira.isPublic(ticketId, commentId)) !== isPublic) {
      await takeAway(jira, ticketId, commentId);
    }
    await jira.mark(commentId, marker);
  },

  check: (http, settings) => openJira(http, settings).missingRights(),
});

/** What came out for other eyes than it should. */
async function takeAway(jira: Jira, ticketId: string, commentId: string): Promise<never> {
  await jira.remove(ticketId, commentId);
  throw denied("the service user cannot choose who reads a comment");
}
