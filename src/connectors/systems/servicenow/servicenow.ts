import * as z from "zod/mini";
import { StandardSecrets } from "../../../webhook/secrets.ts";
import { standardWebhook } from "../../../webhook/standard-webhook.ts";
import { denied, refused } from "../../client/failures.ts";
import { clientCredentials, oauthToken } from "../../client/oauth.ts";
import { Text } from "../../client/schemas.ts";
import { hintUnless } from "../../client/set-up.ts";
import { BaseUrl, basicLogin, requireOneOf, rootOf, Token } from "../../client/settings.ts";
import { parseTicketCreated } from "../../client/ticket-created.ts";
import { defineConnector } from "../../define-connector.ts";
import {
  fieldFor,
  findEntry,
  JOURNAL,
  Row,
  readEntries,
  readRows,
  SYS_ID,
  seesEntries,
  seesRows,
} from "./journal.ts";

const TableName = z.string().check(z.regex(/^[a-z][a-z0-9_]*$/, "a table"));

const File = z.extend(Row, { file_name: z.string(), size_bytes: z.coerce.number() });
const Ticket = z.object({
  short_description: Text,
  description: Text,
  "caller_id.preferred_language": Text,
});
const FIELDS = Object.keys(Ticket.shape).join();

/** ServiceNow. A business rule of ours sends deliveries. The caller does not see work notes. */
export const servicenow = defineConnector({
  name: "servicenow",
  settings: z
    .object({
      SERVICENOW_URL: BaseUrl,
      SERVICENOW_CLIENT_ID: z.optional(Token),
      SERVICENOW_CLIENT_SECRET: z.optional(Token),
      SERVICENOW_API_KEY: z.optional(Token),
      /** Basic authentication. New instances restrict it. */
      SERVICENOW_USER: z.optional(Token),
      SERVICENOW_PASSWORD: z.optional(z.string()),
      SERVICENOW_SECRETS: StandardSecrets,
      SERVICENOW_TABLE: z._default(TableName, "incident"),
    })
    .check(
      requireOneOf(
        ["SERVICENOW_USER", "SERVICENOW_PASSWORD"],
        ["SERVICENOW_CLIENT_ID", "SERVICENOW_CLIENT_SECRET"],
        ["SERVICENOW_API_KEY"],
      ),
    ),
  ticketId: SYS_ID,
  ticketPage: ({ SERVICENOW_URL, SERVICENOW_TABLE }, id) =>
    rootOf(SERVICENOW_URL, `${SERVICENOW_TABLE}.do?sys_id=${id}`),
  // ServiceNow cuts longer journal entries. They are plain text, so the marker is visible.
  comment: { markup: "text", maxLength: 3_900, marker: "last-line", internal: true },
  ping: { body: { type: "ticket.updated" } },
  access(settings, http) {
    const { SERVICENOW_CLIENT_ID: id, SERVICENOW_CLIENT_SECRET: secret } = settings;
    const { SERVICENOW_API_KEY: key, SERVICENOW_USER: user = "" } = settings;
    const root = rootOf(settings.SERVICENOW_URL, "api/now/");
    const headers = { accept: "application/json" };
    if (id && secret) {
      const endpoint = rootOf(settings.SERVICENOW_URL, "oauth_token.do");
      return { root, headers, token: oauthToken(http, endpoint, clientCredentials(id, secret)) };
    }
    if (key) return { root, headers: { ...headers, "x-sn-apikey": key } };
    const authorization = basicLogin(user, settings.SERVICENOW_PASSWORD ?? "");
    return { root, headers: { ...headers, authorization } };
  },

  connect: ({ settings: { SERVICENOW_TABLE: table, SERVICENOW_SECRETS: secrets }, api }) => ({
    proof: standardWebhook(secrets),
    parse: parseTicketCreated,

    async readTicket(id) {
      const path = `table/${table}/${id}?sysparm_fields=${FIELDS}`;
      const { result: ticket } = await api.get(path, z.object({ result: Ticket }));
      const entries = await readEntries(api, id);
      const query = `sysparm_query=table_sys_id=${id}^ORDERBYsys_created_on&sysparm_limit=50`;
      const files = await readRows(api, `attachment?${query}`, File);
      return {
        subject: ticket.short_description,
        format: "text",
        messages: [ticket.description, ...entries.map(({ value }) => value)],
        files: files.map(({ sys_id, file_name: name, size_bytes: size }) =>
          api.file({ name, size }, `attachment/${sys_id}/file`),
        ),
        locale: ticket["caller_id.preferred_language"],
      };
    },

    // A note that the user cannot read could not be found after a crash.
    async checkRights(_, visibility) {
      const field = fieldFor(visibility);
      if (await seesEntries(api, field)) return;
      throw denied(`the service user sees no ${field} in ${JOURNAL}`);
    },

    async postComment({ ticketId, text, visibility, marker }) {
      const field = fieldFor(visibility);
      const path = `table/${table}/${ticketId}?sysparm_fields=sys_id`;
      await api.change("PATCH", path, { [field]: text }, z.object({ result: Row }));
      // ServiceNow silently drops a field that the user may not write. A note that is missing here
      // was dropped, or cannot be read: another attempt could write it twice.
      const entry = await findEntry(api, ticketId, marker);
      if (entry === undefined) throw refused(`${field} was not kept`);
      return entry;
    },

    findComment: (ticketId, marker) => findEntry(api, ticketId, marker),

    async check(visibility) {
      const field = fieldFor(visibility);
      const seesTickets = await seesRows(api, table, "sysparm_limit=1");
      return [
        ...hintUnless(seesTickets, `The user sees no row of ${table}. Is it empty?`),
        ...hintUnless(
          await seesEntries(api, field),
          `The user sees no ${field} in ${JOURNAL}. It has to see them; if none was ever written, write one.`,
        ),
      ];
    },
  }),
});
