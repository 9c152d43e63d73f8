import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AdmissionControl } from "../../src/ledger/dispatcher.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Who has been let in. */
function wait(control: AdmissionControl, ...names: string[]) {
  const inside: string[] = [];
  for (const name of names) control.wait().then(() => inside.push(name));
  return inside;
}

test("each ticket that is done lets one in, in the order in which they came", async () => {
  const control = new AdmissionControl();
  const inside = wait(control, "a", "b", "c");
  control.next();
  control.next();
  await vi.advanceTimersByTimeAsync(1);
  expect(inside).toEqual(["a", "b"]);
});

test("nobody waits longer than half a second", async () => {
  const control = new AdmissionControl();
  const inside = wait(control, "a", "b");
  await vi.advanceTimersByTimeAsync(400);
  wait(control, "c");
  inside.push("400 ms");
  await vi.advanceTimersByTimeAsync(100);
  expect(inside).toEqual(["400 ms", "a", "b"]);
});

test("who was let in takes nobody else's turn when its time is over", async () => {
  const control = new AdmissionControl();
  const inside = wait(control, "a");
  await vi.advanceTimersByTimeAsync(400);
  const later = wait(control, "b");
  control.next();
  await vi.advanceTimersByTimeAsync(400);
  expect([inside, later]).toEqual([["a"], []]);
  await vi.advanceTimersByTimeAsync(100);
  expect(later).toEqual(["b"]);
});

test("a ticket that is done while nobody waits lets nobody in later", async () => {
  const control = new AdmissionControl();
  control.next();
  const inside = wait(control, "a");
  await vi.advanceTimersByTimeAsync(1);
  expect(inside).toEqual([]);
});
