import { readFileSync } from "node:fs";

/** What the main function of a script gets. */
export interface ScriptContext {
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
  /** Resolves with the same signal. */
  readonly stopped: Promise<void>;
  /** Registers a clean-up for the end of the script. The last one registered runs first. */
  onExit(cleanUp: () => Promise<void>): void;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** How long clean-ups may take after a signal. Then the process exits; workerd ends with it. */
const CLEAN_UP_LIMIT_MS = 8_000;
const PARENT_CHECK_MS = 100;

/**
 * Runs the main function of a script, then its clean-ups, then exits: with code 0, or with 1 and
 * one message on stderr. Errors that follow from the signal are not reported. Further signals
 * change nothing.
 *
 * @example
 * await runScript(async ({ stopped, onExit }) => {
 *   const server = await startServer();
 *   onExit(() => server.close());
 *   await stopped;
 * });
 */
export async function runScript(main: (context: ScriptContext) => Promise<void>): Promise<never> {
  const controller = new AbortController();
  const stopped = Promise.withResolvers<void>();
  const cleanUps = new AsyncDisposableStack();
  const stop = () => {
    if (controller.signal.aborted) return;
    setTimeout(() => process.exit(1), CLEAN_UP_LIMIT_MS);
    stopped.resolve();
    controller.abort();
  };
  const fail = (error: unknown) => {
    if (!controller.signal.aborted) reportError(error);
    stop();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  process.on("uncaughtException", fail);
  onParentExit(stop);

  const onExit = (cleanUp: () => Promise<void>) => cleanUps.defer(cleanUp);
  await main({ signal: controller.signal, stopped: stopped.promise, onExit }).catch(fail);
  await cleanUps.disposeAsync().catch(reportError);
  process.exit();
}

/** Calls `make`, and removes the signal handlers that it installed: they would end the process. */
export function withoutSignalHandlers<T>(make: () => T): T {
  const before = SIGNALS.map((signal) => new Set(process.listeners(signal)));
  const made = make();
  for (const [index, signal] of SIGNALS.entries()) {
    const added = process.listeners(signal).filter((each) => !before[index]?.has(each));
    for (const listener of added) process.off(signal, listener);
  }
  return made;
}

/**
 * Stops a script that npm runs when npm or its shell has gone. npm sends a signal to the shell
 * between it and the script, and some shells end, or wait, without passing it on.
 */
function onParentExit(stop: () => void) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const ancestors = () => [process.ppid, parentOf(process.ppid)].join();
  const before = ancestors();
  setInterval(() => ancestors() !== before && stop(), PARENT_CHECK_MS).unref();
}

/** The parent of a process. Known on Linux only: elsewhere only the shell is watched, not npm. */
function parentOf(pid: number) {
  try {
    return /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  } catch {
    return undefined;
  }
}

/** Prints an error and sets the exit code to 1. */
function reportError(error: unknown) {
  process.exitCode = 1;
  console.error(error instanceof Error ? describe(error) : error);
}

/** Node's `fetch` says only in the cause why it failed. */
function describe({ message, cause }: Error) {
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
