import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { ROOT } from "../../local-worker/root.ts";
import type { Delivery, RunningSystem } from "../system.ts";

/** A folder of its own, so that its packages stay apart from those of the project. */
const HOME = join(ROOT, ".bench");
const START_LIMIT_MS = 30_000;

/** Another system that does the same job. */
export interface Alternative {
  readonly folder: string;
  /** The npm package with its version. */
  readonly npmPackage: string;
  /** Files of this folder that it needs. */
  readonly files: readonly string[];
  /** The command line that starts it. */
  command(folder: string): readonly string[];
  createDelivery(ticketId: string): Delivery;
}

/** Installs an alternative if that was not done before, and starts it. */
export async function startAlternative(
  alternative: Alternative,
  ticketSystemUrl: string,
): Promise<RunningSystem> {
  const folder = join(HOME, alternative.folder);
  await mkdir(folder, { recursive: true });
  const install = [
    "install",
    "--no-audit",
    "--no-fund",
    "--prefix",
    folder,
    alternative.npmPackage,
  ];
  await promisify(execFile)("npm", install, { cwd: folder });
  for (const name of alternative.files)
    await copyFile(join(import.meta.dirname, name), join(folder, name));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const [file = "", ...args] = alternative.command(folder);

  const start = async () => {
    const env = {
      ...process.env,
      TICKET_SYSTEM_URL: ticketSystemUrl,
      PORT: String(port),
      HOST: "127.0.0.1",
    };
    const child = spawn(file, args, { cwd: folder, env, stdio: "ignore" });
    process.once("exit", () => child.kill("SIGKILL"));
    const limit = performance.now() + START_LIMIT_MS;
    while (!(await answers(origin))) {
      if (performance.now() > limit || child.exitCode !== null) {
        child.kill("SIGKILL");
        throw new Error(`${alternative.npmPackage} did not start`);
      }
      await delay(100);
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
    createDelivery: alternative.createDelivery,
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
