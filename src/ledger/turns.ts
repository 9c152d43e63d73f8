/** The longest that a delivery waits for its turn, in milliseconds: its sender must not give up. */
const MAX_WAIT_MS = 500;

/** Lets in as many as go out, while those inside have waited too long. */
export interface Turns {
  /** Settles when another ticket is done, at the latest after half a second. */
  wait(): Promise<void>;
  /** A ticket is done: one that waits may go on. */
  next(): void;
}

export function openTurns(): Turns {
  const waiting: (() => void)[] = [];
  return {
    async wait() {
      const turn = new Promise<void>((resolve) => waiting.push(resolve));
      const timer = setTimeout(() => waiting.shift()?.(), MAX_WAIT_MS);
      await turn;
      clearTimeout(timer);
    },
    next: () => waiting.shift()?.(),
  };
}
