import * as z from "zod/mini";
import { metaJson } from "./meta.ts";

/** A step from one version of the tables to the next. */
type Migration = (sql: SqlStorage) => void;

/**
 * The steps in order, each below the version that released it first. New steps are appended. What a
 * released step does never changes, because a ledger may be of any version.
 */
const MIGRATIONS: readonly Migration[] = [
  // Version 0.1.0.

  (sql) =>
    sql.exec(`CREATE TABLE ticket (
     id TEXT PRIMARY KEY,
     state TEXT NOT NULL,
     outcome TEXT,
     -- what the scan found, as JSON; null: the ticket has to be read first
     scanned TEXT,
     -- post a new comment even when nothing has changed
     force INTEGER NOT NULL DEFAULT 0,
     -- the next job: a re-trigger that arrived during an attempt
     again TEXT,
     -- the number of the comment; each has a marker of its own
     revision INTEGER NOT NULL DEFAULT 1,
     -- the comment of this revision may be on the ticket
     tried INTEGER NOT NULL DEFAULT 0,
     -- attempts that began since the ticket was queued
     attempts INTEGER NOT NULL DEFAULT 0,
     last_failure TEXT,
     comment_id TEXT,
     digest TEXT,
     codes TEXT NOT NULL DEFAULT '[]',
     contact_microsoft INTEGER NOT NULL DEFAULT 0,
     catalog_version TEXT,
     locale TEXT,
     -- times are milliseconds since 1970
     received_at INTEGER NOT NULL,
     queued_at INTEGER NOT NULL,
     finished_at INTEGER,
     -- the next attempt; null when the ticket is done or failed
     due_at INTEGER
   ) WITHOUT ROWID;
   CREATE INDEX ticket_due ON ticket (due_at) WHERE due_at IS NOT NULL;
   CREATE INDEX ticket_failed ON ticket (id) WHERE state = 'failed';
   CREATE TABLE delivery (
     id TEXT PRIMARY KEY,
     received_at INTEGER NOT NULL
   ) WITHOUT ROWID;`),

  (sql) => {
    // The delivery that brought the ticket. Further ones are in the table `delivery`.
    addColumn(sql, "delivery_id TEXT");
    // How often in a row the process crashed during an attempt at the ticket.
    addColumn(sql, "crashes INTEGER NOT NULL DEFAULT 0");
    // How often the failure of the ticket opened the circuit breaker.
    addColumn(sql, "offences INTEGER NOT NULL DEFAULT 0");
    // Until then a comment that was sent without an answer may still appear.
    addColumn(sql, "unsure_until INTEGER NOT NULL DEFAULT 0");
  },

  // Who can read the comment. A public comment never replaces an internal one.
  (sql) => addColumn(sql, "visibility TEXT"),

  // Version 1.0.0.

  // The state of the circuit breaker, which was called a pause.
  (sql) =>
    sql.exec(`INSERT INTO meta (key, value)
       SELECT 'circuit', json_object(
         'failure', value ->> 'failure', 'until', value ->> 'until',
         'failures', value ->> 'strikes', 'openings', 0,
         'closedAt', COALESCE(value ->> 'endedAt', 0))
       FROM meta WHERE key = 'pause' AND json_valid(value);
     DELETE FROM meta WHERE key = 'pause';`),

  // When the ticket system last announced the ticket; null when only a person asked for it.
  (sql) => {
    addColumn(sql, "announced_at INTEGER");
    sql.exec(
      `UPDATE ticket SET announced_at = queued_at
       WHERE due_at IS NOT NULL AND delivery_id IS NOT NULL AND received_at = queued_at`,
    );
  },

  (sql) => {
    // Codes that had no entry when the ticket was done. It is enriched again once they have one.
    addColumn(sql, "unlisted TEXT NOT NULL DEFAULT '[]'");
    // The ticket is being enriched again by a recheck: its comment is edited, or left as it is.
    addColumn(sql, "edit_only INTEGER NOT NULL DEFAULT 0");
    // The topic of the ticket.
    addColumn(sql, "situation TEXT");
    // The topic of each code.
    addColumn(sql, "topics TEXT NOT NULL DEFAULT '[]'");
    // What was done with the comment: `post`, `shadow` or `tags`.
    addColumn(sql, "mode TEXT NOT NULL DEFAULT 'post'");
    // The last re-trigger, because the ledger may receive it twice.
    addColumn(sql, "request_id TEXT");
  },

  // For each code `screenshot` where it was read in a picture only; empty when none was.
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
