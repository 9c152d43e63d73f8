import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

/** Runs one check and prints one line. A check that fails stops no other. */
export type Check = (what: string, run: () => Promise<void>) => Promise<void>;

/** Says how to end something that was started; the last one ends first. */
export type OnEnd = (end: () => Promise<void>) => void;

/** The checks with one real ticket system; throws when it cannot even be started. */
export type Desk = (check: Check, onEnd: OnEnd) => Promise<void>;

const POLL_MS = 50;
/** How long a process may take to end by itself. */
const END_LIMIT_MS = 10_000;

/** A program that was started, with all that it started itself. */
export interface Running {
  /** What it has printed so far, on either stream. */
  output(): string;
  /** False when it has ended by itself. */
  readonly alive: boolean;
  /** Ends it with a signal, and what it leaves behind; does nothing when it has ended. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Starts a program as the head of its own group of processes. */
export function start(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Running {
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
      const late = delay(END_LIMIT_MS, undefined, { ref: false });
      await Promise.race([exited, late]);
      signalGroup(child, "SIGKILL");
      await exited;
    },
  };
}

/** The group lives as long as one process in it does, whoever started that one. */
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

/** Runs a program to its end; what it printed is in the error when it fails. */
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

/** Asks until there is an answer: anything but undefined. What it throws counts as no answer. */
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

/** A port on loopback that nobody uses now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
