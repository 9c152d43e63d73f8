import type { Env } from "../../src/env.ts";
import { app } from "../../src/worker/app.ts";

/** What accepting is measured beside: the same Worker, with a ledger that keeps nothing. */
const LEDGER = { idFromName: () => "", get: () => ({ accept: async () => "accepted" }) };

// The bindings of the project's configuration ask for it; nothing here calls it.
export { Ledger } from "../../src/ledger/ledger.ts";

export default {
  fetch: (request: Request, env: Env, ctx: ExecutionContext) =>
    app.fetch(request, { ...env, LEDGER } as never, ctx),
};
