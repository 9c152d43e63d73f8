import { runInDurableObject } from "cloudflare:test";
import { afterEach, expect, test } from "vitest";
import { type Batch, openBatch } from "../../src/ledger/batch.ts";
import { closeDesk, ledger } from "../desk.ts";

afterEach(closeDesk);

interface Bench {
  readonly batch: Batch;
  /** Writes a number into a table. */
  write(value: number): number;
  /** What is in the table. */
  readonly values: number[];
  /** How many transactions were tried. */
  readonly transactions: number;
  /** What has been written does not reach the disk. */
  failSync: boolean;
}

function withBatch<T>(run: (bench: Bench) => Promise<T>): Promise<T> {
  return runInDurableObject(ledger(), (_, { storage }) => {
    storage.sql.exec("CREATE TABLE number (value INTEGER PRIMARY KEY)");
    let transactions = 0;
    const counted = {
      transactionSync<R>(write: () => R) {
        transactions++;
        return storage.transactionSync(write);
      },
      async sync() {
        if (bench.failSync) throw new Error("full");
        await storage.sync();
      },
    };
    const bench: Bench = {
      failSync: false,
      batch: openBatch(counted),
      write(value) {
        storage.sql.exec("INSERT INTO number (value) VALUES (?)", value);
        return value;
      },
      get values() {
        const rows = storage.sql.exec<{ value: number }>("SELECT value FROM number ORDER BY value");
        return [...rows].map(({ value }) => value);
      },
      get transactions() {
        return transactions;
      },
    };
    return run(bench);
  });
}

test("a write that is alone does not wait, and gives its result", () =>
  withBatch(async ({ batch, write }) => {
    let written = false;
    const result = batch.run(() => {
      written = true;
      return write(7);
    });
    expect(written).toBe(true);
    expect(await result).toBe(7);
  }));

test("what comes during a commit shares the next one, and each gets its own result", () =>
  withBatch(async (bench) => {
    const all = [1, 2, 3, 4, 5].map((value) => bench.batch.run(() => bench.write(value) * 10));
    expect(await Promise.all(all)).toEqual([10, 20, 30, 40, 50]);
    expect(bench.transactions).toBe(2);
  }));

test("a write that fails leaves nothing behind, and takes no other with it", () =>
  withBatch(async (bench) => {
    const writes = [
      () => bench.write(1),
      () => bench.write(2),
      () => {
        bench.write(99);
        throw new Error("full");
      },
      () => bench.write(3),
    ];
    const settled = await Promise.allSettled(writes.map((write) => bench.batch.run(write)));
    expect(settled.map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(bench.values).toEqual([1, 2, 3]);
  }));

test("when the disk fails, what waits for it fails too, and later writes are tried again", () =>
  withBatch(async (bench) => {
    bench.failSync = true;
    const all = [1, 2, 3].map((value) => bench.batch.run(() => bench.write(value)));
    const settled = await Promise.allSettled(all);
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
    bench.failSync = false;
    expect(await bench.batch.run(() => bench.write(4))).toBe(4);
  }));

test("a batch is empty when the last write is on disk", () =>
  withBatch(async (bench) => {
    for (const value of [1, 2, 3]) bench.batch.run(() => bench.write(value));
    await bench.batch.empty();
    expect(bench.values).toEqual([1, 2, 3]);
    await bench.batch.empty();
  }));
