import { defineConfig } from "vitest/config";

/** Checks our recordings against what others published; runs in Node. */
export default defineConfig({
  test: {
    // Compiling the description of GitHub takes long on a busy machine.
    testTimeout: 60_000,
    root: import.meta.dirname,
    include: ["*.test.ts"],
    // It imports JSON in a way that Node refuses.
    server: { deps: { inline: ["@actions/workflow-parser"] } },
    // For Uint8Array.fromBase64, which workerd has.
    execArgv: ["--js-base-64"],
  },
});
