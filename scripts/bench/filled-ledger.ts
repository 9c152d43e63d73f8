import { Ledger as ProjectLedger } from "../../src/ledger/ledger.ts";
import { app } from "../../src/worker/app.ts";

/** The ledger of the project, with a method that fills it. */
export class Ledger extends ProjectLedger {
  /**
   * Inserts finished tickets.
   *
   * @returns The size of the ledger's database, in bytes.
   */
  fill(from: number, count: number): number {
    const at = Date.now();
    this.ctx.storage.sql.exec(
      `WITH RECURSIVE n(i) AS (SELECT CAST(?1 AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1 + ?2)
       INSERT INTO ticket
         (id, state, outcome, delivery_id, scanned, attempts, tried, codes, comment_id, digest,
          catalog_version, locale, received_at, queued_at, finished_at)
       SELECT 'OLD-' || i, 'done', 'posted', 'msg_' || hex(randomblob(16)),
         '{"traces":[{"code":"0x80090029","weak":false}],"more":0,"contexts":[],"locale":"ja","cutAt":null}',
         1, 1, '["0x80090029"]', 'c-' || i, lower(hex(randomblob(32))), 'a5e5a08371d2', 'ja',
         ?3, ?3, ?3
       FROM n`,
      from,
      count,
      at,
    );
    return this.ctx.storage.sql.databaseSize;
  }
}

export default {
  async fetch(
    request: Request,
    env: { LEDGER: DurableObjectNamespace<Ledger> },
    ctx: ExecutionContext,
  ) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== "/fill") return app.fetch(request, env as never, ctx);
    const ledger = env.LEDGER.get(env.LEDGER.idFromName("standard"));
    const [from, count] = [Number(searchParams.get("from")), Number(searchParams.get("count"))];
    return Response.json({ bytes: await ledger.fill(from, count) });
  },
};
