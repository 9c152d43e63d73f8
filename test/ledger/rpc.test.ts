import { evictDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { Ledger } from "../../src/ledger/ledger.ts";
import type { Job } from "../../src/ticket.ts";
import { deliver, ledger, pass, recordOf, useHarness } from "./ledger-harness.ts";

const harness = useHarness();

// After a deploy a Worker may call an object of the version before it, or the other way round. So a
// line of this list is never changed or taken out: a method that has to differ gets another name.
const METHODS = [
  "accept({ job, answers })",
  "forget(ticketId)",
  "health()",
  "list(query)",
  "maintain()",
  "poll()",
  "report(ticketId)",
  "stats(answers)",
  "unlisted()",
];

test("RPC methods are only added, never removed", () => {
  const methods = Object.getOwnPropertyNames(Ledger.prototype)
    .filter((name) => !["constructor", "alarm"].includes(name))
    .map((name) => `${name} ${Reflect.get(Ledger.prototype, name).length}`);
  const listed = METHODS.map((each) => each.replace(/\((.*)\)/, (_, of) => (of ? " 1" : " 0")));
  expect(methods.sort()).toEqual(listed.sort());
});

const retrigger = (requestId: string): Job => ({
  kind: "re-trigger",
  ticketId: "T-1",
  requestId,
  force: true,
});

test("a forced re-trigger that the platform delivers twice posts once", async () => {
  await deliver();
  await pass();
  for (const requestId of ["r-1", "r-1", "r-2"]) {
    expect(await ledger().accept({ job: retrigger(requestId), answers: {} })).toBe("accepted");
    await pass();
  }
  expect(harness.calls).toHaveLength(3);
});

test("a delivery that the platform delivers twice is accepted once", async () => {
  const job: Job = { kind: "created", ticketId: "T-1", deliveryId: "m", scanned: null };
  expect(await ledger().accept({ job, answers: {} })).toBe("accepted");
  expect(await ledger().accept({ job, answers: {} })).toBe("duplicate");
});

test("a request of a Worker of version 0.1 is refused, and nothing is stored", async () => {
  const job = { ticketId: "T-1", deliveryId: "m", scanned: null, trigger: "created", force: false };
  const call = ledger() as unknown as { accept(...args: unknown[]): Promise<unknown> };
  const failure = await call.accept("standard", job, {}).catch((error: Error) => error);
  expect(failure).toBeInstanceOf(Error);
  expect(await recordOf()).toBeNull();
});

test("an object that was evicted knows its tickets and its connector", async () => {
  await deliver();
  await evictDurableObject(ledger());
  expect(await recordOf()).toMatchObject({ connector: "standard", state: "waiting" });
  await pass();
  expect(await recordOf()).toMatchObject({ state: "done", outcome: "posted" });
});
