import { join } from "node:path";

/** The folder of this project. */
export const ROOT = join(import.meta.dirname, "../..");
