/** Runs one check and prints one line about it. A check that fails does not stop the others. */
export type Check = (what: string, run: () => Promise<void>) => Promise<void>;

/** Registers a clean-up for the end of the suite. The last one registered runs first. */
export type OnEnd = (cleanUp: () => Promise<void>) => void;

/** The checks of one ticket system. It throws when the ticket system cannot be started. */
export type Suite = (check: Check, onEnd: OnEnd) => Promise<void>;
