import * as z from "zod";
import { Scanned } from "../ticket.ts";

/** Each version of the tables, as the step from the one before. Never changed, only added to. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE ticket (
     id TEXT PRIMARY KEY,
     state TEXT NOT NULL,
     outcome TEXT,
     -- the delivery that brought it; later ones are in a table of their own
     delivery_id TEXT,
     -- what to do: codes found (null: fetch the ticket), post in any case, do it once more
     scanned TEXT,
     force INTEGER NOT NULL DEFAULT 0,
     again TEXT,
     -- which comment it is: revisions differ in their marker; tried: it may be on the ticket
     revision INTEGER NOT NULL DEFAULT 1,
     tried INTEGER NOT NULL DEFAULT 0,
     -- what happened; offences: how often it was this ticket that made the whole system wait
     attempts INTEGER NOT NULL DEFAULT 0,
     crashes INTEGER NOT NULL DEFAULT 0,
     offences INTEGER NOT NULL DEFAULT 0,
     last_failure TEXT,
     comment_id TEXT,
     digest TEXT,
     codes TEXT NOT NULL DEFAULT '[]',
     contact_microsoft INTEGER NOT NULL DEFAULT 0,
     catalog_version TEXT,
     locale TEXT,
     -- milliseconds since 1970; due_at is null when nothing is left to do
     received_at INTEGER NOT NULL,
     queued_at INTEGER NOT NULL,
     finished_at INTEGER,
     unsure_until INTEGER NOT NULL DEFAULT 0,
     due_at INTEGER
   ) WITHOUT ROWID;
   CREATE INDEX ticket_due ON ticket (due_at) WHERE due_at IS NOT NULL;
   CREATE INDEX ticket_failed ON ticket (id) WHERE state = 'failed';
   CREATE TABLE delivery (
     id TEXT PRIMARY KEY,
     received_at INTEGER NOT NULL
   ) WITHOUT ROWID;`,
];

/** Brings the tables of any earlier version to this one. */
export function migrate(storage: DurableObjectStorage): void {
  const { sql } = storage;
  sql.exec("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)");
  const version = Number(readMeta(sql, "schema") ?? 0);
  for (const [index, statements] of MIGRATIONS.entries()) {
    if (index < version) continue;
    storage.transactionSync(() => {
      sql.exec(statements);
      writeMeta(sql, "schema", String(index + 1));
    });
  }
}

export function readMeta(sql: SqlStorage, key: string): string | null {
  const [row] = sql.exec<{ value: string }>("SELECT value FROM meta WHERE key = ?", key);
  return row?.value ?? null;
}

export function writeMeta(sql: SqlStorage, key: string, value: string): void {
  sql.exec("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", key, value);
}

const State = z.enum(["waiting", "working", "done", "failed"]);
export type State = z.infer<typeof State>;

const Flag = z.int().transform((value) => value !== 0);
const Json = z.string().transform((text) => JSON.parse(text));

/** A ticket as it stands in its table. */
export const TicketRow = z.object({
  id: z.string(),
  state: State,
  outcome: z.enum(["posted", "updated", "unchanged", "no_code"]).nullable(),
  scanned: Json.pipe(Scanned).nullable(),
  force: Flag,
  again: z.enum(["re-trigger", "force"]).nullable(),
  revision: z.int(),
  tried: Flag,
  attempts: z.int(),
  last_failure: z.string().nullable(),
  comment_id: z.string().nullable(),
  digest: z.string().nullable(),
  codes: Json.pipe(z.array(z.string())),
  contact_microsoft: Flag,
  catalog_version: z.string().nullable(),
  locale: z.string().nullable(),
  received_at: z.int(),
  queued_at: z.int(),
  finished_at: z.int().nullable(),
  unsure_until: z.int(),
  due_at: z.int().nullable(),
});
export type TicketRow = z.infer<typeof TicketRow>;
