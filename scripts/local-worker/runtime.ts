import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";
import {
  convertV4MiniflareOptions,
  Miniflare,
  type MiniflareOptions,
  type V4MiniflareOptions,
} from "miniflare";
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from "wrangler";
import { wrangler } from "../cloudflare/wrangler.ts";
import { portFailure, refuseTakenPort } from "./port.ts";
import { withoutSignalListeners } from "./program.ts";
import { ROOT } from "./root.ts";

const CONFIG = join(ROOT, "wrangler.toml");
const NAME = "hresult-comments";

/** The namespace that holds the catalog. */
export type Namespace = Awaited<ReturnType<Miniflare["getKVNamespace"]>>;

/** The Worker, running on this machine. */
export interface RunningWorker {
  readonly url: URL;
  /** Runs what the platform runs on a schedule. */
  tick(schedule: keyof typeof CRONS): Promise<void>;
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
  /** Another Worker than the project's own, with the same bindings. */
  readonly main?: string;
  /** Ends the start. Who gives it obeys the signals, which Miniflare would obey at once. */
  readonly signal?: AbortSignal;
}

/**
 * Bundles the Worker as it would be deployed, and runs it on loopback.
 *
 * @throws {Error} When the port is taken.
 */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  await refuseTakenPort(options.port, "--port");
  guardRuntime();
  await mkdir(options.state, { recursive: true });
  const script = await bundle(options);
  const workerOptions = bindings();
  const miniflareOptions = convertV4MiniflareOptions({
    ...shared(options.state),
    host: "127.0.0.1",
    port: 0,
    unsafeTriggerHandlers: true,
    handleStructuredLogs: ({ message }) => options.onLog(message),
    workers: [
      {
        ...workerOptions,
        // Whoever reaches loopback is on this machine already.
        ratelimits: {},
        // Straight to the Worker: the front which Miniflare puts before it takes longer than it.
        unsafeDirectSockets: [{ host: "127.0.0.1", port: options.port }],
        name: NAME,
        modules: [{ type: "ESModule", path: "index.js", contents: script }],
        // The local runtime knows no jurisdictions: its ledgers are on this machine.
        bindings: { ...options.variables, LEDGER_JURISDICTION: "" },
      },
    ],
  });
  const runtime = create(miniflareOptions, options.signal);
  try {
    await unlessAborted(runtime.ready, options.signal);
    const url = await runtime.unsafeGetDirectURL();
    const tick = async (schedule: keyof typeof CRONS) => {
      const { ok, status } = await runtime.dispatchFetch(TICK + CRONS[schedule]);
      if (!ok) throw new Error(`What runs every ${schedule} was answered ${status}.`);
    };
    return { url, tick, stop: () => runtime.dispose() };
  } catch (error) {
    await runtime.dispose().catch(() => {});
    throw portFailure(error, options.port, "--port");
  }
}

/** What the platform's clock does; a call of the handler itself would stop Node, as below. */
const TICK = "http://localhost/cdn-cgi/local/scheduled?cron=";

/** The triggers of `wrangler.toml`. */
const CRONS = { minute: "*+*+*+*+*", hour: "17+*+*+*+*" } as const;

/**
 * Opens the namespace in a state folder, also while a Worker runs on it.
 *
 * In a runtime of its own: Miniflare lets Node stand still while it asks a runtime for a namespace.
 * One that is at work meanwhile and writes more into its log than a pipe holds would wait for Node,
 * and Node for it.
 */
export async function withNamespace<T>(
  state: string,
  run: (catalog: Namespace) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  guardRuntime();
  await mkdir(state, { recursive: true });
  const workerOptions = bindings();
  const contents = "export default { fetch: () => new Response() }";
  const modules = [{ type: "ESModule" as const, path: "index.js", contents }];
  const options = convertV4MiniflareOptions({
    ...shared(state),
    workers: [{ ...workerOptions, durableObjects: {}, name: "upload", modules }],
  });
  const runtime = create(options, signal);
  try {
    await unlessAborted(runtime.ready, signal);
    return await run(await runtime.getKVNamespace("CATALOG"));
  } finally {
    await runtime.dispose();
  }
}

/** What `wrangler.toml` binds. Secrets come from elsewhere, so wrangler need not look for them. */
function bindings() {
  const config = { ...unstable_readConfig({ config: CONFIG }), secrets: undefined };
  return unstable_getMiniflareWorkerOptions(config).workerOptions;
}

function create(options: MiniflareOptions, signal: AbortSignal | undefined) {
  const make = () => new Miniflare(options);
  return signal ? withoutSignalListeners(make) : make();
}

function unlessAborted<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return result;
  const aborted = once(signal, "abort").then(() => signal.throwIfAborted());
  return Promise.race([result, aborted.then(() => result)]);
}

function shared(state: string) {
  return {
    resourcePersistencePath: state,
    logRequests: false,
    telemetry: { enabled: false },
  } satisfies Partial<V4MiniflareOptions>;
}

type BundleOptions = Partial<Pick<WorkerOptions, "main" | "signal">>;

/**
 * The bundle, made by the same command that deploys it.
 *
 * `HRESULT_COMMENTS_BUNDLE` names a file with the project's own Worker, bundled before: the tests start
 * many Workers and bundle once.
 */
export async function bundle({ main, signal }: BundleOptions = {}): Promise<string> {
  const ready = process.env.HRESULT_COMMENTS_BUNDLE;
  if (ready && main === undefined) return readFile(ready, "utf8");
  const folder = await mkdtemp(join(tmpdir(), "hresult-comments-"));
  try {
    const source = main === undefined ? [] : [main];
    await wrangler(["deploy", ...source, "--dry-run", "--outdir", folder], signal);
    const name = main === undefined ? "index" : parse(main).name;
    return await readFile(join(folder, `${name}.js`), "utf8");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Tells Miniflare to start workerd through the guard. Windows has no such thing and needs none. */
function guardRuntime() {
  if (process.platform === "win32" || process.env.GUARDED_WORKERD) return;
  const require = createRequire(createRequire(import.meta.url).resolve("miniflare"));
  process.env.GUARDED_WORKERD = require("workerd").default;
  process.env.MINIFLARE_WORKERD_PATH = join(import.meta.dirname, "workerd-guard.sh");
}
