import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

const POLL_MS = 50;
/** How long a program may take to end after a signal, before it is killed. */
const END_LIMIT_MS = 10_000;

/** A program that was started, with its descendants. */
export interface RunningProgram {
  /** What it has printed so far, on stdout and stderr. */
  output(): string;
  /** False when it has ended. */
  readonly alive: boolean;
  /** Sends it a signal, waits until it has ended, and kills the descendants that are left. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Starts a program in a process group of its own. */
export function start(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): RunningProgram {
  const child = spawn(command, args, {
    ...options,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      printed += text;
    });
  }
  const exited = once(child, "exit").catch(() => undefined);
  return {
    output: () => printed,
    get alive() {
      return child.exitCode === null && child.signalCode === null;
    },
    async end(signal) {
      signalGroup(child, signal);
      const timeout = delay(END_LIMIT_MS, undefined, { ref: false });
      await Promise.race([exited, timeout]);
      signalGroup(child, "SIGKILL");
      await exited;
    },
  };
}

/** Sends a signal to all processes of a group. The group exists as long as one of them does. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // No process of the group is left.
  }
}

interface RunOptions {
  input?: string | Buffer;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
}

/**
 * Runs a program until it ends. Returns its stdout.
 *
 * @throws {Error} When it fails. The error holds what it printed.
 */
export async function run(
  command: string,
  args: readonly string[],
  { input = "", env = process.env, cwd = process.cwd() }: RunOptions = {},
): Promise<string> {
  const running = promisify(execFile)(command, args, { env, cwd, maxBuffer: 64 * 1024 * 1024 });
  running.child.stdin?.end(input);
  const { stdout } = await running;
  return stdout;
}

/**
 * Calls `ask` every 50 ms until it returns something other than undefined. An error that it throws
 * counts as undefined.
 *
 * @param what Says in the error what did not come within `limitMs`.
 */
export async function until<T>(
  what: string,
  limitMs: number,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const end = performance.now() + limitMs;
  let last: unknown;
  while (performance.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    await delay(POLL_MS);
  }
  throw new Error(`not within ${limitMs} ms: ${what}`, { cause: last });
}

/** A port of 127.0.0.1 on which no program listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
