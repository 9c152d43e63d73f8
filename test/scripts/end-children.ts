import { afterAll } from "vitest";
import { endChildren } from "./child.ts";

// Also after a test that failed or timed out. When the whole run is killed, the guards end the
// children.
afterAll(endChildren);
