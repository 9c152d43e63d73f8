import * as z from "zod/mini";

/** A step from one version of the tables to the next. */
type Migration = (sql: SqlStorage) => void;

/** New steps are appended. Released steps never change, because a ledger may be of any version. */
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

  (sql) => {
    // the codes that had no entry when the ticket was done: it is enriched again once they have one
    addColumn(sql, "unlisted TEXT NOT NULL DEFAULT '[]'");
    // set while a finished ticket is enriched again by itself: its comment is edited, or left alone
    addColumn(sql, "edit_only INTEGER NOT NULL DEFAULT 0");
    // the topic of the ticket, the topic of each code, what was done
    addColumn(sql, "situation TEXT");
    addColumn(sql, "topics TEXT NOT NULL DEFAULT '[]'");
    addColumn(sql, "mode TEXT NOT NULL DEFAULT 'post'");
    // the last re-trigger: it may be handed over twice
    addColumn(sql, "request_id TEXT");
  },

  // for each code whether it was read in a picture only; empty where none was
  (sql) => addColumn(sql, "sources TEXT NOT NULL DEFAULT '[]'"),
];

/** Adds a column to the table of tickets, unless it exists: unreleased versions added some. */
function addColumn(sql: SqlStorage, definition: string) {
  const [name = ""] = definition.split(" ");
  const columns = [...sql.exec("SELECT name FROM pragma_table_info('ticket')")];
  if (columns.every((each) => each.name !== name)) {
    sql.exec(`ALTER TABLE ticket ADD COLUMN ${definition}`);
  }
}

/** Migrates the tables of any earlier version. Writes nothing when they are current. */
export function migrate(storage: DurableObjectStorage): void {
  const { sql } = storage;
  const version = metaJson("schema", z.int());
  sql.exec("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)");
  const from = version.read(sql) ?? 0;
  for (const [index, step] of MIGRATIONS.entries()) {
    if (index < from) continue;
    storage.transactionSync(() => {
      step(sql);
      version.write(sql, index + 1);
    });
  }
}

/** Parses JSON text. */
export const Json = z.pipe(
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

/** SQLite has no booleans: 0 is false. */
export const Flag = z.pipe(
  z.int(),
  z.transform((value) => value !== 0),
);

/** A single value in the table `meta`. */
export interface MetaValue<T> {
  /** Null when there is none, or when another version wrote it in another form. */
  read(sql: SqlStorage): T | null;
  /** Writes one row. */
  write(sql: SqlStorage, value: T): void;
}

/** A value that is stored as JSON. */
export function metaJson<T>(key: string, schema: z.ZodMiniType<T>): MetaValue<T> {
  const Stored = z.pipe(Json, schema);
  return {
    read: (sql) => Stored.safeParse(readMeta(sql, key)).data ?? null,
    write: (sql, value) => writeMeta(sql, key, JSON.stringify(value)),
  };
}

/** A value that is stored as plain text. */
export function metaText(key: string): MetaValue<string> {
  return {
    read: (sql) => readMeta(sql, key),
    write: (sql, value) => writeMeta(sql, key, value),
  };
}

function readMeta(sql: SqlStorage, key: string) {
  const [row] = sql.exec<{ value: string }>("SELECT value FROM meta WHERE key = ?", key);
  return row?.value ?? null;
}

function writeMeta(sql: SqlStorage, key: string, value: string) {
  // An upsert counts as one row written, INSERT OR REPLACE as two.
  sql.exec(
    `INSERT INTO meta (key, value) VALUES (?, ?)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    key,
    value,
  );
}
