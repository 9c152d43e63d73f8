import { runInDurableObject } from "cloudflare:test";
import { afterEach, expect, test } from "vitest";
import {
  createGroupCommit,
  type GroupCommit,
  type Written,
} from "../../src/ledger/group-commit.ts";
import { closeHarness, ledger } from "./ledger-harness.ts";

afterEach(closeHarness);

interface Bench {
  readonly commits: GroupCommit;
  /** Writes a number into a table, and after the commit into `seen`. */
  write(value: number): Written<number>;
  /** What is in the table. */
  readonly values: number[];
  /** The numbers in memory, in the order in which they came. */
  readonly seen: number[];
  /** How many transactions were tried. */
  readonly transactions: number;
  /** What has been written does not reach the disk. */
  failSync: boolean;
}

function withCommits<T>(run: (bench: Bench) => Promise<T>): Promise<T> {
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
      commits: createGroupCommit(counted),
      seen: [],
      write(value) {
        storage.sql.exec("INSERT INTO number (value) VALUES (?)", value);
        return { result: value, afterCommit: () => void bench.seen.push(value) };
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

test("a single write does not wait, and returns its result", () =>
  withCommits(async ({ commits, write }) => {
    let written = false;
    const result = commits.run(() => {
      written = true;
      return write(7);
    });
    expect(written).toBe(true);
    expect(await result).toBe(7);
  }));

test("writes that arrive during a commit share the next one, and each gets its own result", () =>
  withCommits(async (bench) => {
    const all = [1, 2, 3, 4, 5].map((value) => bench.commits.run(() => bench.write(value * 10)));
    expect(await Promise.all(all)).toEqual([10, 20, 30, 40, 50]);
    expect(bench.transactions).toBe(2);
  }));

test("a write that fails is rolled back, and fails no other write", () =>
  withCommits(async (bench) => {
    const writes = [
      () => bench.write(1),
      () => bench.write(2),
      () => {
        bench.write(99);
        throw new Error("full");
      },
      () => bench.write(3),
    ];
    const settled = await Promise.allSettled(writes.map((write) => bench.commits.run(write)));
    expect(settled.map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(bench.values).toEqual([1, 2, 3]);
    expect(bench.seen).toEqual([1, 2, 3]);
  }));

test("afterCommit runs once, even if another write of the group fails", () =>
  withCommits(async (bench) => {
    const fails = () => {
      throw new Error("full");
    };
    const first = bench.commits.run(() => bench.write(1));
    const group = [() => bench.write(2), fails, () => bench.write(3)];
    const running = Promise.allSettled(group.map((write) => bench.commits.run(write)));
    await first;
    expect(bench.seen, "the others still wait").toEqual([1]);
    await running;
    expect(bench.transactions, "the first, the group, and each of it alone").toBe(5);
    expect(bench.seen).toEqual([1, 2, 3]);
  }));

test("a failure after the commit fails its own write only, and later writes go on", () =>
  withCommits(async (bench) => {
    const failing = bench.commits.run(() => ({
      ...bench.write(1),
      afterCommit: () => {
        throw new Error("the log is closed");
      },
    }));
    await expect(failing).rejects.toThrow("the log is closed");
    expect(await bench.commits.run(() => bench.write(2))).toBe(2);
    expect(bench.values).toEqual([1, 2]);
    await bench.commits.idle();
  }));

test("when the disk fails, waiting writes fail too, and later writes are tried again", () =>
  withCommits(async (bench) => {
    bench.failSync = true;
    const all = [1, 2, 3].map((value) => bench.commits.run(() => bench.write(value)));
    const settled = await Promise.allSettled(all);
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
    bench.failSync = false;
    expect(await bench.commits.run(() => bench.write(4))).toBe(4);
  }));

test("a write that comes at the moment a commit is synced does not wait for a third one", async () => {
  const storage = {
    transactionSync: <R>(write: () => R) => write(),
    sync: () => Promise.resolve(),
  };
  const commits = createGroupCommit(storage);
  for (const value of [1, 2, 3]) expect(await commits.run(() => ({ result: value }))).toBe(value);
  await commits.idle();
});

test("it is idle when the last write is on disk", () =>
  withCommits(async (bench) => {
    for (const value of [1, 2, 3]) bench.commits.run(() => bench.write(value));
    await bench.commits.idle();
    expect(bench.values).toEqual([1, 2, 3]);
    await bench.commits.idle();
  }));
