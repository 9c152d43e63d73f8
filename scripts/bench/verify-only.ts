import type { Env } from "../../src/env.ts";
import { app } from "../../src/worker/app.ts";

/** The baseline for accepting deliveries: the same Worker, with a ledger that stores nothing. */
const LEDGER = { idFromName: () => "", get: () => ({ accept: async () => "accepted" }) };

// wrangler.toml binds this class, so it has to exist. It is never called.
export { Ledger } from "../../src/ledger/ledger.ts";

export default {
  fetch: (request: Request, env: Env, ctx: ExecutionContext) =>
    app.fetch(request, { ...env, LEDGER } as never, ctx),
};
