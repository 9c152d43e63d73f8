import type { Check, Desk } from "./desk.ts";
import { practiceDesk } from "./practice-desk.ts";
import { redmine } from "./redmine.ts";
import { requestTracker } from "./request-tracker.ts";

/** Every real ticket system that is tried out here, one line each. */
const DESKS: Readonly<Record<string, Desk>> = {
  "practice-desk": practiceDesk,
  redmine,
  "request-tracker": requestTracker,
};

const USAGE = `npm run test:e2e -- [NAME...]
  NAME  which ticket systems (${Object.keys(DESKS).join(", ")}); all when none is named`;

let passed = 0;
let failed = 0;

/** Runs the checks of one ticket system, then ends all that it started. */
async function tryOut(name: string, desk: Desk) {
  await using endings = new AsyncDisposableStack();
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
  const end = () => endings.disposeAsync().then(() => process.exit(1));
  process.once("SIGINT", end).once("SIGTERM", end);
  await check("runs to its end", () => desk(check, (each) => endings.defer(each)));
  process.off("SIGINT", end).off("SIGTERM", end);
}

function indent(error: unknown) {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return text.replaceAll(/^/gm, "        ");
}

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(DESKS, name));
if (unknown.length > 0) {
  console.error(USAGE);
  process.exit(2);
}
for (const [name, desk] of Object.entries(DESKS)) {
  if (names.length === 0 || names.includes(name)) await tryOut(name, desk);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
