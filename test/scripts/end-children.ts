import { afterAll } from "vitest";
import { endChildren } from "./child.ts";

// Also when a test failed or ran into its limit. When the whole run is interrupted, guards do it.
afterAll(endChildren);
