import { once } from "node:events";
import { readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as pass } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadCatalog } from "../../scripts/catalog/load.ts";
import { withLocalPlace } from "../../scripts/catalog/local-target.ts";
import { readFolder } from "../../scripts/catalog/read.ts";
import { upload } from "../../scripts/catalog/upload.ts";
import { startChild, startScript, until, untilGone } from "./child.ts";
import { openPlace, send, settled } from "./worker.ts";

let place: Awaited<ReturnType<typeof openPlace>>;

beforeAll(async () => {
  place = await openPlace();
});

afterAll(() => place.close());

test("keeps its state over SIGTERM, sent to npm, and over kill -9 of Node alone", async () => {
  const first = await place.serveByNpm("kept");
  expect(await send(first.url, "m-1", "T-1")).toBe("accepted");
  expect(await settled(first.url, "T-1")).toMatchObject({ state: "done", outcome: "posted" });
  process.kill(first.child.pid, "SIGTERM");
  await untilGone(first.family);
  expect(await place.leftovers()).toEqual([]);

  const second = await place.serve("kept");
  expect(second.child.output()).not.toContain("catalog:");
  expect(await send(second.url, "m-1", "T-1")).toBe("duplicate");
  process.kill(second.child.pid, "SIGKILL");
  await untilGone(second.family);

  const third = await place.serve("kept", new URL(second.url).port);
  expect(third.url).toBe(second.url);
  expect(await settled(third.url, "T-1")).toMatchObject({ state: "done", outcome: "posted" });
  process.kill(third.child.pid, "SIGTERM");
  expect((await third.child.result).code).toBe(0);
  await untilGone(third.family);
  expect(place.desk.tries).toHaveLength(1);
});

test("uploads a catalog folder that differs from the one in its state, and says so once", async () => {
  const folder = await readFolder();
  const state = place.stateFolder("older");
  const older = { ...folder, entries: folder.entries.slice(0, 20) };
  const { version } = await withLocalPlace(state, (local) => upload(older, local));

  const served = await place.serve("older");
  const [line, ...more] = served.child.output().match(/^catalog:.*$/gm) ?? [];
  const added = folder.entries.length - older.entries.length;
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

test("ends when npm alone is killed, whatever the shell between does", async () => {
  const served = await place.serveByNpm("orphaned");
  process.kill(served.child.pid, "SIGKILL");
  await untilGone(served.family);
});

/** Waits until the Worker says so: it repeats an answer for ten seconds. */
function answersReadyz(url: string, status: number) {
  return until(
    async () => {
      if ((await fetch(`${url}/readyz`)).status === status) return true;
      // The route has a rate limit.
      await pass(500);
      return undefined;
    },
    () => `${status} of /readyz`,
  );
}

test("accepts nothing while the disk is full, and loses nothing", async ({ skip }) => {
  const mayMount = (await startChild(["unshare", "-rm", "true"]).result).code === 0;
  skip(!mayMount, "this machine lets no process have a disk of its own, as some containers do");
  const served = await place.serveOnSmallDisk("small");
  expect(await send(served.url, "m-before", "BEFORE")).toBe("accepted");
  await settled(served.url, "BEFORE");
  await writeFile(served.filler, Buffer.alloc(16 * 1024 * 1024)).catch(() => {});
  const ids = Array.from({ length: 10 }, (_, index) => `FULL-${index}`);
  for (const id of ids) {
    expect(await send(served.url, `m-${id}`, id)).toBe("503 ledger_unavailable");
  }
  await answersReadyz(served.url, 503);
  await rm(served.filler);
  for (const id of ids) expect(await send(served.url, `m-${id}`, id)).toBe("accepted");
  for (const id of ids) {
    expect(await settled(served.url, id)).toMatchObject({ state: "done", outcome: "posted" });
  }
  await answersReadyz(served.url, 200);
  process.kill(served.child.pid, "SIGTERM");
  await untilGone(served.family);
});

test("accepts nothing while the ledger's file is corrupt, and goes on with one from a backup", async () => {
  const first = await place.serve("corrupt");
  expect(await send(first.url, "m-1", "T-1")).toBe("accepted");
  await settled(first.url, "T-1");
  process.kill(first.child.pid, "SIGTERM");
  await untilGone(first.family);
  const files = await place.ledgerFiles("corrupt");
  const backups = await Promise.all(files.map((file) => readFile(file)));
  for (const file of files) await writeFile(file, "no database at all ".repeat(500));

  const second = await place.serve("corrupt");
  expect(second.child.output()).toContain("warning: ledger standard: ledger_unavailable");
  expect(await send(second.url, "m-2", "T-2")).toBe("503 ledger_unavailable");
  await answersReadyz(second.url, 503);
  process.kill(second.child.pid, "SIGTERM");
  await untilGone(second.family);

  for (const [index, backup] of backups.entries()) await writeFile(files[index] ?? "", backup);
  const third = await place.serve("corrupt");
  expect(await send(third.url, "m-1", "T-1")).toBe("duplicate");
  process.kill(third.child.pid, "SIGTERM");
  await untilGone(third.family);
});

test("names a port that is taken", async () => {
  const other = createServer();
  await once(other.listen(0, "127.0.0.1"), "listening");
  const { port } = Object(other.address());
  const child = startScript("serve.ts", place.options("none", String(port)));
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
];

test.each(refusals)("says in one line what is wrong with %j", async (args, message) => {
  const { code, output } = await startScript("serve.ts", args).result;
  expect(code).toBe(1);
  expect(output).toMatch(message);
  expect(output.trim().split("\n")).toHaveLength(1);
});
