import { defineConfig } from "vitest/config";

/** Checks our recordings against what others published; runs in Node. */
export default defineConfig({ test: { root: import.meta.dirname, include: ["*.test.ts"] } });
