/** The result of a write, and what to do after its commit. */
export interface Written<T> {
  readonly result: T;
  /**
   * Runs once, after the commit: changes to memory, counters and logs belong here. The write itself
   * must change only rows, because it may be rolled back and run again when another write fails.
   */
  readonly afterCommit?: () => void;
}

/** Group commit: writes that arrive while an earlier one is being synced share a transaction. */
export interface GroupCommit {
  /**
   * Runs a write in a transaction; settles after the commit. The output gate of the Durable Object
   * holds later messages until the data is on disk.
   */
  run<T>(write: () => Written<T>): Promise<T>;
  /** Settles when no write is pending. */
  idle(): Promise<void>;
}

type Storage = Pick<DurableObjectStorage, "transactionSync" | "sync">;

interface Waiting {
  /** Writes the rows. Returns a function to call after the commit. */
  readonly execute: () => () => void;
  readonly reject: (error: unknown) => void;
}

/** While one commit is being synced, further writes are collected. A single write never waits. */
export function createGroupCommit(storage: Storage): GroupCommit {
  let waiting: Waiting[] = [];
  let isFlushing = false;
  let flushed = Promise.resolve();

  const flush = async () => {
    try {
      while (waiting.length > 0) {
        const group = waiting;
        waiting = [];
        commit(storage, group);
        await storage.sync();
      }
    } catch (error) {
      // The disk failed. The platform ends the object, and no answer about the last commit is sent.
      for (const { reject } of waiting) reject(error);
      waiting = [];
    } finally {
      isFlushing = false;
    }
  };

  return {
    run: (write) =>
      new Promise((resolve, reject) => {
        const execute = () => {
          const { result, afterCommit } = write();
          return () => {
            try {
              afterCommit?.();
              resolve(result);
            } catch (error) {
              reject(error);
            }
          };
        };
        waiting.push({ execute, reject });
        if (isFlushing) return;
        isFlushing = true;
        flushed = flush();
      }),

    async idle() {
      while (isFlushing) await flushed;
    },
  };
}

/** Commits a group. If that fails, each write is committed alone, so that only faulty ones fail. */
function commit(storage: Storage, group: readonly Waiting[]) {
  let finish: (() => void)[];
  try {
    finish = storage.transactionSync(() => group.map(({ execute }) => execute()));
  } catch (error) {
    const [only, ...others] = group;
    if (others.length === 0) only?.reject(error);
    else for (const each of group) commit(storage, [each]);
    return;
  }
  for (const each of finish) each();
}
