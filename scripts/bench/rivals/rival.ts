import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pass } from "node:timers/promises";
import { promisify } from "node:util";
import { ROOT } from "../../local-worker/root.ts";
import type { Delivery, Running } from "../system.ts";

/** Beside the project's own packages, so that none of theirs is among them. */
const HOME = join(ROOT, ".bench");
const START_LIMIT_MS = 30_000;

/** Another system that can do the same job. */
export interface Rival {
  readonly folder: string;
  /** The package of npm, with its version. */
  readonly npmPackage: string;
  /** Our files for it, beside this one. */
  readonly files: readonly string[];
  command(folder: string): readonly string[];
  deliver(ticketId: string): Delivery;
}

/** Installs it once, and runs it. */
export async function startRival(rival: Rival, deskUrl: string): Promise<Running> {
  const folder = join(HOME, rival.folder);
  await mkdir(folder, { recursive: true });
  const install = ["install", "--no-audit", "--no-fund", "--prefix", folder, rival.npmPackage];
  await promisify(execFile)("npm", install, { cwd: folder });
  for (const name of rival.files)
    await copyFile(join(import.meta.dirname, name), join(folder, name));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const [file = "", ...args] = rival.command(folder);

  const start = async () => {
    const env = { ...process.env, DESK_URL: deskUrl, PORT: String(port), HOST: "127.0.0.1" };
    const child = spawn(file, args, { cwd: folder, env, stdio: "ignore" });
    process.once("exit", () => child.kill("SIGKILL"));
    const limit = performance.now() + START_LIMIT_MS;
    while (!(await answers(origin))) {
      if (performance.now() > limit || child.exitCode !== null) {
        child.kill("SIGKILL");
        throw new Error(`${rival.npmPackage} does not start`);
      }
      await pass(100);
    }
    return child;
  };
  let child = await start();
  const end = async (signal: NodeJS.Signals) => {
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  };
  return {
    origin,
    pids: () => (child.pid === undefined ? [] : [child.pid]),
    deliver: rival.deliver,
    kill: () => end("SIGKILL"),
    async restart() {
      child = await start();
    },
    stop: () => end("SIGKILL"),
  };
}

async function answers(origin: string) {
  return fetch(origin).then(
    () => true,
    () => false,
  );
}

async function freePort() {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === "string") throw new Error("no port is free");
  return address.port;
}
