import { readFileSync } from "node:fs";

/** What a program that runs until a signal can rely on. */
export interface Program {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Settles with the first signal. */
  readonly stopped: Promise<void>;
  /** Says how to end something that was started; the last one ends first. */
  onEnd(end: () => Promise<void>): void;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** What has not ended by then is cut off; workerd never outlives this process. */
const END_LIMIT_MS = 8_000;
const PARENT_CHECK_MS = 100;

/**
 * Runs a program, then ends all that it started, and the process: with 0, or with 1 after one
 * message. A second signal changes nothing, since the first is being obeyed.
 */
export async function runProgram(main: (program: Program) => Promise<void>): Promise<never> {
  const stop = new AbortController();
  const stopped = Promise.withResolvers<void>();
  const endings = new AsyncDisposableStack();
  const end = () => {
    if (stop.signal.aborted) return;
    setTimeout(() => process.exit(1), END_LIMIT_MS);
    stopped.resolve();
    stop.abort();
  };
  /** What fails because of the signal is no failure. */
  const fail = (error: unknown) => {
    if (!stop.signal.aborted) report(error);
    end();
  };
  for (const signal of SIGNALS) process.on(signal, end);
  process.on("uncaughtException", fail);
  whenParentIsGone(end);

  const onEnd = (each: () => Promise<void>) => endings.defer(each);
  await main({ signal: stop.signal, stopped: stopped.promise, onEnd }).catch(fail);
  await endings.disposeAsync().catch(report);
  process.exit();
}

/** Makes something that would end the process at a signal by itself, and takes that from it. */
export function withoutSignalListeners<T>(make: () => T): T {
  const before = SIGNALS.map((signal) => new Set(process.listeners(signal)));
  const made = make();
  for (const [index, signal] of SIGNALS.entries()) {
    const added = process.listeners(signal).filter((each) => !before[index]?.has(each));
    for (const listener of added) process.off(signal, listener);
  }
  return made;
}

/**
 * npm hands a signal to the shell between it and us, and many a shell ends, or waits, without
 * passing it on: when that shell or npm itself is gone, that is the signal.
 */
function whenParentIsGone(end: () => void) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const family = () => [process.ppid, parentOf(process.ppid)].join();
  const before = family();
  setInterval(() => family() !== before && end(), PARENT_CHECK_MS).unref();
}

/** Told by the kernel of Linux only; elsewhere the shell alone is watched. */
function parentOf(pid: number) {
  try {
    return /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  } catch {
    return undefined;
  }
}

function report(error: unknown) {
  process.exitCode = 1;
  console.error(error instanceof Error ? explain(error) : error);
}

/** Node's `fetch` tells why it failed in the cause only. */
function explain({ message, cause }: Error) {
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
