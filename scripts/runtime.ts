import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { convertV4MiniflareOptions, Miniflare, type V4MiniflareOptions } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";

/** The project's own folder. */
export const ROOT = join(import.meta.dirname, "..");
const CONFIG = join(ROOT, "wrangler.toml");

/** The namespace that holds the catalog. */
export type Namespace = Awaited<ReturnType<Miniflare["getKVNamespace"]>>;

/** The Worker, running on this machine. */
export interface RunningWorker {
  readonly url: URL;
  readonly catalog: Namespace;
  /** Ends the runtime; nothing is left behind. */
  stop(): Promise<void>;
}

/** How to run the Worker. */
export interface WorkerOptions {
  /** 0 takes any that is free. */
  readonly port: number;
  /** Where its namespace and its ledgers are kept. */
  readonly state: string;
  /** Settings and secrets. */
  readonly variables: Readonly<Record<string, string>>;
  /** Gets each line which the Worker logs. */
  readonly onLog: (line: string) => void;
}

/** Bundles the Worker as it would be deployed, and runs it on loopback. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  guardRuntime();
  await mkdir(options.state, { recursive: true });
  const { workerOptions } = unstable_getMiniflareWorkerOptions(CONFIG);
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      ...shared(options.state),
      host: "127.0.0.1",
      port: options.port,
      handleStructuredLogs: ({ message }) => options.onLog(message),
      workers: [
        {
          ...workerOptions,
          name: "hresult-comments",
          modules: [{ type: "ESModule", path: "index.js", contents: await bundle() }],
          bindings: { ...options.variables },
        },
      ],
    }),
  );
  const url = await runtime.ready;
  const catalog = await runtime.getKVNamespace("CATALOG");
  return { url, catalog, stop: () => runtime.dispose() };
}

/** Opens the namespace in a state folder, also while a Worker runs on it. */
export async function openNamespace(state: string) {
  guardRuntime();
  await mkdir(state, { recursive: true });
  const { workerOptions } = unstable_getMiniflareWorkerOptions(CONFIG);
  const script = "export default { fetch: () => new Response() }";
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      ...shared(state),
      workers: [{ ...workerOptions, durableObjects: {}, name: "upload", modules: true, script }],
    }),
  );
  const catalog = await runtime.getKVNamespace("CATALOG");
  return { catalog, close: () => runtime.dispose() };
}

function shared(state: string) {
  return {
    resourcePersistencePath: state,
    logRequests: false,
    telemetry: { enabled: false },
  } satisfies Partial<V4MiniflareOptions>;
}

/** The bundle, made by the same command that deploys it. */
export async function bundle(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "hresult-comments-"));
  try {
    await wrangler(["deploy", "--dry-run", "--minify", "--outdir", folder]);
    return await readFile(join(folder, "index.js"), "utf8");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs the project's own wrangler. */
export async function wrangler(args: readonly string[]): Promise<string> {
  const cli = join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js");
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "true" };
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [cli, ...args], {
    cwd: ROOT,
    env,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** Tells Miniflare to start workerd through the guard. Windows has no such thing and needs none. */
function guardRuntime() {
  if (process.platform === "win32" || process.env.GUARDED_WORKERD) return;
  const require = createRequire(createRequire(import.meta.url).resolve("miniflare"));
  process.env.GUARDED_WORKERD = require("workerd").default;
  process.env.MINIFLARE_WORKERD_PATH = join(import.meta.dirname, "workerd-guard.sh");
}
