import type { Env } from "../../src/env.ts";
import { Ledger as Uncounted } from "../../src/ledger/ledger.ts";
import { app } from "../../src/worker/app.ts";

type Cursor = SqlStorageCursor<Record<string, SqlStorageValue>>;

/** The Worker's ledger, which counts the rows that the platform would charge for. */
export class Ledger extends Uncounted {
  readonly #rows: () => number;

  constructor(ctx: DurableObjectState, env: Env) {
    const rows = countRows(ctx.storage);
    super(ctx, env);
    this.#rows = rows;
  }

  /** Rows written since the object started. Setting an alarm counts as one. */
  rowsWritten(): number {
    return this.#rows();
  }
}

function countRows(storage: DurableObjectStorage): () => number {
  const cursors: Cursor[] = [];
  let alarms = 0;
  const { sql } = storage;
  const exec = sql.exec.bind(sql);
  const setAlarm = storage.setAlarm.bind(storage);
  Object.assign(sql, {
    exec(...args: Parameters<typeof exec>) {
      const cursor = exec(...args);
      cursors.push(cursor);
      return cursor;
    },
  });
  Object.assign(storage, {
    setAlarm(...args: Parameters<typeof setAlarm>) {
      alarms++;
      return setAlarm(...args);
    },
  });
  return () => cursors.reduce((sum, { rowsWritten }) => sum + rowsWritten, alarms);
}

export default {
  async fetch(
    request: Request,
    env: { LEDGER: DurableObjectNamespace<Ledger> },
    ctx: ExecutionContext,
  ) {
    if (new URL(request.url).pathname !== "/rows") return app.fetch(request, env as never, ctx);
    const ledger = env.LEDGER.get(env.LEDGER.idFromName("standard"));
    return Response.json({ rows: await ledger.rowsWritten() });
  },
};
