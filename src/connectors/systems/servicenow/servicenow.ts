import * as z from "zod/mini";
import { format } from "../../../comment/format.ts";
import { StandardSecrets } from "../../../webhook/secrets.ts";
import { standardWebhook } from "../../../webhook/standard-webhook.ts";
import { readAttachments } from "../../client/attachments.ts";
import { denied, refused } from "../../client/failures.ts";
import { BaseUrl, basicLogin, rootOf, Token } from "../../client/settings.ts";
import { parseTicketCreated } from "../../client/ticket-created.ts";
import { isOurs, type Posting, type Visibility } from "../../connector.ts";
import { defineConnector } from "../../define-connector.ts";
import { type Field, JOURNAL, openServicenow, SYS_ID } from "./api.ts";

const Settings = z.pipe(
  z.object({
    SERVICENOW_URL: BaseUrl,
    SERVICENOW_USER: Token,
    SERVICENOW_PASSWORD: z.string(),
    SERVICENOW_SECRETS: StandardSecrets,
    SERVICENOW_TABLE: z._default(
      z.string().check(z.regex(/^[a-z][a-z0-9_]*$/, "a table")),
      "incident",
    ),
  }),
  z.transform((env) => ({
    root: rootOf(env.SERVICENOW_URL, "api/now/"),
    headers: {
      authorization: basicLogin(env.SERVICENOW_USER, env.SERVICENOW_PASSWORD),
      accept: "application/json",
    },
    secrets: env.SERVICENOW_SECRETS,
    table: env.SERVICENOW_TABLE,
  })),
);

/** ServiceNow cuts journal entries that are longer. */
const MAX_LENGTH = 3_900;
/** How many of a ticket's comments and work notes are read. */
const MAX_ENTRIES = 20;

/** ServiceNow, told by a business rule of ours. Work notes are plain text that the caller never sees. */
export const servicenow = defineConnector({
  name: "servicenow",
  settings: Settings,
  ticketId: SYS_ID,
  internalNotes: true,
  proof: ({ secrets }) => standardWebhook(secrets),
  ping: { body: { type: "ticket.updated" } },
  parse: (payload, { headers }) => parseTicketCreated(payload, headers),

  readTicket: (settings) => async (http, ticketId) => {
    const desk = openServicenow(http, settings);
    const ticket = await desk.ticket(settings.table, ticketId);
    const entries = await desk.oldestEntries(ticketId, MAX_ENTRIES);
    const texts = entries.flatMap(({ value }) => (isOurs(value) ? [] : value));
    return {
      subject: ticket.short_description ?? "",
      body: [ticket.description ?? "", ...texts].join("\n\n"),
      format: "text",
      locale: ticket["caller_id.preferred_language"] || null,
      attachments: await readAttachments(http, await desk.files(ticketId)),
    };
  },

  async postComment(http, settings, posting) {
    const desk = openServicenow(http, settings);
    const { ticketId, marker } = posting;
    const field = fieldFor(posting.visibility);
    // Unseen, an entry could never be found again.
    if (!(await desk.seesEntries(field))) {
      throw denied(`the service user sees no ${field} in ${JOURNAL}`);
    }
    await desk.write(settings.table, ticketId, { [field]: write(posting) });
    // A field that the user may not write is left out, and nothing says so. Whether it is that, or
    // cannot be seen, nobody knows: another try could write it twice.
    const entry = await desk.findEntry(ticketId, marker);
    if (entry === undefined) throw refused(`${field} was not kept`);
    return entry;
  },

  findComment: (http, settings, ticketId, marker) =>
    openServicenow(http, settings).findEntry(ticketId, marker),

  async check(http, { table, ...access }, visibility) {
    const desk = openServicenow(http, access);
    const field = fieldFor(visibility);
    return [
      ...((await desk.seesTickets(table)) ? [] : [`the user sees no row of ${table}`]),
      ...((await desk.seesEntries(field)) ? [] : [`the user sees no ${field} in ${JOURNAL}`]),
    ];
  },
});

/** A journal cannot be changed, and hides nothing: the marker is its last line. */
function write({ comment, marker }: Posting) {
  return `${format(comment, "text", MAX_LENGTH)}\n${marker}`;
}

function fieldFor(visibility: Visibility): Field {
  return visibility === "public" ? "comments" : "work_notes";
}
