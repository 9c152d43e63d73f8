/** What a drain works off. */
export interface Work {
  /** Takes one that is due and starts on it; null when none may be taken now. Never rejects. */
  start(inFlight: number): Promise<void> | null;
  /** When one is due again, in milliseconds since 1970; null when none is left. */
  nextDue(): number | null;
}

/** Works off what is due, also what becomes due meanwhile. */
export interface Drain {
  readonly isRunning: boolean;
  /** Settles when nothing is due and nothing is at work; soon after `untilMs` in any case. */
  run(untilMs: number): Promise<void>;
  /** Something new is due: one that hangs must not hold it up. */
  wake(): void;
}

export function openDrain({ start, nextDue }: Work): Drain {
  const inFlight = new Set<Promise<void>>();
  let woken = Promise.withResolvers<void>();
  let isRunning = false;

  const takeAll = () => {
    for (let one = start(inFlight.size); one !== null; one = start(inFlight.size)) {
      const work = one.finally(() => inFlight.delete(work));
      inFlight.add(work);
    }
  };
  const next = async () => {
    const due = nextDue();
    const wait = due === null ? -1 : due - Date.now();
    const timer = wait > 0 ? setTimeout(woken.resolve, wait) : undefined;
    await Promise.race([...inFlight, woken.promise]);
    clearTimeout(timer);
    woken = Promise.withResolvers();
  };

  return {
    get isRunning() {
      return isRunning;
    },

    async run(untilMs) {
      isRunning = true;
      try {
        for (;;) {
          if (Date.now() < untilMs) takeAll();
          if (inFlight.size === 0) return;
          await next();
        }
      } finally {
        isRunning = false;
      }
    },

    wake: () => woken.resolve(),
  };
}
