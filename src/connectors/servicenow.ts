import * as z from "zod/mini";
import { format } from "../comment/format.ts";
import { StandardSecrets } from "../webhook/secrets.ts";
import { standardWebhook } from "../webhook/standard-webhook.ts";
import { type Access, type Api, openApi } from "./api.ts";
import { type Attachment, readAttachments } from "./attachments.ts";
import { defineConnector, isOurs, type Posting } from "./connector.ts";
import { readJson } from "./http.ts";
import { BaseUrl, basicLogin, rootOf, Token } from "./settings.ts";
import { parseTicketCreated } from "./ticket-created.ts";

const Settings = z.pipe(
  z.object({
    SERVICENOW_URL: BaseUrl,
    SERVICENOW_USER: Token,
    SERVICENOW_PASSWORD: z.string(),
    SERVICENOW_SECRETS: StandardSecrets,
    SERVICENOW_TABLE: z._default(z.string().check(z.regex(/^[a-z_]+$/, "a table")), "incident"),
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

const Text = z.nullish(z.string());
const SysId = z.string().check(z.regex(/^[0-9a-f]{32}$/));
const Ticket = z.object({
  short_description: Text,
  description: Text,
  "caller_id.preferred_language": Text,
});
const Found = z.object({ result: Ticket });
const Entry = z.object({ sys_id: SysId, value: z.string() });
const Journal = z.object({ result: z.array(Entry) });
const File = z.object({ sys_id: SysId, file_name: z.string(), size_bytes: z.coerce.number() });
const Files = z.object({ result: z.array(File) });
const Row = z.object({ sys_id: SysId });
const Updated = z.object({ result: Row });
const Rows = z.object({ result: z.array(Row) });

/** ServiceNow cuts journal entries that are longer. */
const MAX_LENGTH = 3_900;

/** ServiceNow, told by a business rule of ours. Work notes are plain text that the caller never sees. */
export const servicenow = defineConnector({
  name: "servicenow",
  settings: Settings,
  ticketId: /^[0-9a-f]{32}$/,
  internalNotes: true,
  proof: ({ secrets }) => standardWebhook(secrets),
  ping: { body: { type: "ticket.updated" } },
  parse: (payload, { headers }) => parseTicketCreated(payload, headers),

  fetchTicket: (settings) => async (http, ticketId) => {
    const api = openApi(http, settings);
    const fields = `sysparm_fields=${Object.keys(Ticket.shape).join()}`;
    const { result } = await api.get(`table/${settings.table}/${ticketId}?${fields}`, Found);
    const entries = await readJournal(api, ticketId, "ORDERBYsys_created_on", 20);
    const texts = entries.flatMap(({ value }) => (isOurs(value) ? [] : value));
    const files = await readFiles(api, ticketId, settings);
    return {
      subject: result.short_description ?? "",
      body: [result.description ?? "", ...texts].join("\n\n"),
      format: "text",
      locale: result["caller_id.preferred_language"] || null,
      attachments: await readAttachments(http, files),
    };
  },

  async postComment(http, settings, posting) {
    const field = posting.visibility === "public" ? "comments" : "work_notes";
    const path = `table/${settings.table}/${posting.ticketId}?sysparm_fields=sys_id`;
    const api = openApi(http, settings);
    readJson(await api.send("PATCH", path, { [field]: write(posting) }), Updated);
    return null;
  },

  async findComment(http, settings, ticketId, marker) {
    const newest = "ORDERBYDESCsys_created_on";
    const entries = await readJournal(openApi(http, settings), ticketId, newest, 100);
    return entries.find(({ value }) => value.includes(marker))?.sys_id;
  },

  async check(http, settings) {
    const api = openApi(http, settings);
    const seen = async (table: string) =>
      (await api.get(`table/${table}?sysparm_fields=sys_id&sysparm_limit=1`, Rows)).result.length >
      0;
    return [
      ...((await seen(settings.table)) ? [] : [`the user sees no row of ${settings.table}`]),
      ...((await seen("sys_journal_field")) ? [] : ["the user sees no row of sys_journal_field"]),
    ];
  },
});

/** A journal cannot be changed, and hides nothing: the marker is its last line. */
function write({ comment, marker }: Posting) {
  return `${format(comment, "text", MAX_LENGTH)}\n${marker}`;
}

async function readJournal(api: Api, id: string, order: string, limit: number) {
  const query = `sysparm_query=element_id=${id}^elementINcomments,work_notes^${order}`;
  const page = `sysparm_fields=sys_id,value&sysparm_limit=${limit}`;
  return (await api.get(`table/sys_journal_field?${query}&${page}`, Journal)).result;
}

async function readFiles(api: Api, id: string, { root, headers }: Access): Promise<Attachment[]> {
  const query = `sysparm_query=table_sys_id=${id}^ORDERBYsys_created_on&sysparm_limit=50`;
  const { result } = await api.get(`attachment?${query}`, Files);
  return result.map(({ sys_id, file_name: name, size_bytes: size }) => {
    return { name, size, source: { url: new URL(`attachment/${sys_id}/file`, root), headers } };
  });
}
