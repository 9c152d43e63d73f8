import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

export const ROOT = join(import.meta.dirname, "../..");
/** Shorter than the limit of a test, so that the error says what the test waited for. */
const WAIT_LIMIT_MS = 50_000;

/** A running program. */
export interface Child {
  readonly pid: number;
  /** What it printed so far, on stdout and stderr. */
  output(): string;
  /** Waits until its output matches a pattern. Returns the first group of the match. */
  until(pattern: RegExp): Promise<string>;
  /** Resolves when it and every process that writes to its output have ended. */
  readonly result: Promise<Result>;
  /** The ids of its process and of all descendants. */
  family(): readonly number[];
  /** Sends a signal to its process group, as Ctrl-C does in a terminal. */
  signalGroup(signal: NodeJS.Signals): void;
}

/** How a program ended. */
export interface Result {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams, in the order in which the text came. */
  readonly output: string;
}

export interface ChildOptions {
  /** Its folder for temporary files. */
  readonly temporary?: string;
  /** Its working folder. Default: the folder of this project. */
  readonly cwd?: string;
  /** Its standard input. */
  readonly input?: string;
  /** Variables besides those of this process. Undefined removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The process groups that may still run, by id. */
const groups = new Map<number, Promise<unknown>>();

/**
 * Starts a program in a process group of its own. The group is killed when this process ends, even
 * if that is by SIGKILL, or by {@link endChildren}.
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
  // Ignored: a program that ends early does not read its input.
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

/** Starts a file of `scripts/` with the Node that runs this test. */
export function startScript(name: string, args: readonly string[], options?: ChildOptions): Child {
  return startChild([process.execPath, join(ROOT, "scripts", name), ...args], options);
}

/** Kills every program that was started here and its descendants. Waits until they have ended. */
export async function endChildren(): Promise<void> {
  const closing = [...groups.values()];
  for (const pid of groups.keys()) killAll([-pid]);
  await Promise.all(closing);
}

/**
 * Starts a process that kills a group when this process ends. It waits for the end of its input,
 * which the kernel closes then. It has a group of its own, so that Ctrl-C does not end it.
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

/**
 * Calls `ask` every 25 ms until it returns something other than undefined, for 50 s at most.
 *
 * @param describe Says in the error what did not come.
 */
export async function until<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  describe: () => string = () => "an answer",
): Promise<T> {
  const end = performance.now() + WAIT_LIMIT_MS;
  while (performance.now() < end) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await delay(25);
  }
  throw new Error(`waited ${WAIT_LIMIT_MS} ms for ${describe()}`);
}

/** Waits until these processes have ended. A zombie counts as ended. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  const alive = () => processes().filter((each) => pids.includes(each.pid));
  await until(
    () => (alive().length === 0 ? true : undefined),
    () => `the end of ${JSON.stringify(alive())}`,
  );
}

/** Kills processes. Those that have already ended are ignored. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has already ended.
    }
  }
}

/**
 * Makes a temporary folder for a test. `leftovers` lists what programs of this project left in it.
 */
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
