/** What a write did, and what is to be done once that is committed. */
export interface Written<T> {
  readonly result: T;
  /**
   * Changes what is in memory, counts and logs. Runs once, after the commit. A write itself must
   * change nothing but rows: it is rolled back, and runs again, when another write fails.
   */
  readonly afterCommit?: () => void;
}

/** Group commit: writes that come close together share a transaction. */
export interface GroupCommit {
  /**
   * Runs a write in a transaction; settles when that is committed. What leaves the object after
   * that waits for the disk.
   */
  run<T>(write: () => Written<T>): Promise<T>;
  /** Settles when no write is left. */
  idle(): Promise<void>;
}

type Storage = Pick<DurableObjectStorage, "transactionSync" | "sync">;

interface Waiting {
  /** Writes the rows; returns what is to be done after the commit. */
  readonly execute: () => () => void;
  readonly reject: (error: unknown) => void;
}

/** While one commit is on its way to the disk, the next writes gather. A lone write never waits. */
export function createGroupCommit(storage: Storage): GroupCommit {
  let waiting: Waiting[] = [];
  let running: Promise<void> | null = null;

  const flush = async () => {
    try {
      while (waiting.length > 0) {
        const group = waiting;
        waiting = [];
        commit(storage, group);
        await storage.sync();
      }
    } catch (error) {
      // The disk failed. The platform ends the object, and no answer of the last commit leaves it.
      for (const { reject } of waiting) reject(error);
      waiting = [];
    } finally {
      running = null;
    }
  };

  return {
    run: (write) =>
      new Promise((resolve, reject) => {
        const execute = () => {
          const { result, afterCommit } = write();
          return () => {
            afterCommit?.();
            resolve(result);
          };
        };
        waiting.push({ execute, reject });
        running ??= flush();
      }),

    async idle() {
      while (running) await running;
    },
  };
}

/** Commits a group. When that fails each write is committed alone, so that one fails no other. */
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
