import * as z from "zod/mini";
import { either } from "../../../webhook/either.ts";
import { hubSignature } from "../../../webhook/hub-signature.ts";
import { TextSecrets } from "../../../webhook/secrets.ts";
import { sharedToken } from "../../../webhook/shared-token.ts";
import { readAttachments } from "../../client/attachments.ts";
import { BaseUrl, rootOf, Token } from "../../client/settings.ts";
import { isOurs } from "../../connector.ts";
import { defineConnector } from "../../define-connector.ts";
import { look, missingRights, openRedmine } from "./api.ts";
import { editNote, postNote } from "./note.ts";

const Settings = z.pipe(
  z.object({
    REDMINE_URL: BaseUrl,
    REDMINE_TOKEN: Token,
    REDMINE_SECRETS: z.optional(TextSecrets),
    REDMINE_ADDRESS_SECRETS: z.optional(TextSecrets),
    REDMINE_POLL: z._default(z.enum(["on", "off"], "on or off"), "off"),
    REDMINE_MARKUP: z._default(z.enum(["textile", "markdown"], "textile or markdown"), "textile"),
    REDMINE_FLAG_FIELD: z.optional(z.string().check(z.regex(/^\d+$/, "the id of a field"))),
  }),
  z.transform((env) => ({
    ...env,
    root: rootOf(env.REDMINE_URL),
    headers: { "x-redmine-api-key": env.REDMINE_TOKEN, accept: "application/json" },
  })),
);

const Issue = z.object({ id: z.int() });
/** What Redmine 7 sends, and what the plug-in redmine_webhook sends, which signs nothing. */
const Native = z.object({ type: z.string(), data: z.object({ issue: z.optional(Issue) }) });
const Plugin = z.object({ payload: z.object({ action: z.string(), issue: Issue }) });

const MAX_NOTES = 20;

/** Redmine 5 and newer. A private note is seen by those who may see private notes. */
export const redmine = defineConnector({
  name: "redmine",
  settings: Settings,
  ticketId: /^[1-9]\d{0,9}$/,
  internalNotes: true,
  ping: { body: { type: "issue.updated", data: {} } },

  proof: ({ REDMINE_SECRETS: secrets = null, REDMINE_ADDRESS_SECRETS: tokens = null }) =>
    either(
      secrets && hubSignature("x-redmine-signature-256", secrets),
      tokens && sharedToken({ in: "query", name: "token" }, tokens),
    ),

  parse(body) {
    const event = z.union([Native, Plugin]).parse(body);
    const isNew =
      "type" in event ? event.type === "issue.created" : event.payload.action === "opened";
    if (!isNew) return { ignored: "another event" };
    const { id } = "type" in event ? Issue.parse(event.data.issue) : event.payload.issue;
    return { ticketId: String(id), deliveryId: null, ticket: null };
  },

  readTicket: (settings) => async (http, ticketId) => {
    const desk = openRedmine(http, settings);
    const { subject, description, journals, attachments } = await desk.issue(ticketId);
    const notes = journals.flatMap(({ notes }) => (notes && !isOurs(notes) ? [notes] : []));
    return {
      subject: subject ?? "",
      body: [description ?? "", ...notes.slice(0, MAX_NOTES)].join("\n\n"),
      format: settings.REDMINE_MARKUP === "markdown" ? "markdown" : "text",
      locale: null,
      attachments: await readAttachments(http, attachments.map(desk.toFile)),
    };
  },

  postComment: (http, settings, posting) =>
    postNote(openRedmine(http, settings), posting, settings),

  async findComment(http, settings, ticketId, marker) {
    const { journals } = await openRedmine(http, settings).issue(ticketId);
    const note = journals.find(({ notes }) => notes?.includes(marker));
    return note && String(note.id);
  },

  editComment: (http, settings, posting, noteId) =>
    editNote(openRedmine(http, settings), posting, noteId, settings),

  poll(settings) {
    if (settings.REDMINE_POLL === "off") return null;
    return {
      scope: settings.root.href,
      look: (http, position) => look(openRedmine(http, settings), position),
    };
  },

  check: (http, settings, visibility) => missingRights(openRedmine(http, settings), visibility),
});
