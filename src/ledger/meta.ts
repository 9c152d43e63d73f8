import * as z from "zod/mini";

/** One value of a ledger that is no ticket: a row of the table `meta`, which holds keys and values. */
export interface MetaValue<T> {
  /** Null when there is none, or when another version wrote it in another form. */
  read(sql: SqlStorage): T | null;
  /** Writes one row. */
  write(sql: SqlStorage, value: T): void;
}

/**
 * A value that is stored as JSON.
 *
 * @param key Released keys never change.
 */
export function metaJson<T>(key: string, schema: z.ZodMiniType<T>): MetaValue<T> {
  const Stored = z.pipe(Json, schema);
  return {
    read: (sql) => Stored.safeParse(readMeta(sql, key)).data ?? null,
    write: (sql, value) => writeMeta(sql, key, JSON.stringify(value)),
  };
}

/** A value that is stored as plain text. @param key Released keys never change. */
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
