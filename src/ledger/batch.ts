/** Gathers writes that come close together into one transaction: a commit costs more than rows. */
export interface Batch {
  /** Runs a write. Settles when it is done; what leaves this object after that waits for the disk. */
  run<T>(write: () => T): Promise<T>;
  /** Settles when nothing is left to be written. */
  empty(): Promise<void>;
}

/** What a batch needs of the storage. */
type Storage = Pick<DurableObjectStorage, "transactionSync" | "sync">;

interface Waiting {
  readonly write: () => unknown;
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

/** While one commit is on its way to the disk, the next one gathers: alone, a write never waits. */
export function openBatch(storage: Storage): Batch {
  let waiting: Waiting[] = [];
  let running: Promise<void> | null = null;

  const flush = async () => {
    try {
      while (waiting.length > 0) {
        const all = waiting;
        waiting = [];
        write(storage, all);
        await storage.sync();
      }
    } catch (error) {
      // The disk failed. What was written of late is answered by nobody: the platform sees to it.
      for (const { reject } of waiting) reject(error);
      waiting = [];
    } finally {
      running = null;
    }
  };

  return {
    run: (write) =>
      new Promise((resolve, reject) => {
        waiting.push({ write, resolve, reject });
        running ??= flush();
      }),

    async empty() {
      while (running) await running;
    },
  };
}

/** One write that cannot be done must not take the others with it: then each is done alone. */
function write(storage: Storage, all: readonly Waiting[]) {
  try {
    const results = storage.transactionSync(() => all.map((each) => each.write()));
    for (const [index, { resolve }] of all.entries()) resolve(results[index] as never);
  } catch (error) {
    const [only, ...others] = all;
    if (others.length === 0) only?.reject(error);
    else for (const each of all) write(storage, [each]);
  }
}
