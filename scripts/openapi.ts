import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "./local-worker/root.ts";
import { describeApi } from "./openapi/document.ts";

/** Writes what the Worker answers to `GET /openapi.json`. `npm run openapi` runs it. */
const file = join(ROOT, "src", "worker", "openapi.json");
await writeFile(file, `${JSON.stringify(describeApi(), null, 2)}\n`);
