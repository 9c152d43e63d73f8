import { consolePages } from "./console.ts";
import { demo } from "./demo.ts";
import { oauthStub } from "./oauth-stub.ts";
import { redmine } from "./redmine.ts";
import { requestTracker } from "./request-tracker.ts";
import { screenshots } from "./screenshots.ts";
import type { Check, Suite } from "./suite.ts";

/** All suites, by their name on the command line. */
const SUITES: Readonly<Record<string, Suite>> = {
  console: consolePages,
  "practice-desk": demo,
  "oauth-stub": oauthStub,
  redmine,
  "request-tracker": requestTracker,
  screenshots,
};

const USAGE = `npm run test:e2e -- [NAME...]
  NAME  which ticket systems to test (${Object.keys(SUITES).join(", ")}); default: all`;

let passed = 0;
let failed = 0;

/** Runs the checks of one ticket system, then its clean-ups. */
async function runSuite(name: string, suite: Suite) {
  await using cleanUps = new AsyncDisposableStack();
  const check: Check = async (what, run) => {
    const start = performance.now();
    try {
      await run();
      passed++;
      console.log(`ok      ${name}: ${what} (${Math.round(performance.now() - start)} ms)`);
    } catch (error) {
      failed++;
      console.log(`not ok  ${name}: ${what}\n${indent(error)}`);
    }
  };
  const end = () => cleanUps.disposeAsync().then(() => process.exit(1));
  process.once("SIGINT", end).once("SIGTERM", end);
  await check("all checks ran", () => suite(check, (each) => cleanUps.defer(each)));
  process.off("SIGINT", end).off("SIGTERM", end);
}

function indent(error: unknown) {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return text.replaceAll(/^/gm, "        ");
}

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(SUITES, name));
if (unknown.length > 0) {
  console.error(USAGE);
  process.exit(2);
}
for (const [name, suite] of Object.entries(SUITES)) {
  if (names.length === 0 || names.includes(name)) await runSuite(name, suite);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
