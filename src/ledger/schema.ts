import * as z from "zod/mini";
import { Scanned } from "../ticket.ts";

/** A step from one version of the tables to the next. */
type Migration = (sql: SqlStorage) => void;

/** Never changed, only added to: a ledger may have been left at any of them. */
const MIGRATIONS: readonly Migration[] = [
  (sql) =>
    sql.exec(`CREATE TABLE ticket (
     id TEXT PRIMARY KEY,
     state TEXT NOT NULL,
     outcome TEXT,
     -- what to do: codes found (null: fetch the ticket), post in any case, do it once more
     scanned TEXT,
     force INTEGER NOT NULL DEFAULT 0,
     again TEXT,
     -- which comment it is: revisions differ in their marker; tried: it may be on the ticket
     revision INTEGER NOT NULL DEFAULT 1,
     tried INTEGER NOT NULL DEFAULT 0,
     -- what happened
     attempts INTEGER NOT NULL DEFAULT 0,
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
     due_at INTEGER
   ) WITHOUT ROWID;
   CREATE INDEX ticket_due ON ticket (due_at) WHERE due_at IS NOT NULL;
   CREATE INDEX ticket_failed ON ticket (id) WHERE state = 'failed';
   CREATE TABLE delivery (
     id TEXT PRIMARY KEY,
     received_at INTEGER NOT NULL
   ) WITHOUT ROWID;`),

  (sql) => {
    // the delivery that brought the ticket; later ones are in their table
    addColumn(sql, "delivery_id TEXT");
    // how often the process ended under it; how often it made the whole ticket system wait
    addColumn(sql, "crashes INTEGER NOT NULL DEFAULT 0");
    addColumn(sql, "offences INTEGER NOT NULL DEFAULT 0");
    // until then a comment that was sent and not answered may show up
    addColumn(sql, "unsure_until INTEGER NOT NULL DEFAULT 0");
  },

  // who may read the comment: one that all may read never takes the place of one that is internal
  (sql) => addColumn(sql, "visibility TEXT"),

  // the circuit breaker, which was called a pause
  (sql) =>
    sql.exec(`INSERT INTO meta (key, value)
       SELECT 'circuit', json_object(
         'failure', value ->> 'failure', 'until', value ->> 'until',
         'failures', value ->> 'strikes', 'openings', 0,
         'closedAt', COALESCE(value ->> 'endedAt', 0))
       FROM meta WHERE key = 'pause' AND json_valid(value);
     DELETE FROM meta WHERE key = 'pause';`),

  // when the ticket system told of the ticket last; null where only a person did
  (sql) => {
    addColumn(sql, "announced_at INTEGER");
    sql.exec(
      `UPDATE ticket SET announced_at = queued_at
       WHERE due_at IS NOT NULL AND delivery_id IS NOT NULL AND received_at = queued_at`,
    );
  },
];

/** Adds a column to the tickets, unless an unreleased version did so before. */
function addColumn(sql: SqlStorage, definition: string) {
  const [name = ""] = definition.split(" ");
  const columns = [...sql.exec("SELECT name FROM pragma_table_info('ticket')")];
  if (columns.every((each) => each.name !== name)) {
    sql.exec(`ALTER TABLE ticket ADD COLUMN ${definition}`);
  }
}

/** Brings the tables of any earlier version to this one. */
export function migrate(storage: DurableObjectStorage): void {
  const { sql } = storage;
  sql.exec("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)");
  const version = Number(readMeta(sql, "schema") ?? 0);
  for (const [index, step] of MIGRATIONS.entries()) {
    if (index < version) continue;
    storage.transactionSync(() => {
      step(sql);
      writeMeta(sql, "schema", String(index + 1));
    });
  }
}

export function readMeta(sql: SqlStorage, key: string): string | null {
  const [row] = sql.exec<{ value: string }>("SELECT value FROM meta WHERE key = ?", key);
  return row?.value ?? null;
}

/** Reads what a part of the ledger keeps as JSON; null when another version wrote something else. */
export function readState<T>(sql: SqlStorage, key: string, schema: z.ZodMiniType<T>): T | null {
  const text = readMeta(sql, key);
  return text === null ? null : (z.pipe(Json, schema).safeParse(text).data ?? null);
}

export function writeState(sql: SqlStorage, key: string, state: unknown): void {
  writeMeta(sql, key, JSON.stringify(state));
}

export function writeMeta(sql: SqlStorage, key: string, value: string): void {
  sql.exec("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", key, value);
}

const State = z.enum(["waiting", "working", "done", "failed"]);
export type State = z.infer<typeof State>;

const Flag = z.pipe(
  z.int(),
  z.transform((value) => value !== 0),
);
const Json = z.pipe(
  z.string(),
  z.transform((text, { issues }): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      issues.push({ code: "custom", input: text, message: "no JSON" });
      return z.NEVER;
    }
  }),
);

/** A ticket as it stands in its table. */
export const TicketRow = z.object({
  id: z.string(),
  state: State,
  outcome: z.nullable(z.enum(["posted", "updated", "unchanged", "no_code", "withheld", "tagged"])),
  scanned: z.nullable(z.pipe(Json, Scanned)),
  force: Flag,
  again: z.nullable(z.enum(["re-trigger", "force"])),
  revision: z.int(),
  tried: Flag,
  attempts: z.int(),
  offences: z.int(),
  last_failure: z.nullable(z.string()),
  comment_id: z.nullable(z.string()),
  visibility: z.nullable(z.enum(["internal", "public"])),
  digest: z.nullable(z.string()),
  codes: z.pipe(Json, z.array(z.string())),
  contact_microsoft: Flag,
  catalog_version: z.nullable(z.string()),
  locale: z.nullable(z.string()),
  received_at: z.int(),
  queued_at: z.int(),
  announced_at: z.nullable(z.int()),
  finished_at: z.nullable(z.int()),
  unsure_until: z.int(),
  due_at: z.nullable(z.int()),
});
export type TicketRow = z.infer<typeof TicketRow>;
