import { Hono } from "hono";
import { connect } from "../../src/connectors/index.ts";
import { type Env, readSettings } from "../../src/env.ts";
import { scanTicket } from "../../src/scan-ticket.ts";

/** What accepting is measured beside: the same Worker up to the ledger, which it leaves out. */
const app = new Hono<{ Bindings: Env }>();

app.post("/webhooks/:connector", async (c) => {
  const connection = connect(c.req.param("connector"), c.env);
  readSettings(c.env);
  const body = new Uint8Array(await c.req.arrayBuffer());
  const headers = c.req.raw.headers;
  const event = connection.parse(
    await connection.verify({ headers, body, receivedAt: new Date() }),
  );
  const scanned = "ticket" in event && event.ticket && scanTicket(event.ticket);
  return c.json({ status: scanned ? "accepted" : "ignored" }, 202);
});

// The bindings of the project's configuration ask for it; nothing here calls it.
export { Ledger } from "../../src/ledger/ledger.ts";

export default { fetch: app.fetch };
