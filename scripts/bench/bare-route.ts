import { Hono } from "hono";

/** What the accept route is measured beside: the same runtime and framework, and no work. */
const app = new Hono();

app.post("/webhooks/:connector", async (c) => {
  const body = await c.req.arrayBuffer();
  return c.json({ status: "accepted", length: body.byteLength }, 202);
});

// The bindings of the project's configuration ask for it; nothing here calls it.
export { Ledger } from "../../src/ledger/ledger.ts";

export default { fetch: app.fetch };
