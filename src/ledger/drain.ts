/** How long what comes in is gathered before it is worked on, in milliseconds. */
export const GATHER_MS = 100;

/** What a drain works off. */
export interface Work {
  /** Takes one that was due by then, and starts on it; null when there is none. Never rejects. */
  start(inFlight: number, dueBy: number): Promise<void> | null;
}

/** Works off what is due. */
export interface Drain {
  readonly isRunning: boolean;
  /**
   * Settles when all that was due is done; soon after `untilMs` in any case. As long as that takes,
   * what becomes due meanwhile is taken too: one that hangs must not hold up the others.
   */
  run(untilMs: number): Promise<void>;
}

export function openDrain({ start }: Work): Drain {
  const inFlight = new Set<Promise<void>>();
  let isRunning = false;

  const takeAll = (dueBy: number) => {
    for (let one = start(inFlight.size, dueBy); one; one = start(inFlight.size, dueBy)) {
      const work = one.finally(() => inFlight.delete(work));
      inFlight.add(work);
    }
  };

  return {
    get isRunning() {
      return isRunning;
    },

    async run(untilMs) {
      isRunning = true;
      let dueBy = Date.now();
      const clock = setInterval(() => {
        dueBy = Date.now();
        ticked.resolve();
        ticked = Promise.withResolvers();
      }, GATHER_MS);
      let ticked = Promise.withResolvers<void>();
      try {
        for (;;) {
          if (Date.now() < untilMs) takeAll(dueBy);
          if (inFlight.size === 0) return;
          await Promise.race([...inFlight, ticked.promise]);
        }
      } finally {
        clearInterval(clock);
        isRunning = false;
      }
    },
  };
}
