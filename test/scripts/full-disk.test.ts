import { rm, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startChild, untilGone } from "./child.ts";
import { deliver, openServeHarness, untilFinished, untilReadyz } from "./serve-harness.ts";

// In a file of its own, so that other files run meanwhile: it waits twice for /readyz, ten seconds each.

let harness: Awaited<ReturnType<typeof openServeHarness>>;

beforeAll(async () => {
  harness = await openServeHarness();
});

afterAll(() => harness.close());

test("while the disk is full, deliveries are answered 503; afterwards each ticket gets its comment", async ({
  skip,
}) => {
  const mayMount = (await startChild(["unshare", "-rm", "true"]).result).code === 0;
  skip(
    !mayMount,
    "this machine does not let a process mount a file system; some containers forbid it",
  );
  const served = await harness.serveOnSmallDisk("small");
  expect(await deliver(served.url, "m-before", "BEFORE")).toBe("accepted");
  await untilFinished(served.url, "BEFORE");
  await writeFile(served.filler, Buffer.alloc(16 * 1024 * 1024)).catch(() => {});
  const ids = Array.from({ length: 10 }, (_, index) => `FULL-${index}`);
  for (const id of ids) {
    expect(await deliver(served.url, `m-${id}`, id)).toBe("503 ledger_unavailable");
  }
  await untilReadyz(served.url, 503);
  await rm(served.filler);
  for (const id of ids) expect(await deliver(served.url, `m-${id}`, id)).toBe("accepted");
  for (const id of ids) {
    expect(await untilFinished(served.url, id)).toMatchObject({ state: "done", outcome: "posted" });
  }
  await untilReadyz(served.url, 200);
  process.kill(served.child.pid, "SIGTERM");
  await untilGone(served.family);
});
