import * as z from "zod/mini";
import { either } from "../../../webhook/either.ts";
import { hubSignature } from "../../../webhook/hub-signature.ts";
import { TextSecrets } from "../../../webhook/secrets.ts";
import { sharedToken } from "../../../webhook/shared-token.ts";
import { BaseUrl, OffByDefault, requireOneOf, rootOf, Token } from "../../client/settings.ts";
import { defineConnector } from "../../define-connector.ts";
import { parse } from "./deliveries.ts";
import { notesOf, readIssue } from "./notes.ts";
import { pollIssues } from "./poll.ts";
import { checkRights, findMissingRights } from "./rights.ts";

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
      parse,

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

      async checkRights(ticketId, visibility) {
        const { project } = await readIssue(api, ticketId);
        await checkRights(api, project.id, visibility);
      },

      /** Redmine refuses this while another mandatory field of the issue is empty. */
      async setLabels({ ticketId, comment }) {
        if (!settings.REDMINE_FLAG_FIELD) return;
        const value = comment.contactMicrosoft ? "yes" : "no";
        const custom_fields = [{ id: Number(settings.REDMINE_FLAG_FIELD), value }];
        await api.send("PUT", `issues/${ticketId}.json`, { issue: { custom_fields } });
      },

      ...notesOf(api),
      check: (visibility) => findMissingRights(api, visibility),
    };
  },
});
