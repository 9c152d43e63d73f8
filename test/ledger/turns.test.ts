import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openTurns, type Turns } from "../../src/ledger/turns.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Who has been let in. */
function wait(turns: Turns, ...names: string[]) {
  const inside: string[] = [];
  for (const name of names) turns.wait().then(() => inside.push(name));
  return inside;
}

test("each ticket that is done lets one in, in the order in which they came", async () => {
  const turns = openTurns();
  const inside = wait(turns, "a", "b", "c");
  turns.next();
  turns.next();
  await vi.advanceTimersByTimeAsync(1);
  expect(inside).toEqual(["a", "b"]);
});

test("nobody waits longer than half a second", async () => {
  const turns = openTurns();
  const inside = wait(turns, "a", "b");
  await vi.advanceTimersByTimeAsync(400);
  wait(turns, "c");
  inside.push("400 ms");
  await vi.advanceTimersByTimeAsync(100);
  expect(inside).toEqual(["400 ms", "a", "b"]);
});

test("who was let in takes nobody else's turn when its time is over", async () => {
  const turns = openTurns();
  const inside = wait(turns, "a");
  await vi.advanceTimersByTimeAsync(400);
  const later = wait(turns, "b");
  turns.next();
  await vi.advanceTimersByTimeAsync(400);
  expect([inside, later]).toEqual([["a"], []]);
  await vi.advanceTimersByTimeAsync(100);
  expect(later).toEqual(["b"]);
});

test("a ticket that is done while nobody waits lets nobody in later", async () => {
  const turns = openTurns();
  turns.next();
  const inside = wait(turns, "a");
  await vi.advanceTimersByTimeAsync(1);
  expect(inside).toEqual([]);
});
