import { defineConfig } from "vitest/config";

/** Checks our recordings against what others published; runs in Node. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["*.test.ts"],
    // For Uint8Array.fromBase64, which workerd has.
    execArgv: ["--js-base-64"],
  },
});
