import * as z from "zod/mini";
import type { Api } from "../../client/api.ts";
import type { Visibility } from "../../connector.ts";

/** The id of a record in ServiceNow. */
export const SYS_ID = /^[0-9a-f]{32}$/;
export const Row = z.object({ sys_id: z.string().check(z.regex(SYS_ID)) });
const Entry = z.extend(Row, { value: z.string() });

/** The table with the comments and work notes of all tickets, a row each. */
export const JOURNAL = "sys_journal_field";

/** The caller reads comments, and no work notes. */
export function fieldFor(visibility: Visibility) {
  return visibility === "public" ? "comments" : "work_notes";
}

/** The oldest 20 comments and work notes of a ticket. */
export function readEntries(api: Api, ticketId: string) {
  return readPage(api, ticketId, "ORDERBYsys_created_on", 20);
}

/** Our comment or work note, among the newest 100. */
export async function findEntry(api: Api, ticketId: string, marker: string) {
  const newest = await readPage(api, ticketId, "ORDERBYDESCsys_created_on", 100);
  const found = newest.find(({ value }) => value.includes(marker));
  return found && { id: found.sys_id };
}

function readPage(api: Api, ticketId: string, order: string, limit: number) {
  const query = `sysparm_query=element_id=${ticketId}^elementINcomments,work_notes^${order}`;
  const page = `sysparm_fields=sys_id,value&sysparm_limit=${limit}`;
  return readRows(api, `table/${JOURNAL}?${query}&${page}`, Entry);
}

/** Whether the user can read entries of a journal field, of any ticket. */
export function seesEntries(api: Api, field: string) {
  const query = `sysparm_query=element=${field}^ORDERBYDESCsys_created_on&sysparm_limit=100`;
  return seesRows(api, JOURNAL, query);
}

/** ServiceNow silently leaves out rows that the user may not read. */
export async function seesRows(api: Api, table: string, query: string) {
  return (await readRows(api, `table/${table}?${query}&sysparm_fields=sys_id`, Row)).length > 0;
}

export async function readRows<T>(api: Api, path: string, row: z.ZodMiniType<T>) {
  return (await api.get(path, z.object({ result: z.array(row) }))).result;
}
