import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pass } from "node:timers/promises";

export const ROOT = join(import.meta.dirname, "../..");
/** Shorter than the limit of a test, so that it says what was waited for. */
const LIMIT_MS = 50_000;

/** A program of the project, running. */
export interface Child {
  readonly pid: number;
  /** What it printed so far, errors too. */
  output(): string;
  /** Waits until what it printed matches; gives the first group. */
  until(pattern: RegExp): Promise<string>;
  /** How it ended and what it printed, once it and all that writes to its output are gone. */
  readonly result: Promise<Result>;
  /** Itself and all that it started, by process id. */
  family(): readonly number[];
  /** Sends a signal to the whole group, as Ctrl-C does in a terminal. */
  signalGroup(signal: NodeJS.Signals): void;
}

/** How a program ended. */
export interface Result {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, in the order in which they came. */
  readonly output: string;
}

/** How to start a program. */
export interface ChildOptions {
  /** Where it keeps temporary files. */
  readonly temporary?: string;
  /** The folder it runs in; the project's own when nothing is said. */
  readonly cwd?: string;
  /** What stands in its standard input. */
  readonly input?: string;
  /** Variables on top of those of this process; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The process groups that may still run. */
const groups = new Map<number, Promise<unknown>>();

/**
 * Starts a program in a process group of its own. The group ends with the process that called this,
 * even when that one is killed, and at the latest with {@link endChildren}.
 */
export function startChild(command: readonly string[], options: ChildOptions = {}): Child {
  const { temporary = tmpdir(), cwd = ROOT, input = "", env = {} } = options;
  const [file = "", ...args] = command;
  const child = spawn(file, args, {
    cwd,
    detached: true,
    env: { ...process.env, TMPDIR: temporary, ...env },
    stdio: "pipe",
  });
  const { pid, stdin } = child;
  if (pid === undefined) throw new Error(`${file} did not start`);
  const printed = { output: "", stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      printed[stream] += text;
      printed.output += text;
    });
  }
  // A program that ends early does not read its input.
  stdin.on("error", () => {}).end(input);
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  groups.set(pid, closed);
  const guard = startGuard(pid);
  closed.then(() => {
    groups.delete(pid);
    guard.kill("SIGKILL");
  });
  return {
    pid,
    output: () => printed.output,
    result: closed.then((code) => ({ code, ...printed })),
    family: () => [pid, ...descendants(pid)],
    signalGroup: (signal) => process.kill(-pid, signal),
    until: (pattern) =>
      until(
        () => {
          const found = pattern.exec(printed.output);
          if (!found && child.exitCode !== null) throw new Error(`it ended: ${printed.output}`);
          return found?.at(-1);
        },
        () => `${pattern} in: ${printed.output}`,
      ),
  };
}

/** Starts one of `scripts/` with the Node that runs this. */
export function startScript(name: string, args: readonly string[], options?: ChildOptions): Child {
  return startChild([process.execPath, join(ROOT, "scripts", name), ...args], options);
}

/** Ends all programs that were started here, with all that they started, and waits for it. */
export async function endChildren(): Promise<void> {
  const closing = [...groups.values()];
  for (const pid of groups.keys()) killAll([-pid]);
  await Promise.all(closing);
}

/**
 * A process that kills a group as soon as this process ends. It waits for the end of its input,
 * which the kernel closes with us. It is no member of our group, so that Ctrl-C does not end it.
 */
function startGuard(group: number) {
  const script = 'read -r line; kill -s KILL -- "-$1"';
  const guard = spawn("sh", ["-c", script, "guard", String(group)], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  guard.unref();
  return guard;
}

/** Asks again and again until there is an answer. */
export async function until<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  describe: () => string = () => "an answer",
): Promise<T> {
  const end = performance.now() + LIMIT_MS;
  while (performance.now() < end) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await pass(25);
  }
  throw new Error(`waited ${LIMIT_MS} ms for ${describe()}`);
}

/** Waits until these processes are gone; a dead one whom nobody buried counts as gone. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  const alive = () => processes().filter((each) => pids.includes(each.pid));
  await until(
    () => (alive().length === 0 ? true : undefined),
    () => `the end of ${JSON.stringify(alive())}`,
  );
}

/** Ends processes which may already be gone. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It is gone, which is what we want.
    }
  }
}

/** Makes a folder for one test and, later, says what is left in it of ours. */
export async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), "test-scripts-"));
  return {
    path,
    leftovers: async () =>
      (await readdir(path)).filter((name) => /^(?:hresult-comments|miniflare|catalog)-/.test(name)),
    remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }),
  };
}

function descendants(pid: number): number[] {
  const all = processes();
  const below = (parent: number): number[] =>
    all.filter((each) => each.parent === parent).flatMap((each) => [each.pid, ...below(each.pid)]);
  return below(pid);
}

function processes() {
  const lines = execFileSync("ps", ["-eo", "pid=,ppid=,stat=,comm="], { encoding: "utf8" });
  return lines
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state]) => !state?.startsWith("Z"))
    .map(([pid, parent, , name]) => ({ pid: Number(pid), parent: Number(parent), name }));
}
