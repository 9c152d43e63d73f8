import * as z from "zod/mini";
import { StandardSecrets } from "../../webhook/secrets.ts";
import { standardWebhook } from "../../webhook/standard-webhook.ts";
import { createAccessToken, requestGrant } from "../client/access-token.ts";
import type { Api } from "../client/api.ts";
import { denied, refused } from "../client/failures.ts";
import { Text } from "../client/schemas.ts";
import { hintUnless } from "../client/set-up.ts";
import { BaseUrl, basicLogin, requireOneOf, rootOf, Token } from "../client/settings.ts";
import { parseTicketCreated } from "../client/ticket-created.ts";
import type { Visibility } from "../connector.ts";
import { defineConnector } from "../define-connector.ts";

/** The id of a record in ServiceNow. */
const SYS_ID = /^[0-9a-f]{32}$/;
const TableName = z.string().check(z.regex(/^[a-z][a-z0-9_]*$/, "a table"));

const Row = z.object({ sys_id: z.string().check(z.regex(SYS_ID)) });
const Entry = z.extend(Row, { value: z.string() });
const File = z.extend(Row, { file_name: z.string(), size_bytes: z.coerce.number() });
const Ticket = z.object({
  short_description: Text,
  description: Text,
  "caller_id.preferred_language": Text,
});
const FIELDS = Object.keys(Ticket.shape).join();

/** The table with the comments and work notes of all tickets, a row each. */
const JOURNAL = "sys_journal_field";

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
      const client = { grant_type: "client_credentials", client_id: id, client_secret: secret };
      return {
        root,
        headers,
        token: createAccessToken(() => requestGrant(http, endpoint, client)),
      };
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
      const entries = await readEntries(api, id, "ORDERBYsys_created_on", 20);
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

async function readRows<T>(api: Api, path: string, row: z.ZodMiniType<T>) {
  return (await api.get(path, z.object({ result: z.array(row) }))).result;
}

function readEntries(api: Api, ticketId: string, order: string, limit: number) {
  const query = `sysparm_query=element_id=${ticketId}^elementINcomments,work_notes^${order}`;
  const page = `sysparm_fields=sys_id,value&sysparm_limit=${limit}`;
  return readRows(api, `table/${JOURNAL}?${query}&${page}`, Entry);
}

async function findEntry(api: Api, ticketId: string, marker: string) {
  const newest = await readEntries(api, ticketId, "ORDERBYDESCsys_created_on", 100);
  const found = newest.find(({ value }) => value.includes(marker));
  return found && { id: found.sys_id };
}

/** ServiceNow silently leaves out rows that the user may not read. */
async function seesRows(api: Api, table: string, query: string) {
  return (await readRows(api, `table/${table}?${query}&sysparm_fields=sys_id`, Row)).length > 0;
}

/** Whether the user can read entries of a journal field, of any ticket. */
function seesEntries(api: Api, field: string) {
  const query = `sysparm_query=element=${field}^ORDERBYDESCsys_created_on&sysparm_limit=100`;
  return seesRows(api, JOURNAL, query);
}

/** The caller reads comments, and no work notes. */
function fieldFor(visibility: Visibility) {
  return visibility === "public" ? "comments" : "work_notes";
}
