import { Hono } from "hono";

/** The baseline for all systems: the same runtime and framework, without any work. */
const app = new Hono();

app.post("/webhooks/:connector", async (c) => {
  const body = await c.req.arrayBuffer();
  return c.json({ status: "accepted", length: body.byteLength }, 202);
});

// wrangler.toml binds this class, so it has to exist. It is never called.
export { Ledger } from "../../src/ledger/ledger.ts";

export default { fetch: app.fetch };
