import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AdmissionControl } from "../../src/ledger/dispatcher.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The names that have been released so far. */
function wait(control: AdmissionControl, ...names: string[]) {
  const inside: string[] = [];
  for (const name of names) control.wait().then(() => inside.push(name));
  return inside;
}

test("each finished ticket releases one sender, in order of arrival", async () => {
  const control = new AdmissionControl();
  const inside = wait(control, "a", "b", "c");
  control.next();
  control.next();
  await vi.advanceTimersByTimeAsync(1);
  expect(inside).toEqual(["a", "b"]);
});

test("a sender waits half a second at most", async () => {
  const control = new AdmissionControl();
  const inside = wait(control, "a", "b");
  await vi.advanceTimersByTimeAsync(400);
  wait(control, "c");
  inside.push("400 ms");
  await vi.advanceTimersByTimeAsync(100);
  expect(inside).toEqual(["400 ms", "a", "b"]);
});

test("the timer of a released sender does not release another one", async () => {
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

test("a ticket that finishes while nobody waits releases no later sender", async () => {
  const control = new AdmissionControl();
  control.next();
  const inside = wait(control, "a");
  await vi.advanceTimersByTimeAsync(1);
  expect(inside).toEqual([]);
});
