import type { Env } from "./env.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { app } from "./worker/app.ts";
import { runSchedule } from "./worker/scheduled.ts";

export { Ledger } from "./ledger/ledger.ts";

export default {
  fetch: app.fetch,
  scheduled: ({ cron }, env) => runSchedule(cron, env),
} satisfies ExportedHandler<Env<Ledger>>;
