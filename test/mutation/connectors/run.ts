// Changes every function that posts, finds or edits a comment, in every connector, one change at a
// time, and looks whether a test of the connectors fails. Part of npm run test:mutation.
import { readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { startVitest } from "vitest/node";
import { CONNECTORS } from "../../../src/connectors/index.ts";
import { connectorIn, createReader, KINDS } from "./functions.ts";
import { instrument, type Mutant } from "./instrument.ts";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const SYSTEMS = join(ROOT, "src/connectors/systems");
const TESTS = [
  "test/connectors/{connectors,labels,retract}.test.ts",
  "test/connectors/systems/*.test.ts",
];
/** What needs a whole Worker. */
const OTHER_TESTS = ["test/connectors/systems/standard.test.ts"];

const read = createReader();
const connectors = readdirSync(SYSTEMS, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .flatMap((file) => connectorIn(join(SYSTEMS, file), read, SYSTEMS) ?? [])
  .sort((a, b) => a.name.localeCompare(b.name));
const unknown = CONNECTORS.filter(({ name }) => connectors.every((each) => each.name !== name));
if (unknown.length > 0) throw new Error(`not found: ${unknown.map(({ name }) => name)}`);
const { mutants, texts } = instrument(connectors);

/** Runs the tests of the connectors with the switches in their code. */
async function runTests(coveredBy: Readonly<Record<string, readonly number[]>>) {
  const vitest = await startVitest(
    [],
    {
      root: ROOT,
      config: false,
      watch: false,
      include: TESTS,
      exclude: OTHER_TESTS,
      runner: join(ROOT, "test/mutation/connectors/runner.ts"),
      provide: { coveredBy },
      execArgv: ["--js-base-64"],
      // What was kept of an earlier run has other mutants.
      fsModuleCache: false,
      reporters: [{}],
      silent: true,
      testTimeout: 60_000,
      dangerouslyIgnoreUnhandledErrors: true,
    },
    {
      plugins: [
        {
          name: "mutants",
          enforce: "pre",
          transform: (_, id) => texts.get(id) ?? null,
        },
      ],
    },
  );
  const tests = vitest.state.getTestModules().flatMap((each) => [...each.children.allTests()]);
  const failed = tests.filter((each) => each.result().state === "failed");
  const unloaded = vitest.state.getTestModules().flatMap((each) => each.errors());
  await vitest.close();
  const problems = [
    ...unloaded.map(({ message }) => message),
    ...failed.map((each) => `${each.module.relativeModuleId}: ${each.fullName}`),
  ];
  if (problems.length > 0) {
    throw new Error(`tests fail without a mutation, or when run twice:\n${problems.join("\n")}`);
  }
  return tests;
}

// The first run activates no mutant, and tells which mutants each test covers.
const coveredBy = Object.fromEntries(
  (await runTests({})).map((each) => [each.id, each.meta().covered ?? []]),
);
const killed = new Set((await runTests(coveredBy)).flatMap((each) => each.meta().killed ?? []));

const survivors = mutants.filter((_, id) => !killed.has(id));
for (const { file, line, was, becomes } of survivors) {
  const change = becomes === "" ? `without ${was}` : `${becomes} instead of ${was}`;
  console.log(`survived: ${relative(ROOT, file)}:${line} ${change.replace(/\s+/g, " ")}`);
}

const HEADERS = KINDS.map((kind) => kind.padStart(12)).join("");
console.log(`\n${"mutants/survivors".padEnd(18)}${HEADERS}`);
for (const { name, kinds } of connectors) {
  const cells = KINDS.map((kind) => {
    const isOwn = (each: Mutant) => each.kind === kind && each.connectors.includes(name);
    const all = mutants.filter(isOwn).length;
    if (all > 0) return `${all}/${survivors.filter(isOwn).length}`;
    if (kinds.has(kind)) process.exitCode = 1;
    return kinds.has(kind) ? "missing" : "-";
  });
  console.log(`${name.padEnd(18)}${cells.map((cell) => cell.padStart(12)).join("")}`);
}
console.log(`\n${mutants.length} mutants, ${survivors.length} survivors`);
if (survivors.length > 0) process.exitCode = 1;
