import { availableParallelism } from "node:os";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** What reads files or starts processes runs in Node; all else inside workerd, as the Worker does. */
const NODE = [
  "test/architecture.test.ts",
  "test/connectors/settings-page.test.ts",
  "test/catalog/advice.test.ts",
  "test/catalog/build.test.ts",
  "test/catalog/facts.test.ts",
  "test/catalog/windows-hello-pin.test.ts",
  "test/docs/**/*.test.ts",
  "test/screenshots/**/*.test.ts",
  "test/scripts/**/*.test.ts",
  "test/upgrade/**/*.test.ts",
];

const API_TOKENS = "test-token-0123456789,older-token-0123456";
// wrangler.toml requires the secret, and the plugin looks for it here before it reads `bindings`.
process.env.API_TOKENS = API_TOKENS;
/** No test depends on a fast machine: only what hangs reaches this limit. */
const LIMITS = { testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    // Some files mostly wait for processes and clocks, so two cores have room for three.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    projects: [
      {
        test: {
          ...LIMITS,
          name: "node",
          include: NODE,
          globalSetup: ["test/scripts/once-per-run.ts"],
          setupFiles: ["test/scripts/end-children.ts"],
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: { bindings: { API_TOKENS } },
          }),
        ],
        test: {
          ...LIMITS,
          name: "worker",
          include: ["test/**/*.test.ts"],
          exclude: [...NODE, "test/e2e/**", "test/contracts/**"],
          // One workerd for all files: to start one for each takes longer than most of them.
          isolate: false,
          setupFiles: ["test/new-isolate.ts"],
        },
      },
    ],
  },
});
