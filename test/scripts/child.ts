import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pass } from "node:timers/promises";

export const ROOT = join(import.meta.dirname, "../..");
const LIMIT_MS = 30_000;

/** A program of the project, running. */
export interface Child {
  readonly pid: number;
  /** What it printed so far, errors too. */
  output(): string;
  /** Waits until what it printed matches; gives the first group. */
  until(pattern: RegExp): Promise<string>;
  /** Its exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Itself and all that it started, by process id. */
  family(): readonly number[];
  /** Sends a signal to the whole group, as Ctrl-C does in a terminal. */
  signalGroup(signal: NodeJS.Signals): void;
}

/** Starts a program in a process group of its own. */
export function startChild(command: readonly string[], temporary = tmpdir()): Child {
  const [file = "", ...args] = command;
  const child = spawn(file, args, {
    cwd: ROOT,
    detached: true,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} did not start`);
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  return {
    pid,
    output: () => output,
    exited,
    family: () => [pid, ...descendants(pid)],
    signalGroup: (signal) => process.kill(-pid, signal),
    until: (pattern) =>
      until(
        () => {
          const found = pattern.exec(output);
          if (!found && child.exitCode !== null) throw new Error(`it ended: ${output}`);
          return found?.at(-1);
        },
        () => `${pattern} in: ${output}`,
      ),
  };
}

/** Starts one of `scripts/` with the Node that runs this. */
export function startScript(name: string, args: readonly string[], temporary?: string): Child {
  return startChild([process.execPath, join(ROOT, "scripts", name), ...args], temporary);
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
