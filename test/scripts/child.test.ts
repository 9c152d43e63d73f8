import { join } from "node:path";
import { expect, test } from "vitest";
import { endChildren, startChild, until, untilGone } from "./child.ts";

const CHILD = JSON.stringify(join(import.meta.dirname, "child.ts"));

/** A shell that starts a process of its own, says which, and waits for it. */
const PARENT = ["sh", "-c", "sleep 600 & echo $!; wait"];

/** A process that starts such a shell as a test does, says its output, and goes on. */
const TESTER = `
import { startChild } from ${CHILD};
const child = startChild(${JSON.stringify(PARENT)});
console.log(child.pid, await child.until(/^(\\d+)$/m));
setInterval(() => {}, 1000);`;

test("a child and what it started end with a killed test process", async () => {
  const tester = startChild([process.execPath, "--input-type=module", "-e", TESTER]);
  const pids = (await tester.until(/^(\d+ \d+)$/m)).split(" ").map(Number);
  expect(tester.family()).toEqual(expect.arrayContaining(pids));
  process.kill(tester.pid, "SIGKILL");
  await untilGone(pids);
});

test("all children end at the end of a file, also what outlived its parent", async () => {
  const parent = startChild(PARENT);
  const orphan = Number(await parent.until(/^(\d+)$/m));
  process.kill(parent.pid, "SIGKILL");
  await until(() => (parent.family().length === 1 ? true : undefined));
  await endChildren();
  await untilGone([orphan]);
});

test("a child that ended says its code, and what it printed where", async () => {
  const command = ["sh", "-c", "cat; echo wrong >&2; exit 3"];
  const { code, stdout, stderr } = await startChild(command, { input: "text" }).result;
  expect({ code, stdout, stderr }).toEqual({ code: 3, stdout: "text", stderr: "wrong\n" });
});
