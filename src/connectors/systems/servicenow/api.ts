import * as z from "zod/mini";
import type { Attachment } from "../../client/attachments.ts";
import { type Http, readJson } from "../../client/http.ts";
import { type Access, openApi } from "../../client/rest.ts";

/** A record of ServiceNow is known by 32 hex digits. */
export const SYS_ID = /^[0-9a-f]{32}$/;

const Text = z.nullish(z.string());
const SysId = z.string().check(z.regex(SYS_ID));
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

/** What the caller reads, and what he does not. */
export type Field = "comments" | "work_notes";
/** What was written into these, an entry each. */
export const JOURNAL = "sys_journal_field";

/** ServiceNow's Table API and Attachment API, as far as we ask them. */
export function openServicenow(http: Http, access: Access) {
  const api = openApi(http, access);

  async function journal(id: string, order: string, limit: number) {
    const query = `sysparm_query=element_id=${id}^elementINcomments,work_notes^${order}`;
    const page = `sysparm_fields=sys_id,value&sysparm_limit=${limit}`;
    return (await api.get(`table/${JOURNAL}?${query}&${page}`, Journal)).result;
  }

  /** Rows that the user may not read are left out of a page, and nothing says so. */
  async function sees(table: string, query: string) {
    return (await api.get(`table/${table}?${query}&sysparm_fields=sys_id`, Rows)).result.length > 0;
  }

  return {
    async ticket(table: string, id: string) {
      const fields = `sysparm_fields=${Object.keys(Ticket.shape).join()}`;
      return (await api.get(`table/${table}/${id}?${fields}`, Found)).result;
    },

    oldestEntries: (id: string, limit: number) => journal(id, "ORDERBYsys_created_on", limit),

    async findEntry(id: string, marker: string) {
      const entries = await journal(id, "ORDERBYDESCsys_created_on", 100);
      return entries.find(({ value }) => value.includes(marker))?.sys_id;
    },

    async files(id: string): Promise<Attachment[]> {
      const query = `sysparm_query=table_sys_id=${id}^ORDERBYsys_created_on&sysparm_limit=50`;
      const { result } = await api.get(`attachment?${query}`, Files);
      return result.map(({ sys_id, file_name: name, size_bytes: size }) => {
        const url = new URL(`attachment/${sys_id}/file`, access.root);
        return { name, size, source: { url, headers: access.headers } };
      });
    },

    async write(table: string, id: string, fields: Partial<Record<Field, string>>) {
      const path = `table/${table}/${id}?sysparm_fields=sys_id`;
      readJson(await api.send("PATCH", path, fields), Updated);
    },

    seesTickets: (table: string) => sees(table, "sysparm_limit=1"),

    /** Whether the user can read what is written into a field, of whatever ticket. */
    seesEntries: (field: Field) =>
      sees(JOURNAL, `sysparm_query=element=${field}^ORDERBYDESCsys_created_on&sysparm_limit=100`),
  };
}
