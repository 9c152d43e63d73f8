import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { catalogFolders } from "../../scripts/catalog/folders.ts";
import { loadCatalog } from "../../scripts/catalog/load.ts";
import { withLocalPlace } from "../../scripts/catalog/local-target.ts";
import { readCatalog } from "../../scripts/catalog/read.ts";
import { upload } from "../../scripts/catalog/upload.ts";
import { withCodes } from "../catalog-fixture.ts";
import { startScript, untilGone } from "./child.ts";
import { deliver, openServeHarness, untilFinished, untilReadyz } from "./serve-harness.ts";

let harness: Awaited<ReturnType<typeof openServeHarness>>;

beforeAll(async () => {
  harness = await openServeHarness();
});

afterAll(() => harness.close());

test("state survives SIGTERM of npm and kill -9 of Node", async () => {
  const first = await harness.serveByNpm("kept");
  expect(await deliver(first.url, "m-1", "T-1")).toBe("accepted");
  expect(await untilFinished(first.url, "T-1")).toMatchObject({ state: "done", outcome: "posted" });
  const [event = "null"] = first.child.output().match(/^\{.*"event".*\}$/m) ?? [];
  expect(JSON.parse(event)).toMatchObject({ time: expect.stringMatching(/^\d{4}-.*Z$/) });
  process.kill(first.child.pid, "SIGTERM");
  await untilGone(first.family);
  expect(await harness.leftovers()).toEqual([]);

  const second = await harness.serve("kept");
  const health = ["--health", "--port", new URL(second.url).port];
  expect(await startScript("serve.ts", health).result).toMatchObject({
    code: 0,
    output: `ready ${second.url}\n`,
  });
  expect(second.child.output()).not.toContain("catalog:");
  expect(await deliver(second.url, "m-1", "T-1")).toBe("duplicate");
  process.kill(second.child.pid, "SIGKILL");
  await untilGone(second.family);

  const third = await harness.serve("kept", new URL(second.url).port);
  expect(third.url).toBe(second.url);
  expect(await untilFinished(third.url, "T-1")).toMatchObject({ state: "done", outcome: "posted" });
  process.kill(third.child.pid, "SIGTERM");
  expect((await third.child.result).code).toBe(0);
  await untilGone(third.family);
  expect(harness.ticketSystem.requests).toHaveLength(1);
});

test("serve says which catalog it uploads to an empty state, and from which folders", async () => {
  const { topics, folders } = await readCatalog(catalogFolders());
  const entries = topics.flatMap(({ content }) => Object.keys(content.codes ?? {}));
  const served = await harness.serve("empty");
  const names = folders.map(({ name }) => name).join(", ");
  expect(served.child.output().match(/^catalog:.*$/gm)).toEqual([
    expect.stringMatching(
      new RegExp(`^catalog: version [0-9a-f]+ uploaded: ${entries.length} entries from ${names}$`),
    ),
  ]);
  process.kill(served.child.pid, "SIGTERM");
  await untilGone(served.family);
});

test("serve uploads the catalog when it differs from the one in the state, and prints what changed", async () => {
  const source = await readCatalog(catalogFolders());
  const state = harness.stateFolder("older");
  const older = withCodes(source, ({ "0x80090029": _, ...others }) => others);
  const { version } = await withLocalPlace(state, (local) => upload(older, local));

  const served = await harness.serve("older");
  const [line, ...more] = served.child.output().match(/^catalog:.*$/gm) ?? [];
  const added = source.topics.filter(({ content }) => content.codes?.["0x80090029"]).length;
  expect(added).toBeGreaterThan(0);
  expect(line).toMatch(
    new RegExp(
      `^catalog: version \\w+ in place of ${version}: ${added} added, 0 changed, 0 removed`,
    ),
  );
  expect(more).toEqual([]);
  process.kill(served.child.pid, "SIGTERM");
  await untilGone(served.family);
  expect(await loadCatalog(state)).toMatchObject({ writes: 0 });
});

test("serve ends when only npm is killed", async () => {
  const served = await harness.serveByNpm("orphaned");
  process.kill(served.child.pid, "SIGKILL");
  await untilGone(served.family);
});

test("names the jurisdictions that there are, when another one is set", async () => {
  const { child, url } = await harness.serve("jurisdiction", undefined, {
    LEDGER_JURISDICTION: "europe",
  });
  expect(child.output()).toContain(
    "warning: ledger standard: settings_invalid: LEDGER_JURISDICTION: eu, us, fedramp or fedramp-high",
  );
  await untilReadyz(url, 503);
});

test("while the ledger's file is corrupt, deliveries are answered 503; a backup restores the state", async () => {
  const first = await harness.serve("corrupt");
  expect(await deliver(first.url, "m-1", "T-1")).toBe("accepted");
  await untilFinished(first.url, "T-1");
  process.kill(first.child.pid, "SIGTERM");
  await untilGone(first.family);
  const files = await harness.ledgerFiles("corrupt");
  const backups = await Promise.all(files.map((file) => readFile(file)));
  for (const file of files) await writeFile(file, "no database at all ".repeat(500));

  const second = await harness.serve("corrupt");
  expect(second.child.output()).toContain("warning: ledger standard: ledger_unavailable");
  expect(await deliver(second.url, "m-2", "T-2")).toBe("503 ledger_unavailable");
  await untilReadyz(second.url, 503);
  process.kill(second.child.pid, "SIGTERM");
  await untilGone(second.family);

  for (const [index, backup] of backups.entries()) await writeFile(files[index] ?? "", backup);
  const third = await harness.serve("corrupt");
  expect(await deliver(third.url, "m-1", "T-1")).toBe("duplicate");
  process.kill(third.child.pid, "SIGTERM");
  await untilGone(third.family);
});

test("a port that is taken ends serve with one line that says so", async () => {
  const other = createServer();
  await once(other.listen(0, "127.0.0.1"), "listening");
  const { port } = Object(other.address());
  const child = startScript("serve.ts", harness.options("none", String(port)));
  const { code, output } = await child.result;
  expect(code).toBe(1);
  expect(output).toMatch(new RegExp(`^Port ${port} on 127.0.0.1 is taken.*--port N.*\n$`));
  other.close();
});

const refusals: [args: string[], message: RegExp][] = [
  [
    ["--vars", "/no/such/file"],
    /^Cannot read the variables from --vars \/no\/such\/file \(ENOENT\)/,
  ],
  [["--vars", "."], /^Cannot read the variables from --vars \. \(EISDIR\)/],
  [["--port", "80x"], /^--port takes a number from 0 to 65535, not "80x"/],
  [["--port", "65536"], /^--port takes a number from 0 to 65535, not "65536"/],
  [["--statedir", "x"], /^Unknown option '--statedir'/],
  [["--health", "--port", "9"], /^Nothing answers at http:\/\/127\.0\.0\.1:9\./],
];

test.each(refusals)("serve prints one line about the wrong options %j", async (args, message) => {
  const { code, output } = await startScript("serve.ts", args).result;
  expect(code).toBe(1);
  expect(output).toMatch(message);
  expect(output.trim().split("\n")).toHaveLength(1);
});
