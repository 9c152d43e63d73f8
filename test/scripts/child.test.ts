import { join } from "node:path";
import { expect, test } from "vitest";
import { endChildren, startChild, until, untilGone } from "./child.ts";

const CHILD = JSON.stringify(join(import.meta.dirname, "child.ts"));

/** A shell that starts a process, prints its id, and waits for it. */
const PARENT = ["sh", "-c", "sleep 600 & echo $!; wait"];

/** A process that starts such a shell as a test does, prints both ids, and keeps running. */
const TESTER = `
import { startChild } from ${CHILD};
const child = startChild(${JSON.stringify(PARENT)});
console.log(child.pid, await child.until(/^(\\d+)$/m));
setInterval(() => {}, 1000);`;

test("a child and its descendants end when the test process is killed", async () => {
  const tester = startChild([process.execPath, "--input-type=module", "-e", TESTER]);
  const pids = (await tester.until(/^(\d+ \d+)$/m)).split(" ").map(Number);
  expect(tester.family()).toEqual(expect.arrayContaining(pids));
  process.kill(tester.pid, "SIGKILL");
  await untilGone(pids);
});

test("endChildren ends descendants, also those whose parent has ended", async () => {
  const parent = startChild(PARENT);
  const orphan = Number(await parent.until(/^(\d+)$/m));
  process.kill(parent.pid, "SIGKILL");
  await until(() => (parent.family().length === 1 ? true : undefined));
  await endChildren();
  await untilGone([orphan]);
});

test("the result of a child has its exit code, stdout and stderr", async () => {
  const command = ["sh", "-c", "cat; echo wrong >&2; exit 3"];
  const { code, stdout, stderr } = await startChild(command, { input: "text" }).result;
  expect({ code, stdout, stderr }).toEqual({ code: 3, stdout: "text", stderr: "wrong\n" });
});
