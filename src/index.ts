import { app } from "./app.ts";

export { Ledger } from "./ledger/ledger.ts";

export default { fetch: app.fetch };
