import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";
import type { Miniflare, V4MiniflareOptions, V4ModuleDefinition, V4WorkerOptions } from "miniflare";
import type { unstable_getMiniflareWorkerOptions } from "wrangler";
import { readLedgerPlacement } from "../../src/env.ts";
import { runWrangler } from "../cloudflare/wrangler.ts";
import { explainPortError, requireFreePort } from "./port.ts";
import { withoutSignalHandlers } from "./process.ts";
import { ROOT } from "./root.ts";

const CONFIG_FILE = join(ROOT, "wrangler.toml");
const WORKER_NAME = "hresult-comments";
const SCREENSHOTS_CONFIG = join(ROOT, "src/screenshots/wrangler.toml");
const SCREENSHOTS_NAME = `${WORKER_NAME}-screenshots`;

/** The KV namespace that holds the catalog. */
export type Namespace = Awaited<ReturnType<Miniflare["getKVNamespace"]>>;

/** A Worker that runs on this machine. */
export interface RunningWorker {
  /** Its address, `http://127.0.0.1:PORT/`. */
  readonly url: URL;
  /** Runs the scheduled handler, as the platform does by the triggers of `wrangler.toml`. */
  runScheduled(schedule: keyof typeof CRONS): Promise<void>;
  /** Ends workerd and waits until it has ended. */
  stop(): Promise<void>;
}

type Variables = Readonly<Record<string, string>>;

export interface WorkerOptions {
  /** A port on 127.0.0.1. 0 stands for any free one. */
  readonly port: number;
  /** The folder that holds the KV namespace and the ledgers. It is created if it is missing. */
  readonly state: string;
  /**
   * The settings and secrets of the Worker. With `SCREENSHOTS=on` the Worker that reads pictures
   * runs beside it.
   */
  readonly variables: Variables;
  /** Called with each line that the Worker logs. */
  readonly onLog: (line: string) => void;
  /** The entry file of another Worker with the same bindings. Default: the project's own. */
  readonly main?: string;
  /** Aborts the start. Pass it if you handle SIGINT and SIGTERM; without it Miniflare does. */
  readonly signal?: AbortSignal;
}

/**
 * Bundles the Worker as `wrangler deploy` does, and runs it on 127.0.0.1.
 *
 * @throws {Error} When another program listens on the port.
 * @example
 * const worker = await startWorker({ port: 0, state: "state", variables, onLog: console.log });
 * await fetch(new URL("/readyz", worker.url));
 * await worker.stop();
 */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  await requireFreePort(options.port, "--port");
  useWorkerdGuard();
  await mkdir(options.state, { recursive: true });
  const hasScreenshots = options.variables.SCREENSHOTS === "on";
  const [script, screenshots] = await Promise.all([
    bundle(options),
    hasScreenshots ? bundleScreenshots(options.signal) : null,
  ]);
  const miniflareOptions = (bindings: Bindings): V4MiniflareOptions => ({
    ...commonOptions(options.state),
    host: "127.0.0.1",
    port: 0,
    unsafeTriggerHandlers: true,
    handleStructuredLogs: ({ message }) => options.onLog(message),
    workers: [
      {
        ...bindings,
        // Only programs on this machine reach the loopback address.
        ratelimits: {},
        // Requests go straight to the Worker: Miniflare's own proxy takes longer than the Worker.
        unsafeDirectSockets: [{ host: "127.0.0.1", port: options.port }],
        name: WORKER_NAME,
        modules: [{ type: "ESModule", path: "index.js", contents: script }],
        bindings: withoutJurisdiction(options.variables),
        ...(screenshots && { serviceBindings: { SCREENSHOTS_READER: SCREENSHOTS_NAME } }),
      },
      ...(screenshots ? [screenshotsWorker(screenshots, bindings)] : []),
    ],
  });
  const runtime = await createMiniflare(miniflareOptions, options.signal);
  try {
    await unlessAborted(runtime.ready, options.signal);
    const url = await runtime.unsafeGetDirectURL();
    const runScheduled = async (schedule: keyof typeof CRONS) => {
      const { ok, status } = await runtime.dispatchFetch(SCHEDULED_URL + CRONS[schedule]);
      if (!ok) throw new Error(`The scheduled handler was answered ${status}.`);
    };
    return { url, runScheduled, stop: () => runtime.dispose() };
  } catch (error) {
    await runtime.dispose().catch(() => {});
    throw explainPortError(error, options.port, "--port");
  }
}

/**
 * The local runtime knows no jurisdictions: its ledgers are on this machine. One that does not exist
 * stays, so that the Worker refuses it here as it does at Cloudflare.
 */
function withoutJurisdiction(variables: Variables): Variables {
  try {
    readLedgerPlacement(variables);
    return { ...variables, LEDGER_JURISDICTION: "" };
  } catch {
    return variables;
  }
}

/**
 * Miniflare's address of the scheduled handler. A direct call of the handler would block Node, for
 * the reason that `withNamespace` gives.
 */
const SCHEDULED_URL = "http://localhost/cdn-cgi/local/scheduled?cron=";

/** The triggers of `wrangler.toml`. */
const CRONS = { minute: "*+*+*+*+*", hour: "17+*+*+*+*" } as const;

/**
 * Opens the KV namespace in a state folder, passes it to `run`, and closes it. A Worker may run on
 * the same folder meanwhile.
 *
 * It starts a workerd of its own, because Miniflare blocks Node while it asks workerd for a
 * namespace. A workerd with a running Worker could then fill its log pipe and wait for Node, which
 * waits for it.
 *
 * @param signal Aborts the start.
 * @returns What `run` returned.
 */
export async function withNamespace<T>(
  state: string,
  run: (catalog: Namespace) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  useWorkerdGuard();
  await mkdir(state, { recursive: true });
  const contents = "export default { fetch: () => new Response() }";
  const modules = [{ type: "ESModule" as const, path: "index.js", contents }];
  const options = (bindings: Bindings): V4MiniflareOptions => ({
    ...commonOptions(state),
    workers: [{ ...bindings, durableObjects: {}, name: "upload", modules }],
  });
  const runtime = await createMiniflare(options, signal);
  try {
    await unlessAborted(runtime.ready, signal);
    return await run(await runtime.getKVNamespace("CATALOG"));
  } finally {
    await runtime.dispose();
  }
}

/** The bindings of `wrangler.toml`, in the form of Miniflare. */
type Bindings = ReturnType<typeof unstable_getMiniflareWorkerOptions>["workerOptions"];

/**
 * Starts Miniflare with options that are made from the bindings of `wrangler.toml`.
 *
 * Both libraries are loaded only here: that takes 0.8 s of CPU, and a wrong command-line option
 * should be reported at once.
 */
async function createMiniflare(
  optionsFor: (bindings: Bindings) => V4MiniflareOptions,
  signal: AbortSignal | undefined,
): Promise<Miniflare> {
  const [miniflare, wrangler] = await Promise.all([import("miniflare"), import("wrangler")]);
  signal?.throwIfAborted();
  // Secrets are left out: they come from the caller, and wrangler would look for them in files.
  const config = { ...wrangler.unstable_readConfig({ config: CONFIG_FILE }), secrets: undefined };
  const { workerOptions } = wrangler.unstable_getMiniflareWorkerOptions(config);
  const options = miniflare.convertV4MiniflareOptions(optionsFor(workerOptions));
  const make = () => new miniflare.Miniflare(options);
  return signal ? withoutSignalHandlers(make) : make();
}

/** Waits for a result. Throws as soon as the signal is aborted. */
async function unlessAborted<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return result;
  // `once` would wait forever for an abort that has already happened.
  signal.throwIfAborted();
  const aborted = once(signal, "abort").then(() => signal.throwIfAborted());
  return Promise.race([result, aborted.then(() => result)]);
}

function commonOptions(state: string) {
  return {
    resourcePersistencePath: state,
    logRequests: false,
    telemetry: { enabled: false },
  } satisfies Partial<V4MiniflareOptions>;
}

type BundleOptions = Partial<Pick<WorkerOptions, "main" | "signal">>;

/**
 * Bundles a Worker with the command that also deploys it.
 *
 * The variable `HRESULT_COMMENTS_BUNDLE` may name a file that already holds the bundle of the
 * project's own Worker: the tests start many Workers and bundle once.
 *
 * @returns The minified JavaScript.
 */
export async function bundle({ main, signal }: BundleOptions = {}): Promise<string> {
  const bundledFile = process.env.HRESULT_COMMENTS_BUNDLE;
  if (bundledFile && main === undefined) return readFile(bundledFile, "utf8");
  const folder = await mkdtemp(join(tmpdir(), "hresult-comments-"));
  try {
    const source = main === undefined ? [] : [main];
    await runWrangler(["deploy", ...source, "--dry-run", "--outdir", folder], signal);
    const name = main === undefined ? "index" : parse(main).name;
    return await readFile(join(folder, `${name}.js`), "utf8");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The Worker that reads pictures, with the compatibility date of the first one. */
function screenshotsWorker(
  modules: V4ModuleDefinition[],
  { compatibilityDate }: Bindings,
): V4WorkerOptions {
  return {
    name: SCREENSHOTS_NAME,
    modules,
    ...(typeof compatibilityDate === "string" && { compatibilityDate }),
  };
}

/**
 * Bundles the Worker that reads pictures: its script, the engine and the model.
 *
 * The variable `HRESULT_COMMENTS_SCREENSHOTS` may name a folder that already holds the bundle.
 */
export async function bundleScreenshots(signal?: AbortSignal): Promise<V4ModuleDefinition[]> {
  const bundled = process.env.HRESULT_COMMENTS_SCREENSHOTS;
  if (bundled) return readModules(bundled);
  const folder = await mkdtemp(join(tmpdir(), "hresult-comments-"));
  try {
    await writeScreenshotsBundle(folder, signal);
    return await readModules(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes that bundle into a folder. */
export async function writeScreenshotsBundle(folder: string, signal?: AbortSignal): Promise<void> {
  const args = ["deploy", "--config", SCREENSHOTS_CONFIG, "--dry-run", "--outdir", folder];
  await runWrangler(args, signal);
}

async function readModules(folder: string): Promise<V4ModuleDefinition[]> {
  const names = (await readdir(folder)).filter((name) => /\.(?:js|wasm|bin)$/.test(name));
  // The script comes first: it is the entry.
  const sorted = names.sort((a, b) => Number(b.endsWith(".js")) - Number(a.endsWith(".js")));
  return Promise.all(
    sorted.map(async (path): Promise<V4ModuleDefinition> => {
      const contents = await readFile(join(folder, path));
      if (path.endsWith(".js")) return { type: "ESModule", path, contents: contents.toString() };
      return { type: path.endsWith(".wasm") ? "CompiledWasm" : "Data", path, contents };
    }),
  );
}

/**
 * Makes Miniflare start workerd through `workerd-guard.sh`, so that workerd ends with this process.
 * On Windows workerd runs as it is.
 */
function useWorkerdGuard() {
  if (process.platform === "win32" || process.env.GUARDED_WORKERD) return;
  const require = createRequire(createRequire(import.meta.url).resolve("miniflare"));
  process.env.GUARDED_WORKERD = require("workerd").default;
  process.env.MINIFLARE_WORKERD_PATH = join(import.meta.dirname, "workerd-guard.sh");
}
