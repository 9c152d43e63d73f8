import type { Env } from "./env.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { app } from "./worker/app.ts";
import { lookForTickets } from "./worker/scheduled.ts";

export { Ledger } from "./ledger/ledger.ts";

export default {
  fetch: app.fetch,
  scheduled: (_event, env) => lookForTickets(env),
} satisfies ExportedHandler<Env<Ledger>>;
