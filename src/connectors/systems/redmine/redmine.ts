import * as z from "zod/mini";
import { either } from "../../../webhook/either.ts";
import { hubSignature } from "../../../webhook/hub-signature.ts";
import { TextSecrets } from "../../../webhook/secrets.ts";
import { sharedToken } from "../../../webhook/shared-token.ts";
import type { Api } from "../../client/api.ts";
import { answerInvalid, denied, refused } from "../../client/failures.ts";
import { Id, Text } from "../../client/schemas.ts";
import { faultUnless } from "../../client/set-up.ts";
import { BaseUrl, OffByDefault, requireOneOf, rootOf, Token } from "../../client/settings.ts";
import { defineConnector } from "../../define-connector.ts";
import { toPosted } from "../../posted-comment.ts";
import { isOurs } from "../../read-ticket.ts";
import { NO_MEMBER, NumericId, pollIssues, Ref, readMe } from "./poll.ts";

/** What Redmine 7 sends, and what the plug-in redmine_webhook sends, which signs nothing. */
const Person = z.nullish(z.object({ id: Id }));
const Named = z.object({ id: Id, author: Person });
const Journal = z.nullish(z.object({ notes: Text, user: Person, author: Person }));
const Told = z.object({ issue: z.optional(Named), journal: Journal });
const Native = z.object({ type: z.string(), data: Told });
const Plugin = z.object({ payload: z.extend(Told, { action: z.string(), issue: Named }) });

const Private = z._default(z.boolean(), false);
const Note = z.object({ id: NumericId, notes: Text, private_notes: Private, created_on: Text });
const File = z.object({ id: NumericId, filename: z.string(), filesize: z.int() });
const Issue = z.object({
  issue: z.object({
    project: Ref,
    subject: Text,
    description: Text,
    journals: z._default(z.array(Note), []),
    attachments: z._default(z.array(File), []),
  }),
});
const Role = z.object({ role: z.object({ permissions: z.array(z.string()) }) });
const RIGHTS = ["view_issues", "add_issue_notes", "edit_own_issue_notes"];
const RIGHTS_TO_HIDE = ["view_private_notes", "set_notes_private"];

/**
 * Redmine 5 and newer. Only users with the right to see private notes can read one.
 *
 * @see https://www.redmine.org/projects/redmine/wiki/Rest_api
 */
export const redmine = defineConnector({
  name: "redmine",
  settings: z
    .object({
      REDMINE_URL: BaseUrl,
      REDMINE_TOKEN: Token,
      REDMINE_SECRETS: z.optional(TextSecrets),
      REDMINE_ADDRESS_SECRETS: z.optional(TextSecrets),
      REDMINE_POLL: OffByDefault,
      REDMINE_MARKUP: z._default(z.enum(["textile", "markdown"], "textile or markdown"), "textile"),
      REDMINE_FLAG_FIELD: z.optional(z.string().check(z.regex(/^\d+$/, "the id of a field"))),
    })
    .check(requireOneOf(["REDMINE_SECRETS"], ["REDMINE_ADDRESS_SECRETS"], ["REDMINE_POLL"])),
  ticketId: /^[1-9]\d{0,9}$/,
  ticketPage: ({ REDMINE_URL }, id) => rootOf(REDMINE_URL, `issues/${id}`),
  // MySQL cuts more than 65,535 bytes off.
  comment: { markup: "textile", maxLength: 20_000, marker: "html-comment-last", internal: true },
  ping: { body: { type: "issue.updated", data: {} } },
  access: ({ REDMINE_URL, REDMINE_TOKEN }) => ({
    root: rootOf(REDMINE_URL),
    headers: { "x-redmine-api-key": REDMINE_TOKEN, accept: "application/json" },
  }),

  connect({ settings, api }) {
    const { REDMINE_SECRETS: secrets, REDMINE_ADDRESS_SECRETS: tokens } = settings;
    const isMarkdown = settings.REDMINE_MARKUP === "markdown";
    return {
      proof: either(
        secrets ? hubSignature("x-redmine-signature-256", secrets) : null,
        tokens ? sharedToken({ in: "query", name: "token" }, tokens) : null,
      ),

      parse(body) {
        const event = z.union([Native, Plugin]).parse(body);
        const { issue, journal } = "type" in event ? event.data : event.payload;
        const action = "type" in event ? event.type : event.payload.action;
        if (["issue.created", "opened"].includes(action))
          return { ticketId: Named.parse(issue).id };
        if (!["issue.updated", "updated"].includes(action)) return { ignored: "another event" };
        const author = (journal?.user ?? journal?.author)?.id;
        const isRequester = author !== undefined && author === issue?.author?.id;
        if (!issue || !journal?.notes || !isRequester || isOurs(journal.notes)) {
          return { ignored: "no message of the requester" };
        }
        // The plug-in's deliveries are not signed: of them only the id is used.
        return { isFollowUp: true, ticketId: issue.id };
      },

      async readTicket(ticketId) {
        const { subject, description, journals, attachments } = await readIssue(api, ticketId);
        return {
          subject,
          format: isMarkdown ? "markdown" : "text",
          messages: [description, ...journals.map(({ notes }) => notes)],
          files: attachments.map(({ id, filename: name, filesize: size }) =>
            api.file({ name, size }, `attachments/download/${id}`),
          ),
        };
      },

      poll: settings.REDMINE_POLL
        ? { scope: rootOf(settings.REDMINE_URL).href, look: (from) => pollIssues(api, from) }
        : undefined,

      // Each markup hides its marker.
      formFor: () => (isMarkdown ? { markup: "markdown", marker: "link-definition" } : {}),

      /** Redmine silently makes a note public when the user lacks the right to hide it. */
      async checkRights(ticketId, visibility) {
        const { project } = await readIssue(api, ticketId);
        const { admin, memberships } = await readMe(api);
        const own = memberships.find((each) => each.project.id === project.id);
        if (own === undefined) throw refused("no member of this project");
        if (visibility === "public" || admin) return;
        const permissions = await readPermissions(api, own.roles);
        if (permissions.includes("set_notes_private")) return;
        throw denied("the service user may not set notes as private");
      },

      /** Redmine refuses this while another mandatory field of the issue is empty. */
      async setLabels({ ticketId, comment }) {
        if (!settings.REDMINE_FLAG_FIELD) return;
        const value = comment.contactMicrosoft ? "yes" : "no";
        const custom_fields = [{ id: Number(settings.REDMINE_FLAG_FIELD), value }];
        await api.send("PUT", `issues/${ticketId}.json`, { issue: { custom_fields } });
      },

      async postComment({ ticketId, text, marker, visibility }) {
        const issue = { notes: text, private_notes: visibility === "internal" };
        await api.send("PUT", `issues/${ticketId}.json`, { issue });
        // Redmine does not say what it calls the note.
        const made = await findNote(api, ticketId, ({ notes }) => notes?.includes(marker));
        if (made) return made;
        throw answerInvalid("no note was added");
      },

      findComment: (ticketId, marker) =>
        findNote(api, ticketId, ({ notes }) => notes?.includes(marker)),

      visibilityOf: async (ticketId, noteId) =>
        (await findNote(api, ticketId, ({ id }) => `${id}` === noteId))?.visibility,

      async editComment({ text }, id) {
        await changeNote(api, id, text);
        return {};
      },

      // Redmine deletes a note with an empty text.
      retract: (_, id) => changeNote(api, id, ""),

      async check(visibility) {
        const { admin, memberships } = await readMe(api);
        const needed = visibility === "internal" ? [...RIGHTS, ...RIGHTS_TO_HIDE] : RIGHTS;
        const found = memberships.map(async ({ project, roles }) => {
          const permissions = admin ? needed : await readPermissions(api, roles);
          const missing = needed.filter((right) => !permissions.includes(right));
          return missing.flatMap((right) =>
            faultUnless(false, `project ${project.id}: no ${right}`),
          );
        });
        return [...faultUnless(found.length > 0, NO_MEMBER), ...(await Promise.all(found)).flat()];
      },
    };
  },
});

async function readIssue(api: Api, id: string) {
  return (await api.get(`issues/${id}.json?include=journals,attachments`, Issue)).issue;
}

type Fits = (note: z.infer<typeof Note>) => boolean | undefined;

async function findNote(api: Api, id: string, fits: Fits) {
  const found = (await readIssue(api, id)).journals.find(fits);
  return found && toPosted(found.id, found.private_notes, found.created_on);
}

function changeNote(api: Api, id: string, notes: string) {
  return api.send("PUT", `journals/${id}.json`, { journal: { notes } });
}

async function readPermissions(api: Api, roles: readonly z.infer<typeof Ref>[]) {
  const all = roles.map(async ({ id }) => (await api.get(`roles/${id}.json`, Role)).role);
  return (await Promise.all(all)).flatMap(({ permissions }) => permissions);
}
